import { lineOf } from "../../../consequences/lines";
import { costIn, entriesIn, findingEntry, worldEntry } from "../../../consequences/record";
import type { Entry } from "../../../consequences/record";
import { consequencesOf } from "../../../consequences/run";
import { serviceFinding } from "../../../consequences/service";
import { foundIn, linesOf, withFound } from "../../../tools/preview";
import { noCost } from "../../../units/cost";
import { changed, gib, node, running, swarm } from "./swarm";

const reserve = (amount: number) => ({
  Resources: { Reservations: { MemoryBytes: amount * gib } },
});
const web = running("web", ["worker-1", "worker-2"], { TaskTemplate: reserve(1) });
const db = running("db", ["worker-1"], {
  TaskTemplate: {
    ContainerSpec: { Image: "db:1", Env: ["PASSWORD=secret"], Command: ["secret"] },
    ...reserve(2),
  },
});
const world = swarm([node("worker-1"), node("worker-2")], web, db);

function updated(amount: number): Entry {
  const after = changed(web, (spec) => {
    Object.assign(spec.TaskTemplate, reserve(amount));
  });
  const finding = serviceFinding(world, { service: web.service, after });
  return findingEntry(finding, { service: { name: "web", spec: after } });
}

const lines = (...entries: Entry[]) => entries.map((entry) => JSON.stringify(entry)).join("\n");

describe("a whole run", () => {
  it("adds up restarts, gaps and what is reserved on each node", () => {
    const found = consequencesOf([worldEntry(world), updated(2)], []);
    expect(found?.lines).toEqual([
      "2 tasks restart",
      "no gap is expected",
      "worker-1: reserved 3 GiB → 4 GiB of 4 GiB",
      "worker-2: reserved 1 GiB → 2 GiB of 4 GiB",
    ]);
  });

  it("says before it starts that no node can carry it, with all changes together", () => {
    const found = consequencesOf(
      [worldEntry(world), updated(3)],
      [{ kind: "node", name: "worker-2" }],
    );
    expect(found?.removed).toEqual(["worker-2 removed: 1 task moves (web)"]);
    expect(found?.summary.unplaceable).toEqual([
      {
        service: "web",
        tasks: 2,
        why: "no memory to spare on worker-1 (each task reserves 3 GiB)",
      },
    ]);
  });

  it("counts what goes, which no provider is asked about", () => {
    const removal = (name: string) => ({
      resourcePreEvent: {
        metadata: { op: "delete", type: "swarm:index:Service", old: { inputs: { name } } },
      },
    });
    const record = lines(worldEntry(world), updated(1));
    const found = foundIn({ record, events: `${JSON.stringify(removal("db"))}\n{"cut` });
    expect(linesOf(found)).toEqual([
      "What this does to what runs:",
      "    db: its only task stops",
      "    no task restarts, 1 stops",
      "    no gap is expected",
      "    worker-1: reserved 3 GiB → 1 GiB of 4 GiB",
      "",
    ]);
  });

  it("is silent where nothing that runs is touched, and where nobody could be asked", () => {
    expect(linesOf(foundIn({ record: "", events: "" }))).toEqual([]);
    expect(linesOf(foundIn({ record: lines(worldEntry(world)), events: "" }))).toEqual([]);
  });
});

describe("the record", () => {
  it("holds nothing of what services run or know", () => {
    expect(JSON.stringify(worldEntry(world))).not.toContain("secret");
    expect(JSON.stringify(worldEntry(world))).not.toContain("PASSWORD");
  });

  it("is read as far as it was written", () => {
    const whole = lines(worldEntry(world), updated(2));
    expect(entriesIn(whole.slice(0, -10))).toHaveLength(1);
    expect(entriesIn(whole)).toHaveLength(2);
  });
});

describe("the preview's JSON", () => {
  const found = consequencesOf([worldEntry(world), updated(2)], []);

  it("has the consequences and the cost beside Pulumi's own", () => {
    const digest = JSON.parse(withFound('{"steps":[]}', { found, cost: noCost })) as object;
    expect(digest).toEqual({
      steps: [],
      consequences: expect.objectContaining({
        summary: expect.objectContaining({ restarted: 2, gaps: [] }) as unknown,
      }) as unknown,
      cost: noCost,
    });
  });

  it("is Pulumi's own but for the cost where nothing that runs is touched", () => {
    const digest = withFound('{"steps":[]}', { found: undefined, cost: noCost });
    expect(JSON.parse(digest)).toEqual({ steps: [], cost: noCost });
  });

  it("is Pulumi's own where it is no single object", () => {
    expect(withFound("{}\n{}\n", { found, cost: noCost })).toBe("{}\n{}\n");
  });

  it("adds up what all plugins of the run have asked", () => {
    const one = { connections: 1, sessions: 2, engineCalls: 3, sent: 400, received: 500 };
    const record = [{ cost: one }, worldEntry(world), { cost: { ...one, sessions: 5 } }];
    const text = record.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    expect(costIn(entriesIn(text))).toEqual({
      connections: 2,
      sessions: 7,
      engineCalls: 6,
      sent: 800,
      received: 1000,
    });
  });
});

describe("what is replaced", () => {
  it("names the services that use it", () => {
    const services = ["api", "db", "jobs", "web", "zoo"];
    expect(lineOf({ kind: "network", name: "front", services })).toBe(
      "network front is replaced: 5 services stop and start (api, db, jobs, web, and 1 more)",
    );
    expect(lineOf({ kind: "secret", name: "pw", services: ["web", "api"] })).toBe(
      "secret pw is rotated: api, web restart in turn",
    );
  });
});
