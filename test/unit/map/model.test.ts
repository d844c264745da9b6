import type { Task } from "@docker/node-sdk";
import { changeBetween, changed } from "../../../map/change";
import { happenings } from "../../../map/happenings";
import type { Look } from "../../../map/look";
import { pictureOf } from "../../../map/model";
import type { Picture, Tile } from "../../../map/picture";
import { detailOf } from "../../../map/tiles";
import { MovingSwarm, shop } from "./moving-swarm";

async function pictured(swarm: MovingSwarm, edit = (look: Look): Look => look): Promise<Picture> {
  return pictureOf(edit(await swarm.look()), swarm.declared);
}

function tileOf(picture: Picture, name: string): Tile {
  const found = picture.tiles.filter((tile) => tile.name === name);
  const [tile] = found;
  if (tile === undefined || found.length > 1) throw new Error(`${found.length} tiles of ${name}`);
  return tile;
}

/** One service with one place, and these tasks in it. */
async function withTasks(...tasks: readonly Partial<Task>[]): Promise<Picture> {
  const swarm = new MovingSwarm(1, 1, [{ name: "web", replicas: 1 }]);
  return pictured(swarm, (look) => ({
    ...look,
    tasks: tasks.map((task, at) => ({
      ...{ ID: `t${at}`, ServiceID: "idweb", Slot: 1, NodeID: "idworker-1" },
      ...{ DesiredState: "running" as const },
      ...task,
    })),
  }));
}

describe("the picture of the swarm", () => {
  it("names every node with its part, its labels and what is reserved on it", async () => {
    const swarm = shop();
    swarm.drain("worker-2");
    const { nodes } = await pictured(swarm);
    expect(nodes.map(({ name }) => name)).toEqual([
      ...["manager-1", "manager-2", "manager-3", "worker-1", "worker-2", "worker-3"],
    ]);
    expect(nodes[0]).toMatchObject({ manager: "leader", state: "ready", engine: "29.1.2" });
    expect(nodes[4]).toMatchObject({ availability: "drain", labels: ["tier=db", "zone=z2"] });
    expect(nodes[4]?.cpu).toEqual({ reserved: 0, total: 4 });
    const onFirst = (await swarm.look()).tasks.filter(({ NodeID }) => NodeID === "idmanager-1");
    expect(nodes[0]?.cpu.reserved).toBe(onFirst.length / 4);
    expect(nodes[0]?.memory.reserved).toBe(onFirst.length * 256 * 1024 ** 2);
  });

  it("shows a declared host that never joined", async () => {
    const swarm = shop();
    const declared = { ...swarm.declared, hosts: { "worker-9": { role: "worker" as const } } };
    const { nodes, head } = pictureOf(await swarm.look(), declared);
    expect(nodes.at(-1)).toMatchObject({ name: "worker-9", state: "not in the swarm" });
    expect(head.complaints).toContain("node worker-9 is not in the swarm");
  });

  it("says how strong the quorum is, and who leads", async () => {
    const swarm = shop();
    expect((await pictured(swarm)).head.strength).toBe("safe");
    swarm.lose("manager-1");
    const { head } = await pictured(swarm);
    expect(head.strength).toBe("bare");
    expect(head.managers).toEqual([
      { name: "manager-1", state: "unreachable" },
      { name: "manager-2", state: "leader" },
      { name: "manager-3", state: "reachable" },
    ]);
    swarm.lose("manager-2");
    expect((await pictured(swarm)).head.strength).toBe("lost");
  });

  it("says of a service its stack, image, digest, ports and networks", async () => {
    const { services } = await pictured(shop());
    expect(services.find(({ name }) => name === "shop_web")).toMatchObject({
      ...{ stack: "shop", running: 6, desired: 6, image: "nginx:1.29" },
      ...{ digest: `sha256:${"5f".repeat(32)}`, ports: ["8080→80/tcp"], published: [8080] },
      networks: ["shop_front"],
    });
  });

  it("gives names and states alone: no environment, no arguments", async () => {
    const swarm = shop();
    const look = await swarm.look();
    expect(JSON.stringify(look)).toContain("hunter2");
    const id = swarm.taskAt("shop_web.1").ID ?? "";
    const all = JSON.stringify([pictureOf(look, swarm.declared), detailOf(look, id, [])]);
    expect(all).not.toContain("hunter2");
    expect(all).not.toContain("PASSWORD");
  });

  it("is the same for the same lists, in whatever order Docker gives them", async () => {
    const swarm = shop();
    swarm.kill("shop_api.1");
    const turned = await pictured(swarm, (look) => ({
      ...look,
      nodes: [...look.nodes].reverse(),
      services: [...look.services].reverse(),
      tasks: [...look.tasks].reverse(),
    }));
    expect(JSON.stringify(turned)).toBe(JSON.stringify(await pictured(swarm)));
  });

  it("writes out what a name of others would do to a terminal or a page", async () => {
    const picture = await withTasks({
      Status: { State: "running", Err: "\u001b[31m\u202egnp.exe" },
    });
    expect(picture.tiles[0]?.error).toBe("\\u001b[31m\\u202egnp.exe");
  });

  it.each<[string, Partial<Task>, Partial<Tile>]>([
    ["running", { Status: { State: "running" } }, { condition: "running" }],
    ["on its way", { Status: { State: "preparing" } }, { condition: "starting" }],
    [
      "without a node",
      { NodeID: "", Status: { State: "pending", Err: "no suitable node" } },
      { condition: "waiting", error: "no suitable node", node: "" },
    ],
    [
      "told to end",
      { DesiredState: "shutdown", Status: { State: "running" } },
      { condition: "stopping" },
    ],
    [
      "failed for good",
      { DesiredState: "shutdown", Status: { State: "failed", ContainerStatus: { ExitCode: 3 } } },
      { condition: "failed", failures: 1 },
    ],
    [
      "a job that has done its work",
      { DesiredState: "complete", Status: { State: "complete" } },
      { condition: "done" },
    ],
  ])("shows a task that is %s", async (_what, task, tile) => {
    expect((await withTasks(task)).tiles).toEqual([expect.objectContaining(tile)]);
  });

  it("shows no task that was told to end and has", async () => {
    const { tiles } = await withTasks({ DesiredState: "shutdown", Status: { State: "shutdown" } });
    expect(tiles).toEqual([]);
  });

  it("shows the task that runs and counts those that failed before it", async () => {
    const failed = { DesiredState: "shutdown", Status: { State: "failed" } } as const;
    const { tiles } = await withTasks(failed, failed, { Status: { State: "running" } });
    expect(tiles).toEqual([expect.objectContaining({ id: "t2", failures: 2 })]);
  });

  it("says of tasks on a node that is down that nobody knows", async () => {
    const swarm = shop();
    const place = swarm.nodeOf("shop_web.1");
    swarm.lose(place);
    const { tiles } = await pictured(swarm);
    const twice = tiles.filter(({ name }) => name === "shop_web.1");
    expect(twice.map(({ condition }) => condition).sort()).toEqual(["lost", "running"]);
    expect(twice.find(({ condition }) => condition === "lost")?.health).toBe("");
  });

  it("says of a health check only where one is declared", async () => {
    const swarm = shop();
    swarm.startSlowly("shop_web.2");
    const picture = await pictured(swarm);
    expect(tileOf(picture, "shop_web.1").health).toBe("passed");
    expect(tileOf(picture, "shop_web.2").health).toBe("not yet");
    expect(tileOf(picture, "shop_queue.1").health).toBe("");
  });

  it("names tasks of global services by their node", async () => {
    const { tiles } = await pictured(shop());
    expect(tiles.map(({ name }) => name)).toContain("agent.worker-3");
  });
});

