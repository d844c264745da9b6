import type { NetworkSummary, Node, Service, Task } from "@docker/node-sdk";
import type { Declared, Look, Source } from "../../../map/look";

/** A service of the swarm that is to be. */
interface Wanted {
  readonly name: string;
  readonly stack?: string;
  readonly replicas: number;
  readonly port?: number;
  readonly network?: string;
  readonly hasCheck?: boolean;
  readonly image?: string;
  readonly global?: boolean;
}

/** A network that is there in all of them. */
const NETWORKS = ["shop_front", "shop_back"];

const digest = `sha256:${"5f".repeat(32)}`;

/**
 * A swarm of one's own: it answers like Docker and does what Docker does with tasks when one is killed, a node drained
 * or lost. Ids and times are always the same.
 */
export class MovingSwarm implements Source {
  readonly declared: Declared;
  /** Why nobody can be asked; empty when somebody can. */
  problem = "";
  readonly logs = new Map<string, readonly string[]>();
  private readonly nodes: Node[];
  private readonly services: Service[];
  private tasks: Task[] = [];
  private count = 0;
  private readonly listeners = new Set<() => void>();
  private onUnwatched: () => void = () => undefined;

  constructor(managers: number, workers: number, services: readonly Wanted[]) {
    const names = (role: "manager" | "worker", amount: number): string[] =>
      [...Array(amount).keys()].map((at) => `${role}-${at + 1}`);
    this.nodes = [
      ...names("manager", managers).map((name, at) => nodeOf(name, at === 0)),
      ...names("worker", workers).map((name) => nodeOf(name, undefined)),
    ];
    const hosts = Object.fromEntries(
      this.nodes.map(({ Description: description, ManagerStatus: status }) => [
        description?.Hostname ?? "",
        { role: status ? ("manager" as const) : ("worker" as const) },
      ]),
    );
    this.declared = { environment: "demo", hosts };
    this.services = services.map(serviceOf);
    for (const service of this.services) this.fill(service);
  }

  look(): Promise<Look> {
    if (this.problem !== "") return Promise.reject(new Error(this.problem));
    const services = this.services.map((service) => ({
      ...service,
      ServiceStatus: {
        RunningTasks: this.liveOf(service).filter(({ Status }) => Status?.State === "running")
          .length,
        DesiredTasks: this.amountOf(service),
      },
    }));
    const networks = NETWORKS.map((name): NetworkSummary => ({ Id: `id${name}`, Name: name }));
    const { nodes, tasks } = structuredClone({ nodes: this.nodes, tasks: this.tasks });
    return Promise.resolve({
      ...{
        swarm: { ID: "k2cluster", JoinTokens: { Worker: "hunter2-of-the-tokens" } },
        asked: "manager-1",
        at: 0,
        nodes,
        services,
        tasks,
        networks,
        locked: [],
      },
    });
  }

  log(taskId: string): Promise<readonly string[]> {
    return Promise.resolve(this.logs.get(taskId) ?? []);
  }

