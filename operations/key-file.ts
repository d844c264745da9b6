import { createPrivateKey } from "node:crypto";
import nacl from "tweetnacl";

/** Headers of a manager's key file that are encrypted with the unlock key: what the raft log is encrypted with. */
const SEALED = ["raft-dek", "raft-dek-pending"];

/**
 * A manager's key file (`certificates/swarm-node.key`) as it is without autolock.
 *
 * Docker can make a manager the only one of its swarm (`--force-new-cluster`) only while it runs, and a locked one that
 * finds no others runs only once they are there: it waits for them inside the unlock. So the lock is taken off the file
 * while the engine is stopped. The swarm still says that it is locked by this key, and the manager locks the file again as
 * soon as it leads.
 *
 * @param unlockKey - `SWMKEY-1-…`
 * @returns the text as it is where it is not locked
 * @throws Error when the key does not fit
 * @see https://github.com/moby/swarmkit/blob/master/ca/keyreadwriter.go
 */
export function unlockedKeyFile(text: string, unlockKey: string): string {
  const match = /-----BEGIN ENCRYPTED PRIVATE KEY-----\n([^]*?)\n\n([^]*?)-----END/.exec(text);
  if (match === null) return text;
  const [, headers = "", body = ""] = match;
  const key = Buffer.from(unlockKey.replace(/^SWMKEY-1-/, ""), "base64");
  // First of all: whether the key fits at all.
  const secret = decrypted(Buffer.from(body, "base64"), key).toString("base64");
  const lines = headers.split("\n").flatMap((line) => {
    const [name = "", value = ""] = line.split(/: */);
    // Without its version the manager takes the swarm's key for a newer one, and locks the file with it.
    if (name === "kek-version") return [];
    return SEALED.includes(name) ? [`${name}: ${unsealed(value, key)}`] : [line];
  });
  const wrapped = secret.replace(/.{64}(?=.)/g, "$&\n");
  return [
    "-----BEGIN PRIVATE KEY-----",
    ...lines,
    ...(lines.length === 0 ? [] : [""]),
    wrapped,
    "-----END PRIVATE KEY-----",
    "",
  ].join("\n");
}

function decrypted(der: Buffer, passphrase: Buffer): Buffer {
  try {
    return createPrivateKey({ key: der, format: "der", type: "pkcs8", passphrase }).export({
      format: "der",
      type: "pkcs8",
    });
  } catch (error) {
    throw new Error(
      "the unlock key does not open the manager's state; expected the key of the time that the state is from. " +
        "Nothing was changed.",
      { cause: error },
    );
  }
}

/**
 * A record of swarmkit's: field 1 says how it is encrypted (1: NaCl's secretbox), 2 is the data, 3 the nonce. The same
 * without encryption has the data alone.
 */
function unsealed(base64: string, key: Buffer): string {
  const fields = fieldsOf(Buffer.from(base64, "base64"));
  const [box, nonce] = [fields.get(2), fields.get(3)];
  const isWhole = nonce?.length === nacl.secretbox.nonceLength;
  const data = isWhole && box !== undefined && nacl.secretbox.open(box, nonce, key);
  if (!(data instanceof Uint8Array))
    throw new Error(
      "the key of the manager's log cannot be opened; expected it to be encrypted by NaCl's secretbox with the unlock " +
        "key. Engines in FIPS mode encrypt it otherwise: take autolock off before a backup there.",
    );
  return Buffer.concat([Buffer.from([0x12, data.length]), data]).toString("base64");
}

/** The byte fields of a short protobuf message; numbers are passed over. */
function fieldsOf(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, next = 0] = bytes.subarray(at, at + 2);
    const isBytes = (tag & 7) === 2;
    if (isBytes) found.set(tag >> 3, bytes.subarray(at + 2, at + 2 + next));
    at += isBytes ? 2 + next : 2;
  }
  return found;
}
