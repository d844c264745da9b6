import * as pulumi from "@pulumi/pulumi";
import { sparePromiseStacks } from "./promise-stacks";

// Every program has a provider.
sparePromiseStacks();

/** How to log in to a machine. */
export interface Login {
  /** Account to log in to; root, or one that may use sudo. @default "root" */
  readonly user?: pulumi.Input<string>;
  /** TCP port of the SSH server. @default 22 */
  readonly port?: pulumi.Input<number>;
  /** Private key, PEM or OpenSSH text. Kept as a secret. */
  readonly privateKey?: pulumi.Input<string>;
  /** Passphrase of `privateKey`. Kept as a secret. @default - the key has none */
  readonly passphrase?: pulumi.Input<string>;
  /** Path of an ssh-agent's socket. */
  readonly agent?: pulumi.Input<string>;
  /** Password of the account. Kept as a secret. */
  readonly password?: pulumi.Input<string>;
  /** Password that sudo asks for. Kept as a secret. @default - `password` */
  readonly sudoPassword?: pulumi.Input<string>;
}

/** A machine on the way to another one. */
export interface Jump extends Login {
  /** IP address or DNS name. */
  readonly address: pulumi.Input<string>;
  /** Public host key, `ssh-ed25519 AAAA…`. */
  readonly hostKey: pulumi.Input<string>;
}

/** How to log in to every machine that says nothing else. */
export interface SharedLogin extends Login {
  /** Machine to go through. @default - none */
  readonly jump?: Jump;
}

/** How to reach one machine. */
export interface HostConnection extends SharedLogin {
  /** What the machine is in the swarm: calls for "a manager" go to the first manager that answers. */
  readonly role: "manager" | "worker";
  /** IP address or DNS name. */
  readonly address?: pulumi.Input<string>;
  /** Public host key, `ssh-ed25519 AAAA…`; several lines are alternatives. */
  readonly hostKey?: pulumi.Input<string>;
}

/** A registry's account. */
export interface RegistryLogin {
  /** Account at the registry. */
  readonly username: pulumi.Input<string>;
  /** Password or token. Kept as a secret. */
  readonly password: pulumi.Input<string>;
}

/** All machines, and how to log in to them and to registries. */
export interface ProviderArgs {
  /** Log-in of every host that says nothing else. @default {} */
  readonly ssh?: SharedLogin;
  /** Accounts by registry, as images name it; `docker.io` is Docker Hub. @default {} */
  readonly registries?: Readonly<Record<string, RegistryLogin>>;
  /** Every machine by its host name. */
  readonly hosts: Readonly<Record<string, HostConnection>>;
}

const secretKeys = ["privateKey", "passphrase", "password", "sudoPassword"] as const;

/** Knows how to reach every machine. Resources name their host, so a new address or key touches none of them. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    super("swarm", name, { ...guarded(args) }, opts);
  }
}

/** The same arguments with keys and passwords marked as secrets, one by one: the rest stays readable. */
function guarded({ ssh, registries, hosts, ...rest }: ProviderArgs): ProviderArgs {
  const accounts = Object.entries(registries ?? {}).map(([registry, { username, password }]) => [
    registry,
    { username, password: pulumi.secret(password) },
  ]);
  return {
    ...rest,
    ...(registries === undefined
      ? {}
      : { registries: Object.fromEntries(accounts) as Record<string, RegistryLogin> }),
    ...(ssh === undefined ? {} : { ssh: guardedLogin(ssh) }),
    hosts: Object.fromEntries(
      Object.entries(hosts).map(([name, host]) => [name, guardedLogin(host)]),
    ),
  };
}

function guardedLogin<T extends SharedLogin>(login: T): T {
  const secrets = secretKeys.flatMap((key) => {
    const value = login[key];
    return value === undefined ? [] : [[key, pulumi.secret(value)] as const];
  });
  const jump = login.jump === undefined ? {} : { jump: guardedLogin(login.jump) };
  return { ...login, ...Object.fromEntries(secrets), ...jump };
}
