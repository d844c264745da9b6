import type { Node, Service, Task } from "@docker/node-sdk";
import { serviceFinding } from "../../consequences/service";
import type { References } from "../../provider/fields/form";
import { getAt, setAt } from "../../provider/fields/paths";
import type { Tree } from "../../provider/fields/paths";
import { withArguments } from "../../provider/fields/table";
import { serviceTable } from "../../provider/service/table";
import type { RowChange } from "./rows";

/** A call of the Engine API. */
export type Ask = <T>(
  method: string,
  path: string,
  content?: {
    readonly query?: Record<string, string | number>;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  },
) => Promise<T>;

/** What a change did to the tasks of its service, and what was said of it before. */
export interface Verdict {
  readonly name: string;
  /** Tasks that Docker has put others in the place of. */
  readonly did: number;
  readonly said: number;
}

const constraintsAt = "TaskTemplate.Placement.Constraints";
const nowhere = "node.labels.nowhere==1";

/** An account as the Engine API takes it; no registry is asked for the image. */
const account = Buffer.from(JSON.stringify({ username: "u", password: "p" })).toString("base64url");

/**
 * Makes one service per change, changes all of them, and counts the tasks that were replaced. Most tasks find no node
 * and so start no container: whether a task is replaced depends on its node only where placement or the account of a
 * registry changes.
 */
export class Restarts {
  private readonly ask: Ask;

  constructor(ask: Ask) {
    this.ask = ask;
  }

  /**
   * @param networks - to be there already, by name; the secret S1 and the config C1 are made, and removed again
   * @param deadlineSeconds - for Docker to make, and to replace, all tasks
   */
  async of(
    changes: readonly RowChange[],
    networks: readonly string[],
    deadlineSeconds = 60,
  ): Promise<Verdict[]> {
    const names = new Map(changes.map((change, index) => [`row-${index}`, change]));
    const ids = await this.idsOf(networks);
    const references: References = {
      id: (kind, name) => ids.get(`${kind} ${name}`) ?? name,
      name: (kind, id) =>
        [...ids].find(([key, value]) => value === id && key.startsWith(kind))?.[0].split(" ")[1] ??
        id,
    };
    try {
      return await this.judged(names, references, deadlineSeconds);
    } finally {
      const { services } = await this.look();
      await inParallel(services, async ({ ID: id = "" }) => this.ask("DELETE", `/services/${id}`));
      await this.ask("DELETE", `/secrets/${ids.get("secret S1") ?? ""}`);
      await this.ask("DELETE", `/configs/${ids.get("config C1") ?? ""}`);
    }
  }

  private async idsOf(networks: readonly string[]): Promise<Map<string, string>> {
    const found = await this.ask<{ Id: string; Name: string }[]>("GET", "/networks");
    const body = (Name: string) => ({ body: { Name, Data: "YQ==" } });
    const secret = await this.ask<{ ID: string }>("POST", "/secrets/create", body("S1"));
    const config = await this.ask<{ ID: string }>("POST", "/configs/create", body("C1"));
    return new Map([
      ...found
        .filter(({ Name: name }) => networks.includes(name))
        .map(({ Id: id, Name: name }): [string, string] => [`network ${name}`, id]),
      ["secret S1", secret.ID],
      ["config C1", config.ID],
    ]);
  }

