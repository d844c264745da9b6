/** Where one machine is and how to log in to it. */
export interface Target {
  /** Name in the configuration; appears in every message. */
  readonly name: string;
  readonly address: string;
  /** @default 22 */
  readonly port?: number;
  /** @default "root" */
  readonly user?: string;
  /** Public host key, `ssh-ed25519 AAAA…`; several lines are alternatives. Anything else stops the connection. */
  readonly hostKey: string;
  /** Private key, PEM or OpenSSH text. */
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
  /** Path of an ssh-agent socket. */
  readonly agent?: string;
  /** Password for sudo, where `user` is not root and sudo asks for one. @default - `password` */
  readonly sudoPassword?: string;
  /** A machine to go through. */
  readonly jump?: Target;
  /** Seconds to wait for a connection. @default 10 */
  readonly connectTimeoutSeconds?: number;
  /** Path of the Docker Engine's socket on the machine. @default "/var/run/docker.sock" */
  readonly engineSocket?: string;
}

/** What says which machine is meant. */
export interface Place {
  readonly address: string;
  readonly port?: number | undefined;
  readonly jump?: Place | undefined;
}

/**
 * Where a machine is reached, to tell two apart: one address may stand for several machines by their ports (address
 * translation), and a private address for another machine behind each jump host.
 */
export function placeOf({ address, port = 22, jump }: Place): string {
  const own = `${address.toLowerCase()} ${port}`;
  return jump === undefined ? own : `${own} behind ${placeOf(jump)}`;
}

/** Login user of a target. */
export function userOf(target: Target): string {
  return target.user ?? "root";
}

/** `web-1 (admin@10.0.0.5:22)`: how a machine is named in messages. */
export function describeTarget(target: Target): string {
  return `${target.name} (${userOf(target)}@${target.address}:${target.port ?? 22})`;
}
