import type { Config, Network, Node, Secret, Service, Task } from "@docker/node-sdk";
import { EngineError } from "../../../hosts/engine";
import { HostUnreachableError } from "../../../hosts/errors";
import type { Machines } from "../../../hosts/machines";
import type { Context } from "../../../provider/context";
import { isTree } from "../../../provider/fields/paths";
import type { Tree } from "../../../provider/fields/paths";
import { Managers } from "../../../cluster/managers";
import { Run } from "../../../cluster/run";
import { Registries } from "../../../cluster/registries";
import { answered } from "./engine-answers";

type Payload = Secret | Config;

interface Asked {
  readonly query?: { readonly version?: number; readonly filters?: Tree };
  readonly body?: Tree;
}

/** The label of objects that `docker stack deploy` makes. */
export const ofShop = { "com.docker.stack.namespace": "shop" };

/**
 * A swarm with one manager, in memory, which does what it is told at once. Tasks get another id when the definition of
 * their service changes, which is when a real swarm makes them anew. Nothing of a registry but the digest of its tags.
 */
export class FakeSwarm {
  readonly services: Service[] = [];
  readonly nodes: Node[] = [];
  readonly networks: Network[] = [];
  readonly secrets: Payload[] = [];
  readonly configs: Payload[] = [];
  tasks: Task[] = [];
  /** Every call that changes something: `POST /services/id-web/update`. */
  readonly writes: string[] = [];
  /** Every list that was asked for: `/tasks`. */
  readonly lists: string[] = [];
  readonly said: string[] = [];
  /** What the registry says that every tag stands for. */
  digest = "sha256:2222";
  /** No manager answers. */
  isDown = false;
  private count = 0;

  /** What one run has: its own managers and slots, so nothing is remembered from another. */
  run(logins: ConstructorParameters<typeof Registries>[0] = {}): Context {
    const request = (...asked: Parameters<FakeSwarm["answer"]>) =>
      Promise.resolve().then(() => this.answer(...asked));
    const engine = { request, info: () => request("GET", "/info") };
    const machines = { names: ["m1"], get: () => ({ engine: () => engine }) };
    const say = (text: string): void => {
      this.said.push(text);
    };
    return {
      machines,
      managers: new Managers(machines as unknown as Machines, { declared: ["m1"] }),
      run: new Run(),
      registries: new Registries(logins),
      isReplacement: false,
      scrub: (text: string) => text,
      signal: new AbortController().signal,
      progress: () => undefined,
      info: say,
      warn: say,
      warnOnce: say,
    } as unknown as Context;
  }

  /** A service that runs, as an engine shows what it was given. */
  addService(spec: Tree, id = `id-${String(spec.Name)}`): Service {
    const service = { ID: id, Version: { Index: 1 }, Spec: answered(spec) } as Service;
    this.services.push(service);
    this.startTasks(service);
    return service;
  }

  addNetwork(name: string, more: Partial<Network> = {}): void {
    const options = { "com.docker.network.driver.overlay.vxlanid_list": "4097" };
    const range = { Driver: "default", Config: [{ Subnet: "10.0.9.0/24", Gateway: "10.0.9.1" }] };
    const network = {
      Name: name,
      Id: `id-${name}`,
      Scope: "swarm",
      Driver: "overlay",
      IPAM: range,
    };
    this.networks.push({ ...network, ...more, Options: { ...options, ...more.Options } });
  }

  /** @param data - as text; a secret is listed without it */
  addPayload(
    kind: "secrets" | "configs",
    name: string,
    data: string,
    labels: object = ofShop,
  ): void {
    const encoded = Buffer.from(data, "utf8").toString("base64");
    const spec = {
      Name: name,
      Labels: { ...labels },
      ...(kind === "configs" ? { Data: encoded } : {}),
    };
    this[kind].push({ ID: `id-${name}`, Version: { Index: 1 }, Spec: spec });
  }

  service(name: string): Service | undefined {
    return this.services.find((one) => one.Spec?.Name === name);
  }

  names(kind: "secrets" | "configs"): string[] {
    return this[kind].map(({ Spec: spec }) => spec?.Name ?? "").sort();
  }

  private startTasks(service: Service): void {
    const { ID: id = "", Spec: spec } = service;
    this.count += 1;
    const replicas = spec?.Mode?.Replicated?.Replicas ?? 1;
    const made = Array.from({ length: replicas }, (_, slot): Task => {
      const state = { DesiredState: "running", Status: { State: "running" } } as const;
      return { ID: `task-${this.count}-${slot + 1}`, ServiceID: id, Slot: slot + 1, ...state };
    });
    this.tasks = [...this.tasks.filter((task) => task.ServiceID !== id), ...made];
    service.UpdateStatus = { State: "completed" };
  }

