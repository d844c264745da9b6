import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { encryptedPaths } from "./encrypted";
import { decode, parseSettings } from "./parse";
import { render } from "./problem";
import type { Settings } from "./schema";
import { sealed, sealedStacks } from "./sealed";
import { stackFileErrors } from "./stack-files";

/**
 * The stack's configuration, checked as a whole with the stack files that it names. The only place where configuration
 * is read.
 *
 * @param hasLab - whether the program can boot machines; without it `swarm:lab` is refused
 * @throws pulumi.RunError that lists everything wrong with it, before anything is made
 */
export function readConfiguration(hasLab: boolean): Settings {
  const encrypted = encryptedPaths(readStackFile(), secretKeys());
  const raw = decode(pulumi.runtime.allConfig());
  const parsed = parseSettings(raw, encrypted, hasLab);
  const problems = [
    ...("problems" in parsed ? parsed.problems.map(render) : []),
    ...stackFileErrors(raw.stacks, encrypted),
  ];
  if (problems.length > 0 || "problems" in parsed) {
    const file = `Pulumi.${pulumi.getStack()}.yaml`;
    const lines = problems.map((problem) => `\n  ${problem}`);
    throw new pulumi.RunError(`${file} cannot be used; nothing was touched.${lines.join("")}`);
  }
  for (const warning of parsed.warnings) void pulumi.log.warn(warning);
  const { settings } = parsed;
  const { stacks } = settings;
  return {
    ...sealed(settings, encrypted),
    ...(stacks === undefined ? {} : { stacks: sealedStacks(stacks, encrypted) }),
  };
}

/** The text of the stack's file in the project's folder; undefined where the user keeps it elsewhere. */
function readStackFile(): string | undefined {
  const project = pulumi.getRootDirectory();
  // Tests without an engine have none.
  const folder = isAbsolute(project) ? project : process.cwd();
  const file = join(folder, `Pulumi.${pulumi.getStack()}.yaml`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Keys that hold something encrypted, as the language host hands them to the SDK, which keeps them to itself. */
function secretKeys(): string[] {
  const keys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as readonly string[];
  return keys.filter((key) => key.startsWith("swarm:")).map((key) => key.slice("swarm:".length));
}
