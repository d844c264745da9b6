import fc from "fast-check";
import { courseOf, describePlan, neededOf, refusalOf, toleranceOf } from "../../../cluster/quorum";
import type { ManagerPlan, Member } from "../../../cluster/quorum";

// Proves the arithmetic and the texts of the preview; that nodes obey is the lab's matter.

function members(up: string, down = ""): Member[] {
  const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");
  return [
    ...words(up).map((name) => ({ name, reachable: true })),
    ...words(down).map((name) => ({ name, reachable: false })),
  ];
}

const plan = (now: Member[], joins: string[], leaves: string[]): ManagerPlan => ({
  now,
  joins,
  leaves,
});

describe("describePlan", () => {
  it.each<[string, ManagerPlan, string]>([
    [
      "three to five",
      plan(members("m1 m2 m3"), ["m5", "m4"], []),
      `what this does to the quorum:
  now:   3 managers, 3 reachable: the loss of 1 is survived
  1. m4 joins
  2. m5 joins
  after: 5 managers, 5 reachable: the loss of 2 is survived`,
    ],
    [
      "five to three, the dead first",
      plan(members("m1 m2 m3 m4", "m5"), [], ["m4", "m5"]),
      `what this does to the quorum:
  now:   5 managers, 4 reachable (m5 is not): the loss of 1 is survived
  1. m5 goes
  2. m4 goes
  after: 3 managers, 3 reachable: the loss of 1 is survived`,
    ],
    [
      "a dead one of three replaced: it goes first, because two of four would be no majority",
      plan(members("m1 m2", "m3"), ["m4"], ["m3"]),
      `what this does to the quorum:
  now:   3 managers, 2 reachable (m3 is not): the loss of 0 is survived
  1. m3 goes
  2. m4 joins
  after: 3 managers, 3 reachable: the loss of 1 is survived`,
    ],
    [
      "a dead one of five replaced: the new one joins first",
      plan(members("m1 m2 m3 m4", "m5"), ["m6"], ["m5"]),
      `what this does to the quorum:
  now:   5 managers, 4 reachable (m5 is not): the loss of 1 is survived
  1. m6 joins
  2. m5 goes
  after: 5 managers, 5 reachable: the loss of 2 is survived`,
    ],
    [
      "three to two",
      plan(members("m1 m2 m3"), [], ["m3"]),
      `what this does to the quorum:
  now:   3 managers, 3 reachable: the loss of 1 is survived
  1. m3 goes
  after: 2 managers, 2 reachable: the loss of 0 is survived`,
    ],
    [
      "the only manager replaced",
      plan(members("m1"), ["m2"], ["m1"]),
      `what this does to the quorum:
  now:   1 manager, 1 reachable: the loss of 0 is survived
  1. m2 joins
  2. m1 goes
  after: 1 manager, 1 reachable: the loss of 0 is survived`,
    ],
  ])("%s", (_what, given, text) => {
    expect(describePlan(given)).toBe(text);
    expect(refusalOf(given)).toBeUndefined();
  });
});

describe("refusalOf", () => {
  it.each<[string, ManagerPlan, string]>([
    [
      "a living one goes while a dead one stays",
      plan(members("m1 m2", "m3"), [], ["m2"]),
      `this plan would leave the swarm without a quorum; nothing was changed.
  now:   3 managers, 2 reachable (m3 is not): the loss of 0 is survived
  after: 2 managers, 1 reachable (m3 is not): 2 are needed
The order that works:
  1. bring m3 back, or take it out, and run up
  2. then let m2 go`,
    ],
    [
      "two go while two dead ones stay",
      plan(members("m1 m2 m3", "m4 m5"), [], ["m2", "m3"]),
      `this plan would leave the swarm without a quorum; nothing was changed.
  now:   5 managers, 3 reachable (m4, m5 are not): the loss of 0 is survived
  after: 3 managers, 1 reachable (m4, m5 are not): 2 are needed
The order that works:
  1. bring m4 and m5 back, or take them out, and run up
  2. then let m2 and m3 go`,
    ],
    [
      "the last manager goes",
      plan(members("m1"), [], ["m1"]),
      `m1 is the last manager: without it there is no swarm; nothing was changed.
  now:   1 manager, 1 reachable: the loss of 0 is survived
Make another host a manager in the same run, or take the whole swarm down with destroy.`,
    ],
    [
      "there is no quorum to begin with",
      plan(members("m1", "m2 m3"), ["m4"], ["m2"]),
      `the swarm has no quorum, so no manager can join or go; nothing was changed.
  now:   3 managers, 1 reachable (m2, m3 are not): 2 are needed
Bring m2 or m3 back first; the swarm then goes on by itself.`,
    ],
  ])("%s", (_what, given, text) => {
    expect(refusalOf(given)).toBe(text);
  });
});

describe("courseOf", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const plans = fc
    .record({
      now: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
      down: fc.subarray(names),
      joins: fc.subarray(["n1", "n2", "n3"]),
      leaves: fc.subarray(names),
    })
    .map(({ now, down, joins, leaves }) =>
      plan(
        now.map((name) => ({ name, reachable: !down.includes(name) })),
        joins,
        leaves.filter((name) => now.includes(name)),
      ),
    );

  it("never takes a step that leaves too few, and ends where it should", () => {
    fc.assert(
      fc.property(plans, (given) => {
        const { steps, after, stopsAt } = courseOf(given);
        let now = [...given.now];
        for (const step of steps) {
          expect(toleranceOf(now)).toBeGreaterThanOrEqual(0);
          const [name = "", what] = step.split(" ");
          if (what === "joins") now.push({ name, reachable: true });
          else now = now.filter((one) => one.name !== name);
          expect(toleranceOf(now)).toBeGreaterThanOrEqual(0);
        }
        if (stopsAt !== undefined) return;
        const stay = given.now.filter(({ name }) => !given.leaves.includes(name));
        const names = [...stay.map(({ name }) => name), ...given.joins];
        expect(after.map(({ name }) => name).sort()).toEqual(names.sort());
      }),
    );
  });

  it("refuses nothing that keeps a majority of the living in the end", () => {
    fc.assert(
      fc.property(plans, (given) => {
        const { stopsAt } = courseOf(given);
        const stay = given.now.filter(({ name }) => !given.leaves.includes(name));
        const end = [...stay, ...given.joins.map((name) => ({ name, reachable: true }))];
        const works = end.length > 0 && toleranceOf(given.now) >= 0 && toleranceOf(end) >= 0;
        expect(stopsAt === undefined).toBe(works);
      }),
    );
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [7, 4],
  ])("of %i managers %i are needed", (managers, needed) => {
    expect(neededOf(managers)).toBe(needed);
  });
});
