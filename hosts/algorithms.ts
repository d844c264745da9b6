import type { CipherAlgorithm, KexAlgorithm, MacAlgorithm } from "ssh2";
import { EncryptionError } from "./errors";
import { describeTarget } from "./target";
import type { Target } from "./target";

/**
 * What a connection may be encrypted with, best first: nothing with SHA-1, CBC or groups of 1024 bits. OpenSSH 7.4 of
 * CentOS 7 has most of it, and so has everything since.
 *
 * Counter mode and GCM come before ChaCha20, whose first packets can be cut off unseen on a server that lacks the strict
 * key exchange of 2023.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9142
 * @see https://terrapin-attack.com
 */
export const ALGORITHMS: { kex: KexAlgorithm[]; cipher: CipherAlgorithm[]; hmac: MacAlgorithm[] } =
  {
    kex: [
      "curve25519-sha256",
      "curve25519-sha256@libssh.org",
      "ecdh-sha2-nistp256",
      "ecdh-sha2-nistp384",
      "ecdh-sha2-nistp521",
      "diffie-hellman-group16-sha512",
      "diffie-hellman-group18-sha512",
      "diffie-hellman-group-exchange-sha256",
      "diffie-hellman-group14-sha256",
    ],
    cipher: [
      "aes128-gcm@openssh.com",
      "aes256-gcm@openssh.com",
      "aes128-ctr",
      "aes192-ctr",
      "aes256-ctr",
      "chacha20-poly1305@openssh.com",
    ],
    hmac: [
      "hmac-sha2-256-etm@openssh.com",
      "hmac-sha2-512-etm@openssh.com",
      "hmac-sha2-256",
      "hmac-sha2-512",
    ],
  };

/** ssh2's words for what the two sides have not in common, what it is, and sshd's option for it. */
const KINDS = [
  { words: /key exchange/i, what: "key exchange", option: "KexAlgorithms", list: ALGORITHMS.kex },
  { words: /cipher/i, what: "cipher", option: "Ciphers", list: ALGORITHMS.cipher },
  { words: /MAC/, what: "message authentication", option: "MACs", list: ALGORITHMS.hmac },
] as const;

/** The error for a server that knows no algorithm of these; undefined for any other failure. */
export function encryptionRefused(target: Target, said: string): EncryptionError | undefined {
  if (!/no matching/i.test(said)) return undefined;
  const kind = KINDS.find(({ words }) => words.test(said));
  if (kind === undefined) return undefined;
  return new EncryptionError(
    target.name,
    `${target.name}: sshd of ${describeTarget(target)} offers no ${kind.what} that is safe: got others, such as those ` +
      `with SHA-1; expected one of ${kind.list.join(", ")}. Nothing was sent to it. Allow one of them in ` +
      `/etc/ssh/sshd_config there (${kind.option}), or update OpenSSH`,
  );
}
