import * as pulumi from "@pulumi/pulumi";
import type { PublishedPort } from "./service";

/** Which service is asked about. */
export interface GetServiceArgs {
  /** Name of the service in Docker, such as `shop_web`; or its id. */
  readonly name: string;
}

/** A service, whoever has made it. Its environment may hold what nobody should read: it is not answered. */
export interface GetServiceResult {
  /** Docker's id of the service. */
  readonly serviceId: string;
  /** Name in Docker. */
  readonly name: string;
  /** Image with its tag, without the digest that it is pinned to. */
  readonly image: string;
  /** Digest that the image's tag is pinned to. */
  readonly imageDigest?: string;
  /** A number of tasks, or one on each node; the jobs run to their end. */
  readonly mode: "replicated" | "global" | "replicated-job" | "global-job";
  /** Tasks that should run now. */
  readonly wantedTasks: number;
  /** Tasks that run now. */
  readonly runningTasks: number;
  /** Labels of the service. */
  readonly labels: Record<string, string>;
  /** Ports as Docker has published them, with those that it picked. */
  readonly publishedPorts: PublishedPort[];
}

const token = "swarm:index:getService";

/**
 * A service of the swarm, by its name or id.
 *
 * @param opts - the provider; without it the hosts are those of the configuration (`swarm:hosts`)
 * @throws Error when there is no such service, with those there are; and when no manager answers
 */
export function getService(
  args: GetServiceArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetServiceResult> {
  return pulumi.runtime.invoke(token, { ...args }, opts) as Promise<GetServiceResult>;
}

/** The same as an output; with `dependsOn` it is asked for when these are there. */
export function getServiceOutput(
  args: { readonly [Key in keyof GetServiceArgs]: pulumi.Input<GetServiceArgs[Key]> },
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetServiceResult> {
  return pulumi.runtime.invokeOutput<GetServiceResult>(token, { ...args }, opts);
}
