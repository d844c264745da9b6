import type { Path, Position } from "./finding";

/**
 * Stack files as Docker has read them: variables filled in, merged, checked, every short form in its long form, every
 * size in bytes, every duration in nanoseconds. What a file leaves out is absent here, never a default: Docker's
 * defaults are the converter's and the engine's.
 */
export interface StackModel {
  /** Top-level `name`, which only newer files have. */
  readonly name?: string;
  readonly services: Readonly<Record<string, ServiceModel>>;
  readonly networks: Readonly<Record<string, NetworkModel>>;
  readonly volumes: Readonly<Record<string, VolumeModel>>;
  readonly secrets: Readonly<Record<string, PayloadModel>>;
  readonly configs: Readonly<Record<string, PayloadModel>>;
  /** Where a value of the merged files is written: of the path itself, else of the nearest part above it. */
  at(path: Path): Position | undefined;
}

type Texts = Readonly<Record<string, string>>;

export interface ServiceModel {
  /** As the file says it. */
  readonly image: string;
  /** Docker's Command. */
  readonly entrypoint?: readonly string[];
  /** Docker's Args. */
  readonly command?: readonly string[];
  /** After env files and the caller's environment. null: the name alone, which takes the image's variable away. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Labels of the containers. */
  readonly labels: Texts;
  readonly hostname?: string;
  readonly user?: string;
  readonly workingDir?: string;
  readonly tty?: boolean;
  readonly stdinOpen?: boolean;
  readonly readOnly?: boolean;
  readonly init?: boolean;
  readonly stopSignal?: string;
  readonly stopGracePeriod?: number;
  readonly isolation?: string;
  readonly groupAdd?: readonly string[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  /** `address name`, as the engine keeps them. */
  readonly extraHosts: readonly string[];
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly sysctls: Texts;
  readonly ulimits: readonly UlimitModel[];
  readonly logging?: { readonly driver?: string; readonly options: Texts };
  readonly healthcheck?: HealthcheckModel;
  readonly credentialSpec?: {
    readonly config?: string;
    readonly file?: string;
    readonly registry?: string;
  };
  /** By key of `networks`. Empty: the network `default`. */
  readonly networks: Readonly<Record<string, AttachmentModel>>;
  readonly ports: readonly PortModel[];
  readonly mounts: readonly MountModel[];
  readonly secrets: readonly FileModel[];
  readonly configs: readonly FileModel[];
  /** Service → `service_started`, `service_healthy` or `service_completed_successfully`. */
  readonly dependsOn: Readonly<Record<string, string>>;
  /** `no`, `always`, `unless-stopped`, `on-failure`, `on-failure:3`. */
  readonly restart?: string;
  readonly deploy: DeployModel;
}

export interface UlimitModel {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export interface HealthcheckModel {
  readonly disable?: boolean;
  /** With its first word `CMD`, `CMD-SHELL` or `NONE`, or as the file's list says it. */
  readonly test?: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly startInterval?: number;
  readonly retries?: number;
}

export interface AttachmentModel {
  readonly aliases: readonly string[];
  readonly driverOpts: Texts;
}

export interface PortModel {
  readonly target: number;
  readonly published?: number;
  readonly protocol?: string;
  readonly mode?: string;
}

export interface MountModel {
  readonly type: string;
  /** Key of `volumes`, path on the node (already absolute), or absent. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly?: boolean;
  readonly consistency?: string;
  readonly bindPropagation?: string;
  readonly bindNonRecursive?: boolean;
  readonly bindCreateMountpoint?: boolean;
  readonly volumeNoCopy?: boolean;
  readonly volumeSubpath?: string;
  /** Bytes. */
  readonly tmpfsSize?: number;
  readonly tmpfsMode?: number;
  readonly imageSubpath?: string;
}

export interface FileModel {
  /** Key of `secrets` or `configs`. */
  readonly source: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mode?: number;
}

export interface DeployModel {
  readonly mode?: string;
  readonly replicas?: number;
  readonly endpointMode?: string;
  /** Labels of the service. */
  readonly labels: Texts;
  readonly updateConfig?: PolicyModel;
  readonly rollbackConfig?: PolicyModel;
  readonly limits?: {
    readonly nanoCpus?: number;
    readonly memory?: number;
    readonly pids?: number;
  };
  readonly reservations?: {
    readonly nanoCpus?: number;
    readonly memory?: number;
    readonly genericResources: readonly { readonly kind: string; readonly value: number }[];
  };
  readonly restartPolicy?: {
    readonly condition?: string;
    readonly delay?: number;
    readonly maxAttempts?: number;
    readonly window?: number;
  };
  readonly placement?: {
    readonly constraints: readonly string[];
    /** What to spread over. */
    readonly preferences: readonly string[];
    readonly maxReplicasPerNode?: number;
  };
}

export interface PolicyModel {
  readonly parallelism?: number;
  readonly delay?: number;
  readonly failureAction?: string;
  readonly monitor?: number;
  readonly maxFailureRatio?: number;
  readonly order?: string;
}

/** What lies outside of the stack carries its name in Docker and nothing else. */
export interface External {
  readonly external: { readonly name: string };
}

export type NetworkModel =
  | External
  | {
      readonly name?: string;
      readonly driver?: string;
      readonly driverOpts: Texts;
      readonly attachable?: boolean;
      readonly internal?: boolean;
      readonly enableIpv6?: boolean;
      readonly labels: Texts;
      readonly ipam?: {
        readonly driver?: string;
        readonly options: Texts;
        readonly config: readonly {
          readonly subnet?: string;
          readonly gateway?: string;
          readonly ipRange?: string;
          readonly auxAddresses?: Texts;
        }[];
      };
    };

export type VolumeModel =
  | External
  | {
      readonly name?: string;
      readonly driver?: string;
      readonly driverOpts: Texts;
      readonly labels: Texts;
    };

/** A secret or a config. */
export type PayloadModel =
  | External
  | {
      readonly name?: string;
      /** What is in it; absent where a `driver` brings the value. */
      readonly content?: Buffer;
      readonly driver?: string;
      readonly driverOpts: Texts;
      readonly labels: Texts;
      readonly templateDriver?: string;
    };
