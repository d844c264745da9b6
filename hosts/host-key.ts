import { createHash } from "node:crypto";
import { HostKeyError } from "./errors";
import type { Target } from "./target";

/** One public host key. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, … */
  readonly type: string;
  /** The key as it goes over the wire. */
  readonly blob: Buffer;
}

/** A key as configurations have it: `ssh-ed25519 AAAA…`. */
export function keyText({ type, blob }: HostKey): string {
  return `${type} ${blob.toString("base64")}`;
}

/** Signature algorithms by key type: an RSA key signs in several ways. */
const ALGORITHMS = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
} as const;

type KeyType = keyof typeof ALGORITHMS;

/** Names of the signature algorithms that a pinned key can be used with. */
export type HostKeyAlgorithm = (typeof ALGORITHMS)[KeyType][number];

function isKeyType(word: string): word is KeyType {
  return Object.hasOwn(ALGORITHMS, word);
}

/** `SHA256:…` as `ssh-keygen -l` shows it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** The type written inside a key blob. */
function keyTypeOf(blob: Buffer): string {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return blob.subarray(4, 4 + length).toString("latin1");
}

/**
 * A key that was cut off while it was copied lacks one of its parts, or the end of one: name and point (RFC 8709), name,
 * curve and point (RFC 5656), name, exponent and modulus (RFC 4253, 6.6).
 */
function isWhole(type: KeyType, blob: Buffer): boolean {
  let at = 0;
  let parts = 0;
  while (at + 4 <= blob.length) {
    at += 4 + blob.readUInt32BE(at);
    parts += 1;
  }
  return at === blob.length && parts === (type === "ssh-ed25519" ? 2 : 3);
}

/**
 * Whether a configuration may have this as a host's keys: each line a public key of a kind that SSH servers are known
 * by here, whole, and with nothing before it. The kinds of security keys (`sk-…`) belong to users, not to hosts.
 */
export function isHostKey(text: string): boolean {
  const lines = text.split("\n").map((line) => line.trim());
  const given = lines.filter((line) => line !== "");
  try {
    // Throws for what is none.
    parseHostKeys(text);
  } catch {
    return false;
  }
  return given.every((line) => isKeyType(line.split(/\s+/)[0] ?? ""));
}

/**
 * Reads `ssh-ed25519 AAAA… comment`, one key a line; lines of `ssh-keyscan` (host first) and comments are understood.
 *
 * @throws Error saying what is wrong with which line
 */
export function parseHostKeys(text: string): HostKey[] {
  const lines = text.split("\n").map((line) => line.trim());
  const keys = lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): HostKey => {
      const words = line.split(/\s+/);
      const type = words.find(isKeyType);
      if (type === undefined) {
        throw new Error(
          `got "${shorten(line)}"; expected a public host key such as "ssh-ed25519 AAAA…" ` +
            `(types: ${Object.keys(ALGORITHMS).join(", ")})`,
        );
      }
      const blob = Buffer.from(words[words.indexOf(type) + 1] ?? "", "base64");
      if (keyTypeOf(blob) !== type || !isWhole(type, blob)) {
        throw new Error(
          `got "${shorten(line)}"; the part after ${type} is not a whole key of that type`,
        );
      }
      return { type, blob };
    });
  if (keys.length === 0) throw new Error("got nothing; expected a public host key");
  return keys;
}

/** The algorithms that make a server show a key of a pinned type. */
export function algorithmsFor(keys: readonly HostKey[]): HostKeyAlgorithm[] {
  return keys.flatMap((key) => (isKeyType(key.type) ? [...ALGORITHMS[key.type]] : []));
}

/** The error for a machine that showed `seen`, or (undefined) has no key of a pinned type. */
export function hostKeyMismatch(
  target: Target,
  pinned: readonly HostKey[],
  seen: Buffer | undefined,
): HostKeyError {
  const expected = pinned.map((key) => `${key.type} ${fingerprint(key.blob)}`).join(" or ");
  const found =
    seen === undefined ? "no key of that type" : `${keyTypeOf(seen)} ${fingerprint(seen)}`;
  const type = pinned[0]?.type.replace(/^ssh-|-sha2-nistp\d+$/g, "") ?? "ed25519";
  const port = target.port === undefined || target.port === 22 ? "" : `-p ${target.port} `;
  return new HostKeyError(
    target.name,
    `${target.name}: the machine at ${target.address} showed ${found}; expected ${expected}. ` +
      `Nothing was sent to it. Check that it is the right machine; if it was rebuilt, put its new key ` +
      `(ssh-keyscan ${port}-t ${type} ${target.address}) into hosts.${target.name}.hostKey`,
  );
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