  onEvent(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      this.onUnwatched();
    };
  }

  /** Resolves when somebody stops to listen: nobody looks any more. */
  async unwatched(): Promise<void> {
    return new Promise((resolve) => (this.onUnwatched = resolve));
  }

  /** Something that a manager tells of happens. */
  tell(): void {
    for (const listener of this.listeners) listener();
  }

  /** The task that fills a place: `shop_web.3`. */
  taskAt(place: string): Task {
    const [name = "", slot = ""] = place.split(".");
    const task = this.tasks.find(
      (one) =>
        one.ServiceID === `id${name}` &&
        one.DesiredState === "running" &&
        String(one.Slot) === slot,
    );
    if (task === undefined) throw new Error(`no task at ${place}`);
    return task;
  }

  nodeOf(place: string): string {
    const { NodeID: id } = this.taskAt(place);
    return this.nodes.find(({ ID }) => ID === id)?.Description?.Hostname ?? "";
  }

  /** Its container dies; another node takes its place. */
  kill(place: string, error = "task: non-zero exit (137)"): void {
    const task = this.taskAt(place);
    task.DesiredState = "shutdown";
    task.Status = {
      ...task.Status,
      State: "failed",
      Err: error,
      ContainerStatus: { ExitCode: 137 },
    };
    this.replace(task);
  }

  /** As `docker service update --image` with an image that never starts. */
  startSlowly(place: string): void {
    this.taskAt(place).Status = { State: "starting", Timestamp: timeOf(this.count) };
  }

  drain(name: string): void {
    const node = this.node(name);
    node.Spec = { ...node.Spec, Availability: "drain" };
    for (const task of this.liveOn(node)) {
      task.DesiredState = "shutdown";
      task.Status = { ...task.Status, State: "shutdown" };
      this.replace(task);
    }
  }

  /** It does not answer any more; its tasks begin elsewhere, and nobody knows what became of them. */
  lose(name: string): void {
    const node = this.node(name);
    node.Status = { State: "down", Addr: node.Status?.Addr ?? "", Message: "heartbeat failure" };
    if (node.ManagerStatus) {
      node.ManagerStatus = { Leader: false, Reachability: "unreachable" };
      const next = this.nodes.find((one) => one.ManagerStatus?.Reachability === "reachable");
      if (next?.ManagerStatus) next.ManagerStatus = { ...next.ManagerStatus, Leader: true };
    }
    for (const task of this.liveOn(node)) {
      task.DesiredState = "shutdown";
      this.replace(task);
    }
  }

  private replace({ ServiceID: id = "", Slot: slot = 0, NodeID: from }: Task): void {
    const service = this.services.find(({ ID }) => ID === id);
    if (service !== undefined && service.Spec?.Mode?.Global === undefined)
      this.begin(service, slot, undefined, from);
  }

  private fill(service: Service): void {
    const able = this.able();
    if (service.Spec?.Mode?.Global !== undefined)
      for (const node of able) this.begin(service, 0, node);
    else for (let slot = 1; slot <= this.amountOf(service); slot++) this.begin(service, slot);
  }

  /** @param from - id of the node that is to be left */
  private begin(service: Service, slot: number, on?: Node, from?: string): void {
    const able = this.able();
    const others = able.filter(({ ID }) => ID !== from);
    this.count += 1;
    const node = on ?? this.idlest(others.length > 0 ? others : able);
    const isGlobal = service.Spec?.Mode?.Global !== undefined;
    this.tasks.push({
      ID: `task${this.count}`,
      ServiceID: service.ID ?? "",
      ...(isGlobal ? {} : { Slot: slot }),
      ...(node === undefined ? {} : { NodeID: node.ID ?? "" }),
      Spec: service.Spec?.TaskTemplate ?? {},
      DesiredState: "running",
      Status:
        node === undefined
          ? { State: "pending", Err: "no suitable node (1 node not available for new tasks)" }
          : { State: "running", Timestamp: timeOf(this.count) },
    });
  }

  /** The one with the fewest tasks. */
  private idlest(nodes: readonly Node[]): Node | undefined {
    const loads = new Map<string, number>();
    for (const { NodeID: id = "", DesiredState } of this.tasks)
      if (DesiredState === "running") loads.set(id, (loads.get(id) ?? 0) + 1);
    const load = ({ ID: id = "" }: Node): number => loads.get(id) ?? 0;
    return [...nodes].sort((a, b) => load(a) - load(b))[0];
  }

  private able(): Node[] {
    return this.nodes.filter(
      ({ Spec, Status }) => Spec?.Availability === "active" && Status?.State === "ready",
    );
  }

  private node(name: string): Node {
    const found = this.nodes.find(({ Description }) => Description?.Hostname === name);
    if (found === undefined) throw new Error(`no node ${name}`);
    return found;
  }

  private liveOn(node: Node): Task[] {
    return this.tasks.filter((one) => one.NodeID === node.ID && one.DesiredState === "running");
  }

  private liveOf(service: Service): Task[] {
    return this.tasks.filter(
      (one) => one.ServiceID === service.ID && one.DesiredState === "running",
    );
  }

  private amountOf({ Spec: spec }: Service): number {
    return spec?.Mode?.Global === undefined
      ? (spec?.Mode?.Replicated?.Replicas ?? 1)
      : this.able().length;
  }
}

