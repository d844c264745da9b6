import type { z } from "zod";
import { componentChecks } from "../components/catalogue-args";
import type { ClusterArgs } from "../components/cluster-args";
import { encryptedTexts, exposedProblems, type EncryptedPath } from "./encrypted";
import { problemsOf, type Problem } from "./problem";
import { advisories, crossFieldProblems } from "./rules";
import { clusterSchema, settingsSchema, type Settings } from "./schema";

/** A configuration that can be worked with, or all that is wrong with it. */
export type Parsed<Args = Settings> =
  | { readonly settings: Args; readonly warnings: readonly string[] }
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
  return parsed(settingsSchema, raw, encrypted, hasLab);
}

/**
 * Checks the arguments of a cluster that a program in another language gives. Pure.
 *
 * @param raw as the program has them
 * @param encrypted what is secret in there
 */
export function parseCluster(
  raw: Readonly<Record<string, unknown>>,
  encrypted: readonly EncryptedPath[],
): Parsed<z.output<typeof clusterSchema>> {
  return parsed(clusterSchema, raw, encrypted, false);
}

function parsed<Args extends ClusterArgs>(
  schema: z.ZodType<Args>,
  raw: Readonly<Record<string, unknown>>,
  encrypted: readonly EncryptedPath[],
  hasLab: boolean,
): Parsed<Args> {
  const texts = encryptedTexts(raw, encrypted).map((text) => JSON.stringify(text));
  const problems = [
    ...problemsOf(schema, raw),
    ...crossFieldProblems(raw, componentChecks, hasLab),
    ...exposedProblems(encrypted),
  ]
    .map(({ path, reason }) => ({ path, reason: texts.reduce(withoutText, reason) }))
    .sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
  if (problems.length > 0) return { problems };
  const settings = schema.parse(raw);
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
