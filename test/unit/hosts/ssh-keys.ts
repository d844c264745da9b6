import { generateKeyPairSync } from "node:crypto";
import { utils } from "ssh2";

/** A pair of SSH keys for a server or a user of a test. */
export interface SshKeys {
  /** `ecdsa-sha2-nistp256 AAAA…`, without a comment. */
  readonly publicKey: string;
  /** As PEM, without a passphrase. */
  readonly privateKey: string;
}

/**
 * Makes a pair of keys. With Node's own generator: of the ed25519 keys that ssh2 makes, ssh2 itself cannot read about
 * one in 250 (`Malformed OpenSSH private key`).
 */
export function makeSshKeys(): SshKeys {
  const { privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return { publicKey: `${key.type} ${key.getPublicSSH().toString("base64")}`, privateKey };
}
