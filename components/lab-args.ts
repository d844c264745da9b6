import type { ProviderArgs } from "../resources/provider";
import type { ClusterArgs, ClusterHostArgs, MachineSource } from "./cluster-args";
import { providerArgs } from "./provider-args";

/** Systems that a lab machine can have. */
export const labImages = ["centos7", "centos", "centos10", "debian", "ubuntu"] as const;
export type LabImage = (typeof labImages)[number];

/** Machines that this computer boots itself, for a cluster to try things on. */
export interface LabArgs {
  /** Memory of each machine that does not say otherwise, in MiB or GiB. @default "1536MiB" */
  readonly memory?: string;
  /**
   * What the machines look like: CentOS 7, CentOS Stream 9 (`centos`) or 10, Debian 13, Ubuntu 24.04.
   * @default "centos"
   */
  readonly image?: LabImage;
}

/** A host that may be a machine of the lab: then it has neither address nor host key. */
export interface LabHostArgs extends ClusterHostArgs {
  /** Memory of this lab machine, in MiB or GiB. @default - the lab's */
  readonly memory?: string;
}

/** A cluster that may be in a lab. */
export interface LabClusterArgs extends Omit<ClusterArgs, "machines"> {
  /** Boot the hosts on this machine. @default - the hosts exist */
  readonly lab?: LabArgs;
  readonly hosts: Readonly<Record<string, LabHostArgs>>;
}

/** The lab of a cluster with its defaults; undefined where the hosts exist. */
export function labOf(lab: LabArgs | undefined): Required<LabArgs> | undefined {
  return lab === undefined ? undefined : { memory: "1536MiB", image: "centos", ...lab };
}

/** How a lab's machines are reached: by the lab's own plan, which the provider knows. */
export function labReach(args: LabClusterArgs): Pick<MachineSource, "provider" | "connection"> {
  const lab = labOf(args.lab);
  return {
    provider: lab === undefined ? {} : { lab },
    connection: (host) => {
      const memory = args.hosts[host]?.memory;
      return memory === undefined ? {} : { memory };
    },
  };
}

/** What the provider needs to know of a cluster that may be in a lab. */
export function labProviderArgs(args: LabClusterArgs): ProviderArgs {
  const { lab, ...rest } = args;
  return providerArgs(lab === undefined ? rest : { ...rest, machines: labReach(args) });
}