/** A shop on three managers and three workers. */
export function shop(): MovingSwarm {
  return new MovingSwarm(3, 3, [
    ...[
      {
        name: "shop_web",
        stack: "shop",
        replicas: 6,
        port: 8080,
        network: "shop_front",
        hasCheck: true,
      },
    ],
    { name: "shop_api", stack: "shop", replicas: 4, network: "shop_back", hasCheck: true },
    { name: "shop_db", stack: "shop", replicas: 1, network: "shop_back", image: "postgres:16" },
    { name: "shop_queue", stack: "shop", replicas: 2, network: "shop_back", image: "rabbitmq:3" },
    { name: "proxy", replicas: 2, port: 443, network: "shop_front", image: "traefik:3" },
    { name: "agent", replicas: 1, global: true, image: "prom/node-exporter:1" },
  ]);
}

/** Any number of nodes and tasks, thirty tasks to a service. */
export function fleet(nodes: number, tasks: number): MovingSwarm {
  const services = Math.ceil(tasks / 30);
  const names = [...Array(services).keys()];
  const wanted = names.map((at) => ({
    name: `stack${at % 10}_service-${at}`,
    stack: `stack${at % 10}`,
    replicas: Math.min(30, tasks - at * 30),
    port: 8000 + at,
  }));
  return new MovingSwarm(Math.min(5, nodes), Math.max(0, nodes - 5), wanted);
}

function nodeOf(name: string, isLeader: boolean | undefined): Node {
  const number = Number(name.split("-")[1]);
  const isManager = isLeader !== undefined;
  return {
    ID: `id${name}`,
    Spec: {
      Role: isManager ? "manager" : "worker",
      Availability: "active",
      Labels: isManager ? {} : { tier: number % 2 === 0 ? "db" : "web", zone: `z${number % 3}` },
    },
    Description: {
      Hostname: name,
      Engine: { EngineVersion: "29.1.2" },
      Resources: { NanoCPUs: 4e9, MemoryBytes: 8 * 1024 ** 3 },
    },
    Status: { State: "ready", Addr: `192.0.2.${isManager ? 10 + number : 20 + number}` },
    ...(isManager
      ? { ManagerStatus: { Leader: isLeader, Reachability: "reachable" as const } }
      : {}),
  };
}

function serviceOf(wanted: Wanted): Service {
  const { name, stack, replicas, port, network, hasCheck, image = "nginx:1.29", global } = wanted;
  return {
    ID: `id${name}`,
    Spec: {
      Name: name,
      Labels: stack === undefined ? {} : { "com.docker.stack.namespace": stack },
      Mode: global === true ? { Global: {} } : { Replicated: { Replicas: replicas } },
      TaskTemplate: {
        ContainerSpec: {
          Image: `${image}@${digest}`,
          Env: ["PASSWORD=hunter2-of-the-environment"],
          Args: ["--token=hunter2-of-the-arguments"],
          ...(hasCheck === true ? { HealthCheck: { Test: ["CMD", "true"] } } : {}),
        },
        Resources: { Reservations: { NanoCPUs: 0.25e9, MemoryBytes: 256 * 1024 ** 2 } },
        ...(network === undefined ? {} : { Networks: [{ Target: `id${network}` }] }),
      },
    },
    Endpoint:
      port === undefined
        ? {}
        : {
            Ports: [
              { PublishedPort: port, TargetPort: 80, Protocol: "tcp", PublishMode: "ingress" },
            ],
          },
  };
}

function timeOf(count: number): string {
  return new Date(Date.UTC(2026, 0, 5, 2, 0, count)).toISOString();
}
