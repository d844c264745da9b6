import { parse } from "yaml";
import { pathOf } from "../words/path";
import type { Problem } from "./problem";

/** Path in the `swarm:` configuration, without the namespace: `["engine", "daemon", "proxies"]`. */
export type EncryptedPath = readonly string[];

/** Where an encrypted value stays encrypted to the end: `*` is one word, what lies below is included. */
const kept: readonly (readonly string[])[] = [
  ...["privateKey", "passphrase", "password", "sudoPassword"].flatMap((key) => [
    ["ssh", key],
    ["ssh", "jump", key],
    ["hosts", "*", "ssh", key],
    ["hosts", "*", "ssh", "jump", key],
  ]),
  ["registries", "*", "password"],
  ["settings", "caKey"],
  ["settings", "externalCas", "*", "options"],
  ["engine", "daemon"],
  ["hosts", "*", "engine", "daemon"],
  ["stacks", "*", "secrets"],
  ["stacks", "*", "configs"],
];

/**
 * Where a stack's configuration file has encrypted values (`secure: …`), sorted. Of a key that Pulumi calls secret and
 * that the file does not show as such, because another file was given, all counts as encrypted.
 *
 * @param file - text of `Pulumi.<stack>.yaml`; undefined where there is none
 * @param secretKeys - keys without the namespace that hold something encrypted, as Pulumi says
 */
export function encryptedPaths(
  file: string | undefined,
  secretKeys: readonly string[],
): EncryptedPath[] {
  const content = (file === undefined ? {} : (parse(file) ?? {})) as { readonly config?: unknown };
  const found = pathsIn(content.config).flatMap(([top = "", ...rest]) =>
    top.startsWith("swarm:") ? [[top.slice("swarm:".length), ...rest]] : [],
  );
  const shown = found.filter(([top = ""]) => secretKeys.includes(top));
  const others = secretKeys.filter((key) => !shown.some(([top]) => top === key));
  return [...shown, ...others.map((key) => [key])].sort((a, b) =>
    a.join("\0") < b.join("\0") ? -1 : 1,
  );
}

function pathsIn(value: unknown, above: EncryptedPath = []): EncryptedPath[] {
  if (typeof value !== "object" || value === null) return [];
  if (Object.keys(value).length === 1 && "secure" in value) return [above];
  return Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...above, key]));
}

/**
 * Encrypted values that would be kept in clear, by Docker or in Pulumi's state, because what they are for cannot be
 * secret. What is encrypted as a whole is not looked into.
 */
export function exposedProblems(encrypted: readonly EncryptedPath[]): Problem[] {
  return encrypted
    .filter((path) => path.length > 1 && !kept.some((pattern) => fits(pattern, path)))
    .map((path) => ({
      path: pathOf(path),
      reason:
        "got an encrypted value; expected one in clear, because Docker and the state of the stack keep it so. " +
        "Remove the encryption, or hand the value to a service as a secret.",
    }));
}

function fits(pattern: readonly string[], path: EncryptedPath): boolean {
  return (
    path.length >= pattern.length && pattern.every((word, at) => word === "*" || word === path[at])
  );
}

/** Whether something at or below a path is encrypted, or all above it. */
export function isEncrypted(encrypted: readonly EncryptedPath[], at: readonly string[]): boolean {
  return encrypted.some((path) => {
    const length = Math.min(path.length, at.length);
    return path.slice(0, length).every((word, index) => word === at[index] || at[index] === "*");
  });
}

/** Every text at or below the encrypted paths, for cleaning messages. */
export function encryptedTexts(
  raw: Readonly<Record<string, unknown>>,
  encrypted: readonly EncryptedPath[],
): string[] {
  return encrypted.flatMap((path) => {
    const value = path.reduce<unknown>(
      (here, key) => (here as Record<string, unknown> | undefined)?.[key],
      raw,
    );
    return textsIn(value);
  });
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
