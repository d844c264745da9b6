import * as pulumi from "@pulumi/pulumi";

/** A swarm, whoever has made it. */
export interface GetSwarmResult {
  /** Docker's id of the swarm. */
  readonly clusterId: string;
  /** When it was made, as RFC 3339 text. */
  readonly createdAt: string;
  /** Names of the nodes that are managers, sorted. */
  readonly managers: string[];
  /** Names of the other nodes, sorted. */
  readonly workers: string[];
  /** Labels of the swarm itself. */
  readonly labels: Record<string, string>;
  /** Managers that restart must be unlocked with a key. */
  readonly autolock: boolean;
  /** Subnets from which overlay networks take theirs. */
  readonly defaultAddrPool: string[];
  /** UDP port of the traffic between containers. */
  readonly dataPathPort: number;
}

const token = "swarm:index:getSwarm";

/**
 * The swarm that the provider's hosts are in.
 *
 * ```ts
 * const { managers } = await getSwarm({ provider: cluster.provider });
 * ```
 * @param opts - the provider; without it the hosts are those of the configuration (`swarm:hosts`)
 * @throws Error when no manager answers
 */
export function getSwarm(opts?: pulumi.InvokeOptions): Promise<GetSwarmResult> {
  return pulumi.runtime.invoke(token, {}, opts) as Promise<GetSwarmResult>;
}

/** The same as an output; with `dependsOn` it is asked for when these are there. */
export function getSwarmOutput(opts?: pulumi.InvokeOutputOptions): pulumi.Output<GetSwarmResult> {
  return pulumi.runtime.invokeOutput<GetSwarmResult>(token, {}, opts);
}
