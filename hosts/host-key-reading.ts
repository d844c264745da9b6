import type { Duplex } from "node:stream";
import { Client } from "ssh2";
import { ALGORITHMS } from "./algorithms";
import { HostUnreachableError, messageOf } from "./errors";
import { algorithmsFor, keyText, parseHostKeys } from "./host-key";
import type { HostKey, HostKeyAlgorithm } from "./host-key";

/** Where a host key is to be read. */
interface Place {
  /** For messages. */
  readonly name: string;
  readonly address: string;
  /** @default 22 */
  readonly port?: number;
}

/** Which key a server shall show where it has several: the one that people compare, too. */
const PREFERRED: readonly HostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

const SECONDS = 10;

/**
 * The host key that a server shows. Nothing is said to it but the handshake: no name of an account, no key, no password.
 *
 * @param known - keys that it should have: it is asked for one of their kinds
 * @param through - opens the way there, where it is not a direct one
 * @returns undefined when it has no key of these kinds
 * @throws HostUnreachableError
 */
export async function readHostKey(
  place: Place,
  known: readonly HostKey[],
  through?: () => Promise<Duplex>,
): Promise<HostKey | undefined> {
  const { address, name, port = 22 } = place;
  const sock = await through?.();
  const client = new Client();
  let seen: Buffer | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      client.on("error", reject);
      client.on("close", resolve);
      client.connect({
        ...(sock === undefined ? { host: address, port } : { sock }),
        username: "nobody",
        readyTimeout: SECONDS * 1000,
        algorithms: {
          ...ALGORITHMS,
          serverHostKey: known.length === 0 ? [...PREFERRED] : algorithmsFor(known),
        },
        hostVerifier: (key: Buffer) => {
          seen = Buffer.from(key);
          // This is all that was wanted.
          return false;
        },
      });
    });
  } catch (error) {
    if (seen === undefined && !/no matching host key/i.test(messageOf(error)))
      throw unreachable(name, `${address}:${port}`, messageOf(error));
    if (seen === undefined) return undefined;
  } finally {
    client.destroy();
    sock?.destroy();
  }
  if (seen === undefined) throw unreachable(name, `${address}:${port}`, "it closed the connection");
  return parsed(name, seen);
}

function unreachable(name: string, where: string, reason: string): HostUnreachableError {
  return new HostUnreachableError(
    name,
    `${name}: no host key from ${where}: ${reason}. Check the address, and that sshd runs there`,
  );
}

/** What it showed is a stranger's word: only a key that can be written down is one. */
function parsed(name: string, blob: Buffer): HostKey | undefined {
  const length = blob.length >= 4 ? Math.min(blob.readUInt32BE(0), 64) : 0;
  const type = blob.subarray(4, 4 + length).toString("latin1");
  try {
    return parseHostKeys(keyText({ type, blob }))[0];
  } catch (error) {
    throw new HostUnreachableError(name, `${name}: it showed no host key: ${messageOf(error)}`);
  }
}
