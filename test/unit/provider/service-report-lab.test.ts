import type { Task } from "@docker/node-sdk";
import type { Context } from "../../../provider/context";
import { report } from "../../../provider/service/report";

// Proves that the report of a failure in a lab says which packages of the image are newer than what was proven.

const newer =
  "Debian has newer packages here than the lab was last proven with: server 2 (proven: 1).";

/** A swarm with one task, in a lab that knows one image. */
function contextOf(task: Task, isLab: boolean): Context {
  const engine = { request: () => Promise.resolve([task]) };
  const lab = {
    newerThanProven: (image: string) =>
      Promise.resolve(image === "mysql:5.7@sha256:0" ? newer : undefined),
  };
  return {
    managers: { use: async (call: (one: unknown) => Promise<unknown>) => call(engine) },
    signal: new AbortController().signal,
    lab: isLab ? lab : undefined,
  } as unknown as Context;
}

async function reported(state: string, image: string, isLab = true): Promise<string> {
  const task = {
    ID: "t",
    CreatedAt: "2026-01-02",
    DesiredState: "running",
    Slot: 1,
    Spec: { ContainerSpec: { Image: image } },
    Status: { State: state, Err: "task: non-zero exit (1)" },
  } as Task;
  const names = { service: "db", nodes: new Map<string, string>(), byNode: false };
  const outcome = {
    converged: false,
    line: "0/1 tasks running",
    isStuck: false,
    isHopeless: false,
    snapshot: { names, service: {}, tasks: [], closed: new Set<string>(), attempts: [] },
  };
  const failed = { id: "s", name: "db", outcome, since: "2026-01-01" };
  const { reason } = await report(contextOf(task, isLab), failed);
  return reason;
}

it("names them beside a task that failed", async () => {
  expect(await reported("failed", "mysql:5.7@sha256:0")).toContain(`\n  ${newer}\n`);
});

it.each([
  ["a task that waits", "pending", "mysql:5.7@sha256:0", true],
  ["an image that is not the lab's", "failed", "registry.example.org/mysql", true],
  ["machines that are no lab", "failed", "mysql:5.7@sha256:0", false],
])("says nothing of it for %s", async (_, state, image, isLab) => {
  expect(await reported(state, image, isLab)).not.toContain("newer");
});
