import type { Loose } from "./loose";
import { decode, parseSettings } from "./parse";
import { render } from "./problem";
import type { Settings } from "./schema";

/** A stack's configuration as `pulumi config --json --show-secrets` prints it: `{"swarm:hosts": {"value": "…"}}`. */
export type HandedConfiguration = Readonly<
  Record<string, { readonly value?: string; readonly secret?: boolean }>
>;

/** Values of our namespace in a configuration that another program handed over, of whatever shape. */
export function rawOf(values: HandedConfiguration): Loose {
  return decode(
    Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, value ?? ""])),
  );
}

/**
 * The settings in a configuration that another program handed over.
 *
 * @param prepare - fills in what is not known yet
 * @throws Error that lists everything wrong with it
 */
export function parseHanded(
  values: HandedConfiguration,
  stack: string,
  prepare: (raw: Loose) => Loose = (raw) => raw,
): Settings {
  const secretKeys = Object.keys(values).filter((key) => values[key]?.secret === true);
  const encrypted = secretKeys.map((key) => [key.replace(/^swarm:/, "")]);
  const parsed = parseSettings(prepare(rawOf(values)), encrypted);
  if ("settings" in parsed) return parsed.settings;
  const problems = parsed.problems.map((problem) => `  ${render(problem)}`);
  throw new Error([`Pulumi.${stack}.yaml cannot be used:`, ...problems].join("\n"));
}
