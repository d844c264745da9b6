import type { HealthConfig, Mount, Node, Service, ServiceSpec, Task } from "@docker/node-sdk";
import { isLive, localVolumesOf } from "./demand";
import type { World } from "./demand";

/**
 * A swarm with nothing in it but what the load of its nodes and the placement of its tasks follow from: no command, no
 * environment, no options of drivers.
 */
export function outlineOf({ nodes, services, tasks }: World): World {
  return {
    nodes: nodes.map(nodeOutline),
    services: services.map((service): Service => {
      const { ID: id = "", Spec: spec = {} } = service;
      return { ID: id, Spec: specOutline(spec) };
    }),
    tasks: tasks.filter(isLive).map(taskOutline),
  };
}

/** A node without its certificates and its engine's plugins. */
export function nodeOutline({ ID: id = "", Spec: spec, Description, Status: status }: Node): Node {
  const { Hostname, Platform, Resources, Engine } = Description ?? {};
  return defined({
    ID: id,
    Spec: spec,
    Description: defined({
      Hostname,
      Platform,
      Resources,
      Engine: defined({ Labels: Engine?.Labels }),
    }),
    Status: defined({ State: status?.State, Addr: status?.Addr }),
  });
}

function taskOutline(task: Task): Task {
  const { ID, ServiceID, NodeID, DesiredState, Status: status } = task;
  return defined({
    ID,
    ServiceID,
    NodeID,
    DesiredState,
    Status: defined({ State: status?.State }),
  });
}

/** A definition of a service in outline. */
export function specOutline(spec: ServiceSpec): ServiceSpec {
  const { Name, Mode, UpdateConfig, EndpointSpec, TaskTemplate: task } = spec;
  const { Healthcheck: health } = (task?.ContainerSpec ?? {}) as { Healthcheck?: HealthConfig };
  const [kind] = health?.Test ?? [];
  const mounts = localVolumesOf(spec).map((Source): Mount => ({ Type: "volume", Source }));
  return defined({
    Name,
    Mode,
    UpdateConfig,
    EndpointSpec: defined({ Ports: EndpointSpec?.Ports }),
    TaskTemplate: defined({
      ContainerSpec: {
        Mounts: mounts,
        ...(kind === undefined ? {} : { Healthcheck: { ...health, Test: [kind] } }),
      },
      Placement: task?.Placement,
      Resources: defined({ Reservations: task?.Resources?.Reservations }),
    }),
  });
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without the keys that have no value. */
function defined<T extends object>(object: T): Defined<T> {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}
