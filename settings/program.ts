import type { ApplicationDeclaration } from "../components/application";
import type { ClusterArgs } from "../components/cluster-args";
import { readConfiguration } from "./read";

/** What `Pulumi.<stack>.yaml` declares under `swarm:`: the arguments of a cluster, and applications on it. */
export interface ProgramSettings extends ClusterArgs {
  /** Applications by name, for `deployStacks`. @default {} */
  readonly stacks?: Readonly<Record<string, ApplicationDeclaration>>;
}

/**
 * The `swarm:` part of the stack's configuration, checked as a whole with the stack files that it names. What the user
 * has encrypted stays secret.
 *
 * ```ts
 * const settings = readSettings();
 * const cluster = new Cluster("cluster", settings);
 * deployStacks(cluster, settings.stacks);
 * ```
 * @throws pulumi.RunError that lists everything wrong with it, before anything is made
 */
export function readSettings(): ProgramSettings {
  return readConfiguration(false);
}
