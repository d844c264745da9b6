import type { Context } from "../../../provider/context";
import { identities, meetOthers } from "../../../cluster/identity";
import { Run } from "../../../cluster/run";

// Proves who is asked and what is kept; the texts are the preflight's.

type Given = Pick<Context, "lab" | "machines" | "roles" | "run">;

function given(ids: Readonly<Record<string, string | undefined>>): {
  readonly context: Given;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const get = (host: string): object => ({
    run: async () => {
      calls.push(host);
      const id = ids[host];
      if (id === undefined) throw new Error("no route");
      return Promise.resolve({ stdout: `${id}\n` });
    },
  });
  const roles = new Map(Object.keys(ids).map((host) => [host, "worker"]));
  const context = { machines: { get }, roles, run: new Run(), lab: undefined };
  return { context: context as unknown as Given, calls };
}

describe("who the machines of a run are", () => {
  it("is asked once, of all that are declared and answer", async () => {
    const { context, calls } = given({ m1: "a", w1: "b", w2: undefined });
    await Promise.all([meetOthers(context), meetOthers(context)]);
    expect(calls).toEqual(["m1", "w1", "w2"]);
    const known = identities(context, { host: "w3", hostname: "w3" }, "a");
    expect(Object.fromEntries(known)).toEqual({
      m1: { machineId: "a" },
      w1: { machineId: "b" },
      w3: { machineId: "a", hostname: "w3" },
    });
  });

  it("is what was seen on the machine itself, where that was looked at", async () => {
    const { context } = given({ m1: "old" });
    identities(context, { host: "m1", hostname: "one" }, "new");
    await meetOthers(context);
    const known = identities(context, { host: "w1", hostname: "w1" }, "b");
    expect(known.get("m1")).toEqual({ machineId: "new", hostname: "one" });
  });

  it("leaves out machines of the lab that are still to be made", async () => {
    const { context, calls } = given({ m1: "a" });
    const lab = { machine: () => ({ state: async () => Promise.resolve("absent") }) };
    await meetOthers({ ...context, lab } as unknown as Given);
    expect(calls).toEqual([]);
  });
});
