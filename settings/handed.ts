import { decode, parseSettings } from "./parse";
import { render } from "./problem";
import type { Settings } from "./schema";

/** A stack's configuration as `pulumi config --json --show-secrets` prints it: `{"swarm:hosts": {"value": "…"}}`. */
export type HandedConfiguration = Readonly<
  Record<string, { readonly value?: string; readonly secret?: boolean }>
>;

/**
 * The settings in a configuration that another program handed over.
 *
 * @throws Error that lists everything wrong with it
 */
export function parseHanded(values: HandedConfiguration, stack: string): Settings {
  const flat = Object.fromEntries(
    Object.entries(values).map(([key, { value }]) => [key, value ?? ""]),
  );
  const secretKeys = Object.keys(values).filter((key) => values[key]?.secret === true);
  const encrypted = secretKeys.map((key) => [key.replace(/^swarm:/, "")]);
  const parsed = parseSettings(decode(flat), encrypted);
  if ("settings" in parsed) return parsed.settings;
  const problems = parsed.problems.map((problem) => `  ${render(problem)}`);
  throw new Error([`Pulumi.${stack}.yaml cannot be used:`, ...problems].join("\n"));
}
