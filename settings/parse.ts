import { componentChecks } from "../components/catalogue-args";
import { encryptedTexts, exposedProblems, type EncryptedPath } from "./encrypted";
import { problemsOf, type Problem } from "./problem";
import { advisories, crossFieldProblems } from "./rules";
import { settingsSchema, type Settings } from "./schema";

/** A configuration that can be worked with, or all that is wrong with it. */
export type Parsed =
  | { readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly problems: readonly Problem[] };

/**
 * Checks the whole `swarm:` configuration. Pure.
 *
 * @param raw values by key without the namespace, decoded: `{ lab: { memory: "1536MiB" }, hosts: … }`
 * @param encrypted what the user encrypted: no message quotes it, and nothing may keep it in clear
 * @param hasLab whether there is a lab to boot machines in
 */
export function parseSettings(
  raw: Readonly<Record<string, unknown>>,
  encrypted: readonly EncryptedPath[] = [],
  hasLab = true,
): Parsed {
  const texts = encryptedTexts(raw, encrypted).map((text) => JSON.stringify(text));
  const problems = [
    ...problemsOf(settingsSchema, raw),
    ...crossFieldProblems(raw, componentChecks, hasLab),
    ...exposedProblems(encrypted),
  ]
    .map(({ path, reason }) => ({ path, reason: texts.reduce(withoutText, reason) }))
    .sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
  if (problems.length > 0) return { problems };
  const settings = settingsSchema.parse(raw);
  return { settings, warnings: advisories(settings.hosts) };
}

function withoutText(reason: string, text: string): string {
  return reason.replaceAll(text, "a value that is not shown");
}

const prefix = "swarm:";

/**
 * Values of our namespace out of Pulumi's flat map, decoded: everything that is not plain text arrives as JSON.
 *
 * @param configuration `{ "swarm:hosts": "{…}" }`, as Pulumi hands it to a program
 */
export function decode(configuration: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configuration)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), decodeValue(value)]),
  );
}

function decodeValue(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value; // plain text is not JSON
  }
}
