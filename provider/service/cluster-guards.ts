import type { Node, Service } from "@docker/node-sdk";
import { nameOf } from "../../cluster/members";
import type { Failure } from "../resource";
import { containsUnknown, isUnknown } from "../value";
import type { ServiceInputs } from "./arguments";
import { meets, nameAmongNodes } from "../../consequences/constraints";

/** What a service is judged against. */
export interface Surroundings {
  /** Services that run. */
  readonly services: readonly Service[];
  readonly nodes: readonly Node[];
  /** Names of all configured machines: some may become nodes in this very run. */
  readonly hosts: readonly string[];
  /** What this run has declared so far, by name in Docker. */
  readonly declared: ReadonlyMap<string, ServiceInputs>;
  /** Name of the service before, when it is renamed: the one that goes is no other. */
  readonly formerName: string | undefined;
}

/** What is wrong with a service in its cluster, and what is worth knowing. */
export interface Judgement {
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

interface IngressPort {
  readonly published: number;
  readonly protocol: string;
}

function ingressPorts({ ports, endpointMode }: ServiceInputs): [number, IngressPort][] {
  if (ports === undefined || isUnknown(ports) || endpointMode === "dnsrr") return [];
  return ports.flatMap((port, index): [number, IngressPort][] => {
    const { published = 0, protocol = "tcp", mode = "ingress" } = port;
    if (containsUnknown(port) || mode !== "ingress" || published === 0) return [];
    return [[index, { published, protocol }]];
  });
}

/** Ingress ports of a live service, with those that Docker picked. */
function livePorts({ Endpoint: endpoint, Spec: spec }: Service): IngressPort[] {
  return [...(endpoint?.Ports ?? []), ...(spec?.EndpointSpec?.Ports ?? [])]
    .filter(({ PublishMode: mode = "ingress" }) => mode === "ingress")
    .map(({ PublishedPort: published = 0, Protocol: protocol = "tcp" }) => ({
      published,
      protocol,
    }));
}

/** Who else has an ingress port: what this run has declared counts more than what still runs. */
function holderOf(port: IngressPort, name: string, around: Surroundings): string | undefined {
  const isSame = (other: IngressPort): boolean =>
    other.published === port.published && other.protocol === port.protocol;
  for (const [other, inputs] of around.declared) {
    if (other !== name && ingressPorts(inputs).some(([, one]) => isSame(one)))
      return `service "${other}" of this program`;
  }
  const isOther = ({ Spec: spec }: Service): boolean => {
    const other = spec?.Name ?? "";
    return other !== name && other !== around.formerName && !around.declared.has(other);
  };
  const live = around.services.filter(isOther).find((one) => livePorts(one).some(isSame));
  return live === undefined ? undefined : `service "${live.Spec?.Name ?? ""}"`;
}

function portFailures(inputs: ServiceInputs, around: Surroundings): Failure[] {
  const { name = "" } = inputs;
  return ingressPorts(inputs).flatMap(([index, port]): Failure[] => {
    const holder = holderOf(port, name, around);
    if (holder === undefined) return [];
    return [
      {
        path: `ports[${index}].published`,
        reason:
          `got ${port.published}/${port.protocol}, which ${holder} publishes on every node already; expected a free port. ` +
          `Choose another, or take it from that service first (where this program moves it: in a run of its own).`,
      },
    ];
  });
}

/** Nodes that take new tasks and meet the service's constraints. */
function eligible({ placement }: ServiceInputs, nodes: readonly Node[]): Node[] | undefined {
  if (containsUnknown(placement)) return undefined;
  return nodes.filter(
    (node) =>
      node.Spec?.Availability === "active" &&
      node.Status?.State === "ready" &&
      meets(node, placement?.constraints ?? []),
  );
}

function namesOf(nodes: readonly Node[]): string {
  return nodes.map(nameOf).sort().join(", ");
}

/** Two tasks on one node cannot both have one of its ports. */
function hostPorts(inputs: ServiceInputs, { nodes, hosts }: Surroundings): Judgement {
  const { ports, replicas = 1, mode = "replicated" } = inputs;
  const none = { failures: [], warnings: [] };
  if (mode !== "replicated" || ports === undefined || isUnknown(ports) || isUnknown(replicas))
    return none;
  const index = ports.findIndex((port) => port.mode === "host" && (port.published ?? 0) !== 0);
  if (index < 0 || replicas < 2) return none;
  const most = Math.max(nodes.length, hosts.length);
  const published = ports[index]?.published ?? 0;
  if (replicas > most) {
    const reason = `got ${replicas} with port ${published} of mode "host" (ports[${index}]); expected at most ${most}, the number of nodes: a node has each port once. Use mode "ingress", or fewer replicas.`;
    return { failures: [{ path: "replicas", reason }], warnings: [] };
  }
  const fit = eligible(inputs, nodes);
  if (fit === undefined || replicas <= fit.length) return none;
  const warning = `replicas: ${replicas} with port ${published} of mode "host", and ${fit.length} nodes that can take a task now (${namesOf(fit)}): the others wait for a node.`;
  return { failures: [], warnings: [warning] };
}

/** A volume of the node's own does not go along when a task moves. */
function localVolumes(inputs: ServiceInputs, { nodes }: Surroundings): string[] {
  const { mounts, mode = "replicated" } = inputs;
  if (mounts === undefined || isUnknown(mounts) || mode !== "replicated") return [];
  const fit = eligible(inputs, nodes) ?? [];
  if (fit.length < 2) return [];
  return [...mounts.entries()]
    .filter(
      ([, { type = "volume", source, volumeDriver = "local", volumeOptions = {} }]) =>
        type === "volume" &&
        source !== undefined &&
        !isUnknown(source) &&
        volumeDriver === "local" &&
        Object.keys(volumeOptions).length === 0,
    )
    .map(
      ([index, { source = "" }]) =>
        `mounts[${index}]: volume "${source}" is another one on each node, and a task may move between ${namesOf(fit)}: ` +
        `what it has written stays behind. Bind the service to one node (placement.constraints: ["node.hostname==…"]), or use a driver whose volumes all nodes share.`,
    );
}

/** A name of an architecture that no node goes by. */
function architectures({ placement }: ServiceInputs): string[] {
  if (containsUnknown(placement)) return [];
  return [...(placement?.constraints ?? []).entries()].flatMap(([index, constraint]) => {
    const name = nameAmongNodes(constraint);
    if (name === undefined) return [];
    return [
      `placement.constraints[${index}]: got "${constraint}"; Docker compares it with the node's own word, which is "${name}" ` +
        `("docker node inspect" shows it): no node is called so. Write "${name}".`,
    ];
  });
}

/** Everything about a service that only the cluster and the rest of the program can say. Pure. */
export function judgeInCluster(inputs: ServiceInputs, around: Surroundings): Judgement {
  const host = hostPorts(inputs, around);
  return {
    failures: [...portFailures(inputs, around), ...host.failures],
    warnings: [...architectures(inputs), ...host.warnings, ...localVolumes(inputs, around)],
  };
}
