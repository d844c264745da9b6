import * as pulumi from "@pulumi/pulumi";
import { decode, parseSettings } from "./settings/parse";
import { render } from "./settings/problem";
import type { Settings } from "./settings/schema";

/**
 * The stack's configuration, checked as a whole. The only place where configuration is read.
 *
 * @throws pulumi.RunError that lists everything wrong with it, before anything is made
 */
export function readSettings(): Settings {
  const parsed = parseSettings(decode(pulumi.runtime.allConfig()));
  if ("problems" in parsed) {
    const file = `Pulumi.${pulumi.getStack()}.yaml`;
    const lines = parsed.problems.map((problem) => `  ${render(problem)}`);
    throw new pulumi.RunError(`${file} cannot be used; nothing was touched.\n${lines.join("\n")}`);
  }
  for (const warning of parsed.warnings) void pulumi.log.warn(warning);
  return parsed.settings;
}
