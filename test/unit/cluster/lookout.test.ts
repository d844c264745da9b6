import { EngineError } from "../../../hosts/engine";
import type { Context } from "../../../provider/context";
import { sightOf } from "../../../cluster/lookout";
import type { Managers } from "../../../cluster/managers";
import { Run } from "../../../cluster/run";
import { awaitEnd } from "../../../provider/service/ending";

// Proves how often a manager is asked, and what each asker gets of the answer.

const GONE = "the service is gone: somebody has removed it. The next up makes it again.";

interface Question {
  readonly path: string;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

/** A manager with services of one task each. */
class Swarm {
  readonly asked: Question[] = [];
  ids = ["a", "b", "c"];
  /** Services that were removed, whose tasks have not ended. */
  left: string[] = [];
  /** Happens between the question for the services and that for their tasks. */
  meanwhile = (): void => undefined;

  /** Of one run. */
  readonly asker = { managers: this.managers(), run: new Run() };

  private managers(): Managers {
    const engine = {
      request: async (_method: string, path: string, { query }: { query: object }) => {
        const { filters = {} } = query as Partial<Pick<Question, "filters">>;
        this.asked.push({ path, filters });
        return Promise.resolve(path === "/services" ? this.services() : this.tasks(filters));
      },
    };
    const use = async (call: (one: unknown) => Promise<unknown>) => call(engine);
    // The list that Managers keeps for a moment: whoever drops it to see anew fetches it for itself alone.
    let list: Promise<unknown> | undefined;
    const tasks = async () =>
      (list ??= use(async () => engine.request("GET", "/tasks", { query: {} })));
    const invalidate = () => {
      list = undefined;
    };
    const nodes = async () => Promise.resolve([]);
    return { use, nodes, tasks, invalidate } as unknown as Managers;
  }

  private services(): object[] {
    const services = this.ids.map((ID) => ({ ID }));
    this.meanwhile();
    return services;
  }

  /** As Docker does: tasks of a service that it does not know are an error. */
  private tasks({ service = [] }: Question["filters"]): object[] {
    const unknown = service.find((id) => !this.ids.includes(id));
    if (unknown !== undefined)
      throw new EngineError("m1", "GET /tasks", 404, `service ${unknown} not found`);
    return [...this.ids, ...this.left].map((id) => ({
      ID: `task-${id}`,
      ServiceID: id,
      Status: { State: "running" },
    }));
  }
}

it("asks once for all that are looked at together, and gives each its own", async () => {
  const swarm = new Swarm();
  const { asker } = swarm;
  const seen = await Promise.all(["a", "b", "a"].map(async (id) => sightOf(asker, id)));
  expect(seen.map(({ service, tasks }) => [service.ID, tasks.map((task) => task.ID)])).toEqual([
    ["a", ["task-a"]],
    ["b", ["task-b"]],
    ["a", ["task-a"]],
  ]);
  const [services, tasks, ...more] = swarm.asked;
  expect(services).toEqual({ path: "/services", filters: { id: ["a", "b"] } });
  expect(tasks?.path).toBe("/tasks");
  expect(tasks?.filters["_up-to-date"]).toEqual(["true"]);
  expect(more).toEqual([]);
});

it("looks anew each time", async () => {
  const swarm = new Swarm();
  const { asker } = swarm;
  await sightOf(asker, "a");
  await sightOf(asker, "a");
  expect(swarm.asked).toHaveLength(4);
});

it("asks once for what is left of all services that end together, at each look", async () => {
  const swarm = new Swarm();
  swarm.ids = [];
  swarm.left = ["a", "b", "c"];
  const { asker } = swarm;
  const said: string[] = [];
  const context = {
    ...asker,
    progress: (text: string) => {
      said.push(text);
      if (said.length === 6) swarm.left = [];
    },
    signal: new AbortController().signal,
  } as unknown as Context;
  const old = (name: string) => ({ name, publishedPorts: [] });
  await Promise.all(["a", "b", "c"].map(async (id) => awaitEnd(context, id, old(id))));
  expect(said.slice(0, 3).sort()).toEqual(
    ["a", "b", "c"].map((id) => `1 task ending; ${id}.0 running`),
  );
  // Two looks at which three were left each, and one at which none was.
  expect(swarm.asked.map(({ path }) => path)).toEqual(["/tasks", "/tasks", "/tasks"]);
});

it("says of a service that it is gone, without harm to the others", async () => {
  const swarm = new Swarm();
  swarm.meanwhile = () => {
    swarm.ids = ["a"];
  };
  const { asker } = swarm;
  const [left, gone] = await Promise.allSettled([sightOf(asker, "a"), sightOf(asker, "b")]);
  expect(left).toMatchObject({ status: "fulfilled", value: { tasks: [{ ID: "task-a" }] } });
  expect(gone).toMatchObject({ reason: new Error(GONE) });
});

it("gives up when services go on vanishing", async () => {
  const swarm = new Swarm();
  swarm.meanwhile = () => {
    swarm.ids = swarm.ids[0] === "a" ? ["b"] : ["a"];
  };
  await expect(sightOf(swarm.asker, "a")).rejects.toThrow(/service . not found/);
  expect(swarm.asked).toHaveLength(6);
});
