import type { Service } from "@docker/node-sdk";
import { z } from "zod";
import type { FunctionType } from "../function";
import { serviceOutputs } from "../service/arguments";
import { digestOf, withoutPin } from "../workload/image";
import { publishedPorts } from "../service/state";
import { serviceNamed } from "./service-named";

const inputs = z.strictObject({
  name: z.string().min(1).describe("Name of the service in Docker, such as `shop_web`; or its id."),
});

const outputs = z.object({
  serviceId: z.string().describe("Docker's id of the service."),
  name: z.string().describe("Name in Docker."),
  image: z.string().describe("Image with its tag, without the digest that it is pinned to."),
  imageDigest: z.string().optional().describe("Digest that the image's tag is pinned to."),
  mode: z
    .enum(["replicated", "global", "replicated-job", "global-job"])
    .describe("A number of tasks, or one on each node; the jobs run to their end."),
  wantedTasks: z.number().describe("Tasks that should run now."),
  runningTasks: z.number().describe("Tasks that run now."),
  labels: z.record(z.string(), z.string()).describe("Labels of the service."),
  publishedPorts: serviceOutputs.shape.publishedPorts,
});

type Result = z.output<typeof outputs>;

function resultOf(service: Service): Result {
  const { Spec: spec, ServiceStatus: status } = service;
  const image = spec?.TaskTemplate?.ContainerSpec?.Image ?? "";
  const imageDigest = digestOf(image);
  return {
    serviceId: service.ID ?? "",
    name: spec?.Name ?? "",
    image: withoutPin(image),
    ...(imageDigest === undefined ? {} : { imageDigest }),
    mode: modeOf(service),
    wantedTasks: status?.DesiredTasks ?? 0,
    runningTasks: status?.RunningTasks ?? 0,
    labels: spec?.Labels ?? {},
    publishedPorts: publishedPorts(service),
  };
}

function modeOf({ Spec: spec }: Service): Result["mode"] {
  if (spec?.Mode?.Global !== undefined) return "global";
  if (spec?.Mode?.ReplicatedJob !== undefined) return "replicated-job";
  return spec?.Mode?.GlobalJob === undefined ? "replicated" : "global-job";
}

/** A service of the swarm. Its environment may hold what nobody should read: it is not answered. */
export const getService: FunctionType<z.output<typeof inputs>, Result> = {
  token: "swarm:index:getService",
  description: "A service of the swarm, by its name or id.",
  inputs,
  outputs,
  invoke: async (context, { name }) => resultOf(await serviceNamed(context, name)),
};
