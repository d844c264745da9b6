import { Connection } from "../hosts/connection";
import { messageOf } from "../hosts/errors";
import { fingerprint, isHostKey, keyText, parseHostKeys } from "../hosts/host-key";
import { readHostKey } from "../hosts/host-key-reading";
import type { HostKey } from "../hosts/host-key";
import { isMap, type Loose } from "../settings/loose";
import type { Target } from "../hosts/target";

/** A machine whose host key is asked for, and where the configuration has it. */
export interface Place {
  /** `["hosts", "web-1", "hostKey"]`, `["ssh", "jump", "hostKey"]`. */
  readonly path: readonly string[];
  readonly target: Target;
  /** The configuration has no key for it yet. */
  readonly isNew: boolean;
}

/**
 * What was found: the key that the configuration has (`same`), one where it has none (`new`), another one (`differs`),
 * none at all (`silent`), or nothing was asked, because the way there leads through a machine whose own key is not
 * known (`waits`).
 */
export interface KeyRow {
  readonly path: readonly string[];
  readonly name: string;
  readonly address: string;
  readonly state: "same" | "new" | "differs" | "silent" | "waits";
  /** `ssh-ed25519 AAAA…`. */
  readonly key?: string;
  readonly type?: string;
  /** `SHA256:…`, as `ssh-keygen -l` shows it. */
  readonly fingerprint?: string;
  /** Why there is no key, or which ones were expected. */
  readonly reason?: string;
}

/** Stands for a key that is not known yet: a whole one that nobody can have. */
export const NO_KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from("ssh-ed25519"),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32),
]).toString("base64")}`;

/** Nobody logs in to read a key, unless on a jump host, where this path then says what is missing. */
const NO_AGENT = "/no-login-is-configured";

/**
 * The configuration with something in the place of each host key that is missing or cannot be one, and of a login where
 * there is none at all.
 */
export function withSomeKeys(raw: Loose): Loose {
  const hosts = isMap(raw.hosts) ? raw.hosts : {};
  const given = raw.ssh ?? {};
  const ssh = isMap(given)
    ? { ...(canLogIn(given) ? {} : { agent: NO_AGENT }), ...given }
    : undefined;
  return {
    ...raw,
    ...(ssh === undefined ? {} : { ssh: withJumpKey(ssh) }),
    hosts: Object.fromEntries(
      Object.entries(hosts).map(([name, host]) => [
        name,
        isMap(host)
          ? withKey({ ...host, ...(isMap(host.ssh) ? { ssh: withJumpKey(host.ssh) } : {}) })
          : host,
      ]),
    ),
  };
}

function canLogIn(ssh: Loose): boolean {
  return ["privateKey", "agent", "password"].some((key) => ssh[key] !== undefined);
}

function withJumpKey(ssh: Loose): Loose {
  return isMap(ssh.jump) ? { ...ssh, jump: withKey(ssh.jump) } : ssh;
}

function withKey(machine: Loose): Loose {
  const { hostKey } = machine;
  return typeof hostKey === "string" && isHostKey(hostKey)
    ? machine
    : { ...machine, hostKey: NO_KEY };
}

/** The machines of a configuration that went through `withSomeKeys`, jump hosts first, each once. */
export function placesOf(targets: ReadonlyMap<string, Target>, raw: Loose): Place[] {
  const hosts = isMap(raw.hosts) ? raw.hosts : {};
  const jumps = new Map<string, Place>();
  const machines: Place[] = [];
  for (const [name, target] of [...targets].sort(([a], [b]) => (a < b ? -1 : 1))) {
    machines.push(place(["hosts", name, "hostKey"], target));
    const { jump } = target;
    if (jump === undefined) continue;
    const own = hosts[name];
    const isOwn = isMap(own) && isMap(own.ssh) && isMap(own.ssh.jump);
    const path = [...(isOwn ? ["hosts", name, "ssh"] : ["ssh"]), "jump", "hostKey"];
    jumps.set(path.join("."), place(path, jump));
  }
  return [...jumps.values(), ...machines];
}

function place(path: readonly string[], target: Target): Place {
  return { path, target, isNew: target.hostKey === NO_KEY };
}

/** Asks all of them at once for their keys. One that does not answer is a row like any other. */
export async function readKeys(places: readonly Place[]): Promise<KeyRow[]> {
  const direct = places.filter(({ target }) => target.jump === undefined);
  const behind = places.filter(({ target }) => target.jump !== undefined);
  const jumps = new Map<string, Connection>();
  try {
    const first = await Promise.all(direct.map(async (one) => readOne(one)));
    const second = await Promise.all(
      behind.map(async (one) => {
        const { jump } = one.target;
        if (jump === undefined || jump.hostKey === NO_KEY) return waiting(one);
        const id = JSON.stringify(jump);
        const connection = jumps.get(id) ?? new Connection(jump, undefined);
        jumps.set(id, connection);
        return readOne(one, connection);
      }),
    );
    const rows = [...first, ...second];
    return places.flatMap(({ path }) => rows.find((row) => row.path === path) ?? []);
  } finally {
    await Promise.all([...jumps.values()].map(async (jump) => jump.close()));
  }
}

async function readOne(one: Place, jump?: Connection): Promise<KeyRow> {
  const { path, target, isNew } = one;
  const known = isNew ? [] : parseHostKeys(target.hostKey);
  const row = { path, name: target.name, address: addressOf(target) };
  try {
    const way = jump && (async () => jump.openPort(target.address, target.port ?? 22));
    const key = await readHostKey(target, known, way);
    if (key === undefined)
      return { ...row, state: "differs", reason: `no key of that kind; expected ${spelt(known)}` };
    const found = { ...row, ...shown(key) };
    if (isNew) return { ...found, state: "new" };
    if (known.some(({ blob }) => blob.equals(key.blob))) return { ...found, state: "same" };
    return { ...found, state: "differs", reason: `expected ${spelt(known)}` };
  } catch (error) {
    return { ...row, state: "silent", reason: messageOf(error) };
  }
}

/** Nobody logs in to a machine that could be anybody: not even to go on from there. */
function waiting({ path, target }: Place): KeyRow {
  const { name, jump } = target;
  const reason = `the key of ${jump?.name ?? "the jump host"} comes first: compare it, write it, and run this again`;
  return { path, name, address: addressOf(target), state: "waits", reason };
}

function addressOf({ address, port = 22 }: Target): string {
  return port === 22 ? address : `${address} port ${port}`;
}

function shown(key: HostKey): Pick<KeyRow, "key" | "type" | "fingerprint"> {
  return { type: key.type, key: keyText(key), fingerprint: fingerprint(key.blob) };
}

function spelt(keys: readonly HostKey[]): string {
  return keys.map(({ type, blob }) => `${type} ${fingerprint(blob)}`).join(" or ");
}