describe("the details of a task", () => {
  it("hold its image, its lines, and those before it in its place with their reasons", async () => {
    const swarm = shop();
    const from = swarm.nodeOf("shop_db.1");
    swarm.kill("shop_db.1");
    const look = await swarm.look();
    const id = swarm.taskAt("shop_db.1").ID ?? "";
    const detail = detailOf(look, id, ["ready \u001b[2J"]);
    expect(detail).toMatchObject({
      ...{ image: "postgres:16", digest: `sha256:${"5f".repeat(32)}` },
      ...{ reservations: "0.25 processors, 256 MiB memory", log: ["ready \\u001b[2J"] },
    });
    expect(detail?.history).toEqual([
      expect.objectContaining({ state: "failed", node: from, error: "task: non-zero exit (137)" }),
    ]);
    expect(detailOf(look, "nobody", [])).toBeUndefined();
  });
});

describe("a change", () => {
  it("holds what is new and leads to the same picture", async () => {
    const swarm = shop();
    const before = await pictured(swarm);
    const old = swarm.taskAt("shop_web.1").ID ?? "";
    swarm.kill("shop_web.1");
    const after = await pictured(swarm);
    const change = changeBetween(before, after);
    expect(change?.tiles?.gone).toEqual([old]);
    expect(change?.tiles?.set.map(({ name }) => name)).toEqual(["shop_web.1"]);
    expect(change?.services).toBeUndefined();
    expect(changed(before, change ?? {})).toEqual(after);
    expect(changed(before, change ?? {}).services).toBe(before.services);
    expect(changeBetween(after, await pictured(swarm))).toBeUndefined();
  });

  it("is told in words: what moved, what a node is now", async () => {
    const swarm = shop();
    const before = await pictured(swarm);
    const from = swarm.nodeOf("shop_db.1");
    swarm.drain(from);
    const words = happenings(before, await pictured(swarm));
    expect(words).toContainEqual(expect.stringMatching(`node ${from} is now .*drained`));
    expect(words).toContain(`shop_db.1 moves from ${from} to ${swarm.nodeOf("shop_db.1")}`);
    expect(words).toContain(`agent.${from} is gone from ${from}`);
    expect(happenings(before, before)).toEqual([]);
  });
});