  private async judged(
    names: ReadonlyMap<string, RowChange>,
    references: References,
    deadlineSeconds: number,
  ): Promise<Verdict[]> {
    await inParallel([...names], async ([name, change]) => {
      await this.ask("POST", "/services/create", { body: spec(change, references, name) });
    });
    await this.ask("POST", "/services/create", { body: sentinel(0) });
    const before = await this.settled(deadlineSeconds, ({ services, tasks }) =>
      services.every((one) => {
        const isRunning = names.get(one.Spec?.Name ?? "")?.runs === true;
        const live = liveOf(tasks, one).filter(
          ({ Status: status }) => !isRunning || status?.State === "running",
        );
        return expected(one) <= live.length;
      }),
    );
    const nodes = await this.ask<Node[]>("GET", "/nodes");
    const world = { nodes, services: before.services, tasks: before.tasks };
    const said = new Map<string, number>();
    const own = before.services.filter(({ Spec: spec }) => names.has(spec?.Name ?? ""));
    await inParallel(own, async (service) => {
      const name = service.Spec?.Name ?? "";
      const change = names.get(name);
      if (change === undefined) return;
      const { isOtherAccount = false } = change;
      const after = spec(change, references, name, service.Spec as Tree);
      const finding = serviceFinding(world, { service, after, isOtherAccount });
      const isRun = finding.act === "run again";
      said.set(name, isRun ? finding.tasks.before : finding.restarted);
      await this.update(service, after, isOtherAccount ? { "X-Registry-Auth": account } : {});
    });
    for (const round of [1, 2]) await this.afterAll(round, deadlineSeconds);
    const after = await this.look();
    const live = new Set(after.tasks.filter(isWanted).map(({ ID: id }) => id));
    return own
      .map((service) => ({
        name: names.get(service.Spec?.Name ?? "")?.name ?? "",
        did: liveOf(before.tasks, service).filter(({ ID: id }) => !live.has(id)).length,
        said: said.get(service.Spec?.Name ?? "") ?? -1,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private async update(
    { ID: id = "", Version: version }: Service,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const query = { version: version?.Index ?? 0 };
    await this.ask("POST", `/services/${id}/update`, { query, body, headers });
  }

  /** The managers take up changes one after the other: when a later one shows, all before it were taken up. */
  private async afterAll(round: number, deadlineSeconds: number): Promise<void> {
    const { services, tasks } = await this.look();
    const last = services.find(({ Spec: spec }) => spec?.Name === "sentinel");
    if (last === undefined) throw new Error("the last service is gone");
    const old = new Set(liveOf(tasks, last).map(({ ID: id }) => id));
    await this.update(last, sentinel(round));
    await this.settled(deadlineSeconds, (sight) =>
      liveOf(sight.tasks, last).some(({ ID: id }) => !old.has(id)),
    );
  }

  private async look(): Promise<{ services: Service[]; tasks: Task[] }> {
    const [services, tasks] = await Promise.all([
      this.ask<Service[]>("GET", "/services"),
      this.ask<Task[]>("GET", "/tasks"),
    ]);
    const own = /^(row-\d+|sentinel)$/;
    return { services: services.filter(({ Spec: spec }) => own.test(spec?.Name ?? "")), tasks };
  }

  private async settled(
    deadlineSeconds: number,
    isSo: (sight: { services: Service[]; tasks: Task[] }) => boolean,
  ): Promise<{ services: Service[]; tasks: Task[] }> {
    const deadline = Date.now() + deadlineSeconds * 1000;
    for (;;) {
      const sight = await this.look();
      if (isSo(sight)) return sight;
      if (Date.now() > deadline)
        throw new Error(`Docker has not made or replaced the tasks within ${deadlineSeconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

/** The definition before a change or, with the live one, after it. */
function spec(change: RowChange, references: References, name: string, live?: Tree): Tree {
  const declared = { ...(live === undefined ? change.from : change.to), name };
  const made = withArguments(serviceTable, live ?? {}, declared, references);
  if (change.runs === true) return made;
  const constraints = (getAt(made, constraintsAt) ?? []) as string[];
  if (!constraints.includes(nowhere)) setAt(made, constraintsAt, [...constraints, nowhere]);
  return made;
}

function sentinel(round: number): Tree {
  return {
    Name: "sentinel",
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ContainerSpec: { Image: "redis:3.0.6" },
      Placement: { Constraints: [nowhere] },
      ForceUpdate: round,
    },
  };
}

/** Tasks that a service has when nothing finds a node: one that is global has none. */
function expected({ Spec: spec }: Service): number {
  const { Replicated: service, ReplicatedJob: job } = spec?.Mode ?? {};
  if (service !== undefined) return service.Replicas ?? 0;
  return Math.min(job?.MaxConcurrent ?? 0, job?.TotalCompletions ?? 0);
}

function isWanted({ DesiredState: wanted = "new" }: Task): boolean {
  return ["ready", "running", "complete"].includes(wanted);
}

function liveOf(tasks: readonly Task[], { ID: id }: Service): Task[] {
  return tasks.filter((task) => task.ServiceID === id && isWanted(task));
}

/** Eight at a time. @throws Error naming all that failed */
async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const failures: string[] = [];
  const queue = [...items];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await act(item).catch((error: unknown) => {
        failures.push(`${JSON.stringify(item).slice(0, 300)}: ${String(error)}`);
      });
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  if (failures.length > 0) throw new Error(failures.join("\n"));
}