  private answer(method: string, path: string, asked: Asked = {}): unknown {
    if (this.isDown) throw new HostUnreachableError("m1", "m1: nobody answers");
    if (method !== "GET") this.writes.push(`${method} ${path}`);
    if (method === "GET") this.lists.push(path);
    const [, kind = "", id = "", verb] = path.split("/").map(decodeURIComponent);
    if (path === "/info") return { Swarm: { LocalNodeState: "active", ControlAvailable: true } };
    if (path === "/swarm") return {};
    if (path === "/nodes") return structuredClone(this.nodes);
    if (kind === "distribution") return { Descriptor: { digest: this.digest }, Platforms: [] };
    if (path === "/tasks") return this.tasks;
    if (kind === "services") return this.answerService(method, id, verb, asked);
    if (kind === "networks") return this.answerNetwork(method, id, asked);
    if (kind === "secrets" || kind === "configs")
      return this.answerPayload(kind, method, id, verb, asked);
    throw new Error(`the fake swarm knows nothing of ${method} ${path}`);
  }

  private answerService(
    method: string,
    id: string,
    verb: string | undefined,
    asked: Asked,
  ): unknown {
    if (id === "") return structuredClone(this.services);
    if (id === "create") return { ID: this.addService(asked.body ?? {}).ID };
    const service = found(
      this.services.find((one) => one.ID === id),
      `service ${id}`,
    );
    if (method === "GET") return structuredClone(service);
    if (method === "DELETE") {
      this.services.splice(this.services.indexOf(service), 1);
      this.tasks = this.tasks.filter((task) => task.ServiceID !== id);
      return undefined;
    }
    if (verb !== "update") throw new Error(`the fake swarm knows nothing of ${verb ?? ""}`);
    const spec = answered(asked.body ?? {}) as NonNullable<Service["Spec"]>;
    const isDirty = sorted(spec.TaskTemplate) !== sorted(service.Spec?.TaskTemplate);
    service.Version = { Index: raised(service.Version, asked) };
    service.Spec = spec;
    if (isDirty) this.startTasks(service);
    return {};
  }

  private answerNetwork(method: string, id: string, { body = {} }: Asked): unknown {
    if (id === "") return structuredClone(this.networks);
    if (id === "create") {
      const name = String(body.Name);
      this.addNetwork(name, body);
      return { Id: `id-${name}` };
    }
    const network = found(
      this.networks.find((one) => one.Id === id),
      `network ${id}`,
    );
    if (method === "GET") return structuredClone(network);
    this.refuseUsed(id, network.Name ?? "");
    this.networks.splice(this.networks.indexOf(network), 1);
    return undefined;
  }

  private answerPayload(
    kind: "secrets" | "configs",
    method: string,
    id: string,
    verb: string | undefined,
    asked: Asked,
  ): unknown {
    const all = this[kind];
    const spec = { ...asked.body } as NonNullable<Payload["Spec"]>;
    if (id === "") return structuredClone(all);
    if (id === "create") {
      const { Data: data = "", ...others } = spec;
      const shown = kind === "configs" ? { Data: data } : {};
      all.push({
        ID: `id-${others.Name ?? ""}`,
        Version: { Index: 1 },
        Spec: { ...others, ...shown },
      });
      return { ID: `id-${others.Name ?? ""}` };
    }
    const item = found(
      all.find((one) => one.ID === id),
      id,
    );
    if (method === "GET") return structuredClone(item);
    if (verb === "update") {
      item.Version = { Index: raised(item.Version, asked) };
      item.Spec = spec;
      return undefined;
    }
    this.refuseUsed(id, item.Spec?.Name ?? "");
    all.splice(all.indexOf(item), 1);
    return undefined;
  }

  /** As Docker does: what a service refers to cannot be removed. */
  private refuseUsed(id: string, name: string): void {
    const user = this.services.find((service) => JSON.stringify(service.Spec).includes(`"${id}"`));
    if (user === undefined) return;
    const reason = `${name} is in use by the following service: ${user.Spec?.Name ?? ""}`;
    throw new EngineError("m1", "DELETE", 400, reason);
  }
}

function found<Item>(item: Item | undefined, what: string): Item {
  if (item === undefined) throw new EngineError("m1", "the call", 404, `${what} not found`);
  return item;
}

/** One text for one meaning: the order of keys means nothing. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    isTree(one) ? Object.fromEntries(Object.entries(one).sort()) : one,
  );
}

/** @throws EngineError when the version is not the present one */
function raised(version: { Index?: number } | undefined, { query }: Asked): number {
  const now = version?.Index ?? 0;
  if (query?.version !== now)
    throw new EngineError("m1", "the call", 500, "rpc error: update out of sequence");
  return now + 1;
}
