import type { Node, Service, ServiceSpec, Task } from "@docker/node-sdk";
import type { World } from "../../../consequences/demand";

/** GiB. */
export const gib = 1024 ** 3;

/** A node of 4 GiB and 2 CPUs. */
export function node(name: string, more: Partial<NonNullable<Node["Spec"]>> = {}): Node {
  return {
    ID: `id of ${name}`,
    Spec: { Role: "worker", Availability: "active", Labels: {}, ...more },
    Description: {
      Hostname: name,
      Platform: { Architecture: "x86_64", OS: "linux" },
      Resources: { NanoCPUs: 2e9, MemoryBytes: 4 * gib },
    },
    Status: { State: "ready" },
  };
}

/** A service with one task on each of the nodes named. */
export function running(
  name: string,
  places: readonly string[],
  more: ServiceSpec = {},
): { service: Service; tasks: Task[] } {
  const spec: ServiceSpec = {
    Name: name,
    Mode: { Replicated: { Replicas: places.length } },
    ...more,
    TaskTemplate: { ContainerSpec: { Image: `${name}:1` }, ...more.TaskTemplate },
  };
  return {
    service: { ID: `id of ${name}`, Spec: spec },
    tasks: places.map((place, index) => ({
      ID: `${name}.${index + 1}`,
      ServiceID: `id of ${name}`,
      Slot: index + 1,
      NodeID: `id of ${place}`,
      Spec: spec.TaskTemplate ?? {},
      DesiredState: "running",
      Status: { State: "running" },
    })),
  };
}

/** A swarm of nodes and services. */
export function swarm(nodes: readonly Node[], ...all: ReturnType<typeof running>[]): World {
  return {
    nodes,
    services: all.map(({ service }) => service),
    tasks: all.flatMap(({ tasks }) => tasks),
  };
}

/** The definition of a service with something else in it. */
export function changed(
  { service }: ReturnType<typeof running>,
  change: (spec: Required<Pick<ServiceSpec, "TaskTemplate">> & ServiceSpec) => void,
): ServiceSpec {
  const spec = structuredClone(service.Spec ?? {});
  const whole = { ...spec, TaskTemplate: spec.TaskTemplate ?? {} };
  change(whole);
  return whole;
}
