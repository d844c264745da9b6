import * as pulumi from "@pulumi/pulumi";

/** Which node is asked about. */
export interface GetNodeArgs {
  /** Name of the node, its host name's first part; or its id in Docker. */
  readonly name: string;
}

/** A node, whoever has made it one. */
export interface GetNodeResult {
  /** Docker's id of the node. */
  readonly nodeId: string;
  /** Host name of the machine, with its domain if it has one. */
  readonly hostname: string;
  /** What the node is in the swarm. */
  readonly role: "manager" | "worker";
  /** Whether the node gets tasks. */
  readonly availability: "active" | "pause" | "drain";
  /** Node labels. */
  readonly labels: Record<string, string>;
  /** `ready`, `down`, `disconnected` or `unknown`, as the managers see it. */
  readonly state: string;
  /** It is the manager that leads the others. */
  readonly isLeader: boolean;
  /** Address as the managers see it. */
  readonly address: string;
  /** Version of its Docker Engine. */
  readonly engineVersion: string;
  /** `linux` or `windows`. */
  readonly os: string;
  /** Of its processor, such as `x86_64`. */
  readonly architecture: string;
}

const token = "swarm:index:getNode";

/**
 * A node of the swarm, by its name or id.
 *
 * @param opts - the provider; without it the hosts are those of the configuration (`swarm:hosts`)
 * @throws Error when there is no such node, with those there are; and when no manager answers
 */
export function getNode(args: GetNodeArgs, opts?: pulumi.InvokeOptions): Promise<GetNodeResult> {
  return pulumi.runtime.invoke(token, { ...args }, opts) as Promise<GetNodeResult>;
}

/** The same as an output; with `dependsOn` it is asked for when these are there. */
export function getNodeOutput(
  args: { readonly [Key in keyof GetNodeArgs]: pulumi.Input<GetNodeArgs[Key]> },
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetNodeResult> {
  return pulumi.runtime.invokeOutput<GetNodeResult>(token, { ...args }, opts);
}
