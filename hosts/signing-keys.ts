import type { PublicKey, Subkey } from "openpgp";

/** A file with the public keys of a package repository, read. */
export interface SigningKeys {
  /** Fingerprints of the keys in it, in capital hex digits, sorted. */
  readonly fingerprints: readonly string[];
  /** The keys written anew, and nothing else: no program on a machine can find another key in it than was found here. */
  readonly armored: string;
}

/** More than any repository's file of keys has: Docker's are 4 KiB. */
const LIMIT = 256 * 1024;

/**
 * Reads public keys in OpenPGP's armor. A subkey needs the signature of its key: the rpm of EL 7 takes any that stands
 * beside it.
 *
 * @throws Error when there is no key in the text, or a subkey that its key has not signed
 * @see https://www.rfc-editor.org/rfc/rfc9580#name-key-ids-and-fingerprints
 */
export async function readSigningKeys(text: string): Promise<SigningKeys> {
  if (text.length > LIMIT)
    throw new Error(`got ${text.length} characters; expected a file of public keys`);
  // Loaded when there is a key to read: it is large, and the plugin shall start quickly.
  const { readKeys } = await import("openpgp");
  const found = await readKeys({ armoredKeys: text }).catch(() => []);
  if (found.length === 0)
    throw new Error(`got ${beginningOf(text)}; expected public keys in OpenPGP's armor`);
  const keys = found.map((key) => key.toPublic()).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  for (const key of keys) {
    for (const subkey of key.getSubkeys()) {
      if (!(await isSigned(subkey)))
        throw new Error(`got key ${nameOf(key)} with a subkey that it has not signed`);
    }
  }
  return {
    fingerprints: keys.map(nameOf),
    armored: keys
      .map((key) => key.armor())
      .join("\n")
      .replaceAll("\r\n", "\n"),
  };
}

function nameOf(key: PublicKey): string {
  return key.getFingerprint().toUpperCase();
}

/** Asked for the moment of the newest signature: one that has expired since is still its key's. */
async function isSigned(subkey: Subkey): Promise<boolean> {
  const moments = subkey.bindingSignatures.map(({ created }) => created?.getTime() ?? 0);
  try {
    await subkey.verify(new Date(Math.max(...moments)));
    return true;
  } catch {
    return false;
  }
}

function beginningOf(text: string): string {
  const line = text.trimStart().split("\n", 1)[0] ?? "";
  return line === "" ? "nothing" : JSON.stringify(line.slice(0, 60));
}
