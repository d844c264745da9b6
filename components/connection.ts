import * as pulumi from "@pulumi/pulumi";
import type { ClusterHostArgs, JumpArgs, SshArgs } from "./cluster-args";

/** How `@pulumi/command` connects: host key included, secrets marked. */
export interface Connection extends Endpoint {
  /** Machine to go through. @default - none */
  readonly proxy?: Endpoint;
}

/** One machine on the way. */
export interface Endpoint {
  /** IP address or DNS name. */
  readonly host: pulumi.Input<string>;
  /** Public host key; the first where the configuration has alternatives. */
  readonly hostKey: pulumi.Input<string>;
  /** Account to log in to. */
  readonly user: pulumi.Input<string>;
  /** TCP port of the SSH server. */
  readonly port: pulumi.Input<number>;
  /** Private key, PEM or OpenSSH text. A secret. @default - none */
  readonly privateKey?: pulumi.Input<string>;
  /** Passphrase of `privateKey`. A secret. @default - the key has none */
  readonly privateKeyPassword?: pulumi.Input<string>;
  /** Password of the account. A secret. @default - none */
  readonly password?: pulumi.Input<string>;
  /** Path of an ssh-agent's socket. @default - none */
  readonly agentSocketPath?: pulumi.Input<string>;
}

/** The connection to a host; undefined when its address or key is not in the configuration, as in a lab. */
export function connectionOf(
  host: ClusterHostArgs,
  defaults: SshArgs = {},
): Connection | undefined {
  const { address, hostKey } = host;
  if (address === undefined || hostKey === undefined) return undefined;
  const { jump, ...login } = { ...defaults, ...host.ssh };
  return {
    ...endpoint({ ...login, address, hostKey }),
    ...(jump === undefined ? {} : { proxy: endpoint(jump) }),
  };
}

function endpoint(to: JumpArgs): Endpoint {
  const { address, hostKey, user = "root", port = 22, agent } = to;
  return {
    host: address,
    hostKey: firstLine(hostKey),
    user,
    port,
    ...secret("privateKey", to.privateKey),
    ...secret("privateKeyPassword", to.passphrase),
    ...secret("password", to.password),
    ...(agent === undefined ? {} : { agentSocketPath: agent }),
  };
}

function secret(key: string, value: string | undefined): Record<string, pulumi.Output<string>> {
  return value === undefined ? {} : { [key]: pulumi.secret(value) };
}

/** The package takes one key, while a host may have alternatives. */
function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
