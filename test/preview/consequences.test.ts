import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { worldEntry } from "../../consequences/record";
import { foundIn, linesOf } from "../../tools/preview";
import { node, running, swarm } from "../unit/consequences/swarm";
import { Workspace } from "./harness";
import type { StoredResource } from "./harness";

/*
 * What goes stands in Pulumi's events alone: its provider is not asked about it. With the real CLI, a state that has a
 * service and a node, and a program that declares neither any more. No machine answers.
 */

const hostKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL admin@console";
const hosts = {
  "manager-1": { role: "manager", address: "127.0.0.1", port: 1, hostKey, user: "x" },
};
const program = `new Provider("swarm", { hosts: ${JSON.stringify(hosts)}, ssh: { password: "x" } });`;

const world = swarm(
  [node("worker-1"), node("worker-2")],
  running("db", ["worker-1"]),
  running("web", ["worker-1", "worker-2"]),
);

let workspace: Workspace;

jest.setTimeout(120_000);

beforeAll(async () => {
  workspace = await Workspace.open();
});

afterAll(async () => workspace.close());

/** A resource as an earlier run has left it. */
function stored(provider: StoredResource, type: string, name: string, inputs: object) {
  const { urn, id, ...rest } = provider;
  const own = urn.replace(/pulumi:providers:swarm::.*$/, `${type}::${name}`);
  const reference = `${urn}::${String(id)}`;
  return {
    ...rest,
    urn: own,
    type,
    custom: true,
    id: name,
    provider: reference,
    inputs,
    outputs: inputs,
  };
}

it("adds what goes to what a preview has found", async () => {
  const project = await workspace.project(program);
  expect((await project.up()).text).toContain("created");
  await project.editState((resources) => {
    const provider = resources.find(({ type }) => type === "pulumi:providers:swarm");
    if (provider === undefined) throw new Error("the state has no provider");
    const worker = { host: "worker-2", role: "worker", state: "ready", drain: "gentle" };
    return [
      ...resources,
      stored(provider, "swarm:index:Service", "db", { name: "db", image: "db:1" }),
      stored(provider, "swarm:index:Node", "worker-2", { ...worker, nodeId: "id of worker-2" }),
    ];
  });
  const file = join(project.directory, "events");
  const { code, text } = await project.preview("--event-log", file);
  expect({ code, text }).toMatchObject({ code: 0 });
  const record = JSON.stringify(worldEntry(world));
  const found = foundIn({ record, events: await readFile(file, "utf8") });
  expect(linesOf(found)).toEqual([
    "What this does to what runs:",
    "    db: its only task stops",
    "    worker-2 removed: 1 task moves (web)",
    "    1 task restarts on another node, 1 stops",
    "    no gap is expected",
    "",
  ]);
});
