/**
 * A small cluster is made, changed and taken down while the run is cut off: the plugin is killed, everything is, or the
 * connections drop, right before and right after every kind of call that changes something on a machine, at a seeded
 * sample of the other calls, and at the steps in which a lab is made. Each time the next run comes to just what is
 * declared, and no run says anything untrue.
 *
 * Does not prove: a cut in the middle of one call of the Engine API; machines that lose their power (swarm-trouble).
 */
import { CutStory } from "./cut-story";
import type { Generations } from "./cut-state";
import { minute } from "./story";

const story = new CutStory("cut-anywhere");

// The limits are guards against hanging: on a busy machine each of a hundred runs takes a minute and more.

beforeAll(() => story.make(), 5 * minute);

afterAll(async () => {
  console.log(story.table.toString());
  await story.clear();
}, 10 * minute);

it(
  "makes a lab, killed at each of its steps",
  async () => {
    await story.cutLab([
      "network/network.pid",
      "services/repository.pid",
      "services/registry.pid",
      "machines/manager-1/host_key",
      "machines/manager-1/disk.img.tmp",
      "machines/manager-1/disk.img",
      "machines/manager-1/memory",
      "machines/manager-1/console.pid",
    ]);
  },
  30 * minute,
);

it(
  "makes a swarm of a bare machine, cut at each kind of call",
  async () => {
    await story.boot("manager-1");
    story.declare({ objects: 1, services: 1, host: 1, engine: 1 });
    await story.cutThrough("up", 80);
  },
  90 * minute,
);

it.each<[string, (keyof Generations)[], number]>([
  ["what no task uses", ["objects"], 4],
  ["services, with their secret and config", ["services"], 3],
  ["the machine's own settings", ["host"], 2],
  ["the engine's settings", ["engine"], 1],
])(
  "changes %s, each cut in a run of its own",
  async (_, parts, sample) => {
    await story.stand();
    const planned = story.plan(await story.count(parts), sample);
    for (const cut of planned) await story.cutOnce(parts, cut);
  },
  90 * minute,
);

it.each(["joins", "takes out"])(
  "%s a worker, cut at each kind of call that nothing else makes",
  async (what) => {
    await story.stand();
    await story.boot("worker-1");
    story.cast(what === "joins" ? ["manager-1", "worker-1"] : ["manager-1"]);
    await story.cutThrough("up", 80);
  },
  60 * minute,
);

it(
  "takes a swarm down, cut at each kind of call",
  async () => {
    await story.stand();
    await story.cutThrough("destroy", 40);
  },
  60 * minute,
);

it("has made enough cuts, and all were recovered", () => {
  expect(story.table.made).toBeGreaterThanOrEqual(60);
  expect(story.table.recovered).toBe(story.table.made);
});
