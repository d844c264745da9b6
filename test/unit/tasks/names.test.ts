import type { Node, Service, Task } from "@docker/node-sdk";
import { choose, findRunningTask, findService, serviceName } from "../../../tasks/names";

const nodes: Node[] = ["worker-1", "worker-2"].map((name) => ({
  ID: `id-${name}`,
  Description: { Hostname: name },
}));

function service(name: string, stack = "", mode: object = { Replicated: {} }): Service {
  const labels = stack === "" ? {} : { "com.docker.stack.namespace": stack };
  return { ID: `id-${name}`, Spec: { Name: name, Labels: labels, Mode: mode } };
}

function task(of: string, slot: number, node: string, state = "running", id = ""): Task {
  return {
    ID: id === "" ? `${of.replace("_", "")}${slot}${node}taskid` : id,
    ...{ ServiceID: `id-${of}`, Slot: slot, NodeID: `id-${node}` },
    DesiredState: state === "running" ? "running" : "shutdown",
    Status: { State: state, Timestamp: "2026-11-25T03:00:00Z" },
  } as Task;
}

const lists = {
  nodes,
  services: [
    service("web"),
    service("shop_web", "shop"),
    service("shop_db", "shop"),
    service("blog_db", "blog"),
    service("agent", "", { Global: {} }),
  ],
  tasks: [
    task("web", 1, "worker-1"),
    task("web", 2, "worker-2"),
    task("web", 2, "worker-1", "failed", "oldoldoldold"),
    task("shop_web", 1, "worker-1"),
    task("shop_db", 1, "worker-1", "rejected"),
    task("agent", 0, "worker-1", "running", "agentonworker1"),
    task("agent", 0, "worker-2", "running", "agentonworker2"),
  ],
};

const named = (word: string): string[] =>
  choose(word, lists).map(({ service: one, slot }) =>
    slot === undefined ? serviceName(one) : `${serviceName(one)} ${slot}`,
  );

describe("a word for logs", () => {
  it.each([
    ["web", ["web"]],
    ["shop_web", ["shop_web"]],
    ["shop", ["shop_db", "shop_web"]],
    ["web.2", ["web 2"]],
    ["agent@worker-1", ["agent id-worker-1"]],
    ["agent.worker-2", ["agent id-worker-2"]],
    ["shop_web.1", ["shop_web 1"]],
    ["oldoldold", ["web 2"]],
  ])("%s", (word, chosen) => {
    expect(named(word)).toEqual(chosen);
  });

  it.each([
    ["db", 'service: got "db", which may be blog_db, shop_db; expected one of them'],
    ["shp", 'Did you mean "shop"?'],
    ["web.9", 'service, stack or task: got "web.9"; expected agent, blog, blog_db, shop,'],
  ])("%s means nothing, or too much", (word, why) => {
    expect(() => named(word)).toThrow(why);
  });
});

describe("a task to run a command in", () => {
  it.each([
    ["web.2", "web2worker-2taskid"],
    ["web@worker-1", "web1worker-1taskid"],
    ["web.1@worker-1", "web1worker-1taskid"],
    ["web.2.web2worker-2taskid", "web2worker-2taskid"],
    ["shop_web", "shopweb1worker-1taskid"],
    ["agent@worker-2", "agentonworker2"],
    ["agentonworker1", "agentonworker1"],
  ])("%s", (word, id) => {
    expect(findRunningTask(word, lists).ID).toBe(id);
  });

  it.each([
    ["web", 'task: got "web", which may be web.1@worker-1, web.2@worker-2; expected one of them'],
    ["agent", "agent@worker-1, agent@worker-2; expected one of them"],
    [
      "shop_db.1",
      'task: got "shop_db.1", which is rejected; expected one that runs: agent@worker-1,',
    ],
    ["agentonworker", "agent@worker-1, agent@worker-2"],
    ["wbe.1", 'task: got "wbe.1"; expected agent@worker-1'],
    ["", 'task: got ""'],
  ])("%s means none, or several", (word, why) => {
    expect(() => findRunningTask(word, lists)).toThrow(why);
  });
});

test("a service's own name goes before another one's within its stack", () => {
  expect(findService("web", lists).ID).toBe("id-web");
});
