import type { Context } from "../../../provider/context";
import { quorumType } from "../../../provider/quorum/quorum";

// Proves what a plan is compared with and what its preview says; that nodes obey is the lab's matter.

describe("Quorum", () => {
  const state = {
    managers: ["m1", "m2", "m3"],
    tolerance: 1,
    reachable: ["m1", "m2"],
    declared: ["m1", "m2", "m3"],
    answer: "yes" as const,
  };
  const said: string[] = [];
  const nodes = ["m1", "m2", "m3", "w1"].map((name) => ({ Description: { Hostname: name } }));
  const context = {
    info: (text: string) => said.push(text),
    managers: { nodes: () => Promise.resolve(nodes) },
  } as unknown as Context;

  it.each<[string, object, object, object]>([
    ["nothing", {}, {}, {}],
    ["a manager that is down is no change of the plan", { reachable: [] }, {}, {}],
    [
      "one goes",
      {},
      { managers: ["m1", "m2"], tolerance: 0 },
      { managers: "update", tolerance: "update" },
    ],
    [
      "one becomes a worker",
      {},
      { managers: ["m1", "m2"], workers: ["m3"], tolerance: 0 },
      { managers: "update", tolerance: "update" },
    ],
    ["another one", {}, { managers: ["m1", "m2", "m4"] }, { managers: "update" }],
    ["one that was demoted by hand", { managers: ["m1", "m2"] }, {}, { managers: "update" }],
    [
      "a worker that was promoted by hand",
      { managers: ["m1", "m2", "m3", "w1"] },
      { workers: ["w1"] },
      { managers: "update" },
    ],
    ["somebody else's manager stays", { managers: ["m1", "m2", "m3", "x"] }, {}, {}],
  ])("shows: %s", (_what, old, news, changes) => {
    const declared = { managers: ["m1", "m2", "m3"], tolerance: 1 };
    const request = { id: "quorum", oldInputs: declared, old: { ...state, ...old } };
    expect(quorumType.diff({ ...request, news: { ...declared, ...news } })).toEqual({ changes });
  });

  it("says in the preview what a change does, and refuses one that loses the quorum", async () => {
    said.length = 0;
    await quorumType.preview?.({ managers: ["m1", "m2"], tolerance: 0 }, state, context);
    expect(said).toEqual([
      `what this does to the quorum:
  now:   3 managers, 2 reachable (m3 is not): the loss of 0 is survived
  1. m3 goes
  after: 2 managers, 2 reachable: the loss of 0 is survived`,
    ]);
    const preview = async (managers: string[], old: typeof state) =>
      quorumType.preview?.({ managers, tolerance: 0 }, old, context);
    await expect(preview(["m1", "m3"], state)).rejects.toThrow(
      "this plan would leave the swarm without a quorum",
    );
    const lost = { ...state, answer: "no quorum" } as unknown as typeof state;
    await expect(preview(["m1"], lost)).rejects.toThrow(
      "the swarm has no quorum, so no manager can join or go; nothing was changed.",
    );
  });

  it("tells promotions from joins, and demotions from farewells", async () => {
    said.length = 0;
    const one = { ...state, managers: ["m1"], reachable: ["m1"], declared: ["m1"], tolerance: 0 };
    const news = { managers: ["w1", "x1", "x2"], workers: ["m1"], tolerance: 1 };
    await quorumType.preview?.(news, one, context);
    expect(said[0]?.split("\n").slice(2, -1)).toEqual([
      "  1. w1 is promoted",
      "  2. x1 joins",
      "  3. x2 joins",
      "  4. m1 becomes a worker",
    ]);
  });

  it("knows a manager whose host name was changed by hand, and takes nobody else for it", async () => {
    const manager = (ID: string, name: string): object => ({
      ID,
      Description: { Hostname: name },
      ManagerStatus: { Reachability: "reachable" },
    });
    const asked: string[] = [];
    const among = (...listed: readonly object[]): Context =>
      ({
        managers: { nodes: () => Promise.resolve(listed) },
        machines: {
          has: () => true,
          get: (host: string) => ({
            engine: () => ({
              info: () => {
                asked.push(host);
                return host === "m3"
                  ? Promise.reject(new Error("no answer"))
                  : Promise.resolve({ Swarm: { NodeID: `id-${host}` } });
              },
            }),
          }),
        },
      }) as unknown as Context;
    const known = { inputs: { managers: ["m1", "m2", "m3"] }, state };
    const found = async (...listed: readonly object[]): Promise<readonly string[] | undefined> =>
      (await quorumType.read(among(...listed), "quorum", known))?.state.managers;
    const [one, two] = [manager("id-m1", "m1"), manager("id-m2", "elsewhere")];
    expect(await found(one, two, manager("id-m3", "m3"))).toEqual(["m1", "m2", "m3"]);
    expect(await found(one, two, manager("id-m3", "away"))).toEqual(["away", "m1", "m2"]);
    expect(asked.splice(0)).toEqual(["m2", "m2", "m3"]);
    expect(await found(one)).toEqual(["m1"]);
    expect(asked).toEqual([]);
  });
});
