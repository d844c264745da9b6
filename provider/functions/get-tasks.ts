import type { Task } from "@docker/node-sdk";
import { z } from "zod";
import {
  exitOf,
  hasEnded,
  nodeNames,
  stateOf,
  taskName,
  type TaskNames,
} from "../../cluster/tasks";
import type { FunctionType } from "../function";
import { serviceNamed } from "./service-named";

const inputs = z.strictObject({
  service: z
    .string()
    .min(1)
    .describe("Name of the service in Docker, such as `shop_web`; or its id."),
  ended: z
    .boolean()
    .default(false)
    .describe("Those that have ended, too, as far as the swarm remembers them."),
});

const outputs = z.object({
  tasks: z
    .array(
      z.object({
        taskId: z.string().describe("Docker's id of the task."),
        name: z.string().describe("`web.2`, or in global services `web.worker-1`."),
        node: z.string().optional().describe("Name of the node, once one was found."),
        state: z
          .string()
          .describe("Docker's word for what it does: `running`, `pending`, `failed`."),
        wanted: z.string().describe("The state that the managers want it to have."),
        since: z.string().describe("When it came into its state, as RFC 3339 text."),
        image: z.string().describe("Its image, with the digest."),
        error: z.string().optional().describe("Why it is not running, in Docker's words."),
        exitCode: z.number().optional().describe("Of its container, once that has ended."),
      }),
    )
    .describe("The tasks by name, and of one name the newest first."),
});

type Result = z.output<typeof outputs>;

function resultOf(task: Task, names: TaskNames): Result["tasks"][number] {
  const { Status: status, NodeID: node } = task;
  const name = node === undefined ? undefined : (names.nodes.get(node) ?? node);
  const error = status?.Err;
  const exitCode = exitOf(task);
  return {
    taskId: task.ID ?? "",
    name: taskName(task, names),
    ...(name === undefined ? {} : { node: name }),
    state: stateOf(task),
    wanted: task.DesiredState ?? "",
    since: status?.Timestamp ?? "",
    image: task.Spec?.ContainerSpec?.Image ?? "",
    ...(error === undefined || error === "" ? {} : { error }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

/** The tasks of a service. */
export const getTasks: FunctionType<z.output<typeof inputs>, Result> = {
  token: "swarm:index:getTasks",
  description: "The tasks of a service: where they are, and what they do.",
  inputs,
  outputs,
  invoke: async (context, { service: wanted, ended }) => {
    const service = await serviceNamed(context, wanted);
    const [tasks, nodes] = await Promise.all([context.managers.tasks(), context.managers.nodes()]);
    const mode = service.Spec?.Mode;
    const names = {
      service: service.Spec?.Name ?? "",
      nodes: nodeNames(nodes),
      byNode: mode?.Global !== undefined || mode?.GlobalJob !== undefined,
    };
    const own = tasks.filter((task) => task.ServiceID === service.ID && (ended || !hasEnded(task)));
    return { tasks: own.map((task) => resultOf(task, names)).sort(byName) };
  },
};

function byName(a: Result["tasks"][number], b: Result["tasks"][number]): number {
  const names = a.name.localeCompare(b.name, "en", { numeric: true });
  if (names !== 0) return names;
  return a.since < b.since ? 1 : -1;
}
