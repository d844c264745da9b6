import * as pulumi from "@pulumi/pulumi";

/** Whose tasks are asked about. */
export interface GetTasksArgs {
  /** Name of the service in Docker, such as `shop_web`; or its id. */
  readonly service: string;
  /** Those that have ended, too, as far as the swarm remembers them. @default false */
  readonly ended?: boolean;
}

/** One task of a service. */
export interface TaskSummary {
  /** Docker's id of the task. */
  readonly taskId: string;
  /** `web.2`, or in global services `web.worker-1`. */
  readonly name: string;
  /** Name of the node, once one was found. */
  readonly node?: string;
  /** Docker's word for what it does: `running`, `pending`, `failed`. */
  readonly state: string;
  /** The state that the managers want it to have. */
  readonly wanted: string;
  /** When it came into its state, as RFC 3339 text. */
  readonly since: string;
  /** Its image, with the digest. */
  readonly image: string;
  /** Why it is not running, in Docker's words. */
  readonly error?: string;
  /** Of its container, once that has ended. */
  readonly exitCode?: number;
}

/** What a service runs. */
export interface GetTasksResult {
  /** The tasks by name, and of one name the newest first. */
  readonly tasks: TaskSummary[];
}

const token = "swarm:index:getTasks";

/**
 * The tasks of a service: where they are, and what they do.
 *
 * @param opts - the provider; without it the hosts are those of the configuration (`swarm:hosts`)
 * @throws Error when there is no such service, with those there are; and when no manager answers
 */
export function getTasks(args: GetTasksArgs, opts?: pulumi.InvokeOptions): Promise<GetTasksResult> {
  return pulumi.runtime.invoke(token, { ...args }, opts) as Promise<GetTasksResult>;
}

/** The same as an output; with `dependsOn` it is asked for when these are there. */
export function getTasksOutput(
  args: { readonly [Key in keyof GetTasksArgs]: pulumi.Input<GetTasksArgs[Key]> },
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetTasksResult> {
  return pulumi.runtime.invokeOutput<GetTasksResult>(token, { ...args }, opts);
}
