import { createInterface } from "node:readline/promises";
import { messageOf } from "../hosts/errors";
import { fingerprint, type HostKey, keyText } from "../hosts/host-key";
import { readHostKey } from "../hosts/host-key-reading";
import { printableLine } from "../hosts/printable";
import type { Login } from "./options";

/** A machine whose key is to be checked. */
export interface Asked {
  readonly name: string;
  readonly address: string;
}

/** The key that a machine showed and somebody has vouched for, or why there is none. */
export type Checked = { readonly hostKey: string } | { readonly reason: string };

interface Shown extends Asked {
  readonly key: HostKey | undefined;
  readonly reason: string;
}

/**
 * Reads the keys of machines, and has those that the command line does not know confirmed. Nothing is said to a machine
 * before.
 *
 * @returns by name
 */
export async function checkKeys(
  machines: readonly Asked[],
  login: Login,
  say: (line: string) => void,
): Promise<ReadonlyMap<string, Checked>> {
  const shown = await Promise.all(machines.map(async (one) => keyOf(one, login)));
  const open = shown.filter(({ key }) => key !== undefined && !isGiven(key, login));
  const isConfirmed = open.length > 0 && (await confirm(open, say));
  return new Map(
    shown.map((one): [string, Checked] => {
      const { key, name, reason } = one;
      if (key === undefined) return [name, { reason }];
      const hostKey = keyText(key);
      if (isGiven(key, login) || isConfirmed) return [name, { hostKey }];
      return [name, { reason: unconfirmed(one.address, key) }];
    }),
  );
}

async function keyOf(asked: Asked, login: Login): Promise<Shown> {
  const place = { ...asked, ...(login.port === undefined ? {} : { port: login.port }) };
  try {
    // A machine that has a key of the given kinds shows that one.
    const key = (await readHostKey(place, login.hostKeys)) ?? (await readHostKey(place, []));
    return { ...asked, key, reason: `${asked.name}: it has no host key that is known here` };
  } catch (error) {
    return { ...asked, key: undefined, reason: messageOf(error) };
  }
}

function isGiven({ blob }: HostKey, { fingerprints, hostKeys }: Login): boolean {
  return (
    hostKeys.some((known) => known.blob.equals(blob)) || fingerprints.includes(fingerprint(blob))
  );
}

function unconfirmed(address: string, key: HostKey): string {
  return (
    `${address}: nobody has confirmed its host key ${key.type} ${fingerprint(key.blob)}; expected one of --host-key, or an answer at a terminal. ` +
    `Compare it on the machine's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then give it: --host-key ${fingerprint(key.blob)}`
  );
}

async function confirm(open: readonly Shown[], say: (line: string) => void): Promise<boolean> {
  for (const { name, address, key } of open)
    if (key !== undefined)
      say(`  ${printableLine(name)}  ${address}  ${key.type}  ${fingerprint(key.blob)}`);
  if (!process.stdin.isTTY) return false;
  say("Compare each with what the machine itself says, on its console or the provider's page:");
  say("  ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const whose = open.length === 1 ? "its key" : "their keys";
    return (await lines.question(`Type "yes" if this is ${whose}: `)).trim() === "yes";
  } finally {
    lines.close();
  }
}
