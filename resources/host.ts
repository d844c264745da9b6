import * as pulumi from "@pulumi/pulumi";

/** Docker on a machine. */
export interface HostEngine {
  /** Version of docker-ce, `26.1.5`. @default - the newest in the repository, then kept */
  readonly version?: pulumi.Input<string>;
  /** URL of the package repository. @default - Docker's own */
  readonly repository?: pulumi.Input<string>;
  /** URLs asked first for images of Docker Hub. @default [] */
  readonly registryMirrors?: pulumi.Input<pulumi.Input<string>[]>;
  /** Registries spoken to without TLS. @default [] */
  readonly insecureRegistries?: pulumi.Input<pulumi.Input<string>[]>;
  /** Labels of the engine (`engine.labels.…` in constraints). @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Any further key of daemon.json.
   * @default {}
   * @see https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
   */
  readonly daemon?: pulumi.Input<Record<string, unknown>>;
}

export interface HostArgs {
  /** Name of the machine in the provider's configuration. */
  readonly host: pulumi.Input<string>;
  /** Host name the machine is given. @default - `host` */
  readonly hostname?: pulumi.Input<string>;
  /** Host names and IP addresses of all nodes, for /etc/hosts. */
  readonly addresses: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** @default {} */
  readonly engine?: HostEngine;
}

/** What a machine says of itself. */
export interface HostFacts {
  /** `CentOS Stream 9`. */
  readonly os: string;
  readonly kernel: string;
  readonly engineVersion: string;
  /** `x86_64`. */
  readonly architecture: string;
}

/** A machine made ready for the swarm: name, hosts, kernel modules, firewall and the Docker Engine. */
export class Host extends pulumi.CustomResource {
  declare readonly host: pulumi.Output<string>;
  declare readonly facts: pulumi.Output<HostFacts>;

  constructor(name: string, args: HostArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Host", name, { ...args, facts: undefined }, opts);
  }
}
