import { once, EventEmitter } from "node:events";
import type { Task } from "@docker/node-sdk";
import pc from "picocolors";
import { HostUnreachableError } from "../../../hosts/errors";
import type { Machines } from "../../../hosts/machines";
import type { Environment } from "../../../cluster/environment";
import { Managers } from "../../../cluster/managers";
import type { Settings } from "../../../settings/schema";
import { plainScreen, terminalScreen } from "../../../status/screen";
import { watch, type Picture } from "../../../status/watch";

/** A swarm of one manager whose engine tells a test's events. */
class Swarm {
  running = 2;
  isDown = false;
  looks = 0;
  listening = 0;
  private readonly news = new EventEmitter();
  private heard: () => void = () => undefined;
  private ended: () => void = () => undefined;

  get subject(): { settings: Settings; environment: Environment } {
    const machines = { names: ["m1"], get: () => ({ engine: () => this.engine() }) };
    const managers = new Managers(machines as unknown as Machines, { declared: ["m1"] });
    const settings = { hosts: { m1: { role: "manager" } } } as unknown as Settings;
    return { settings, environment: { machines, managers, secrets: [] } as unknown as Environment };
  }

  /** As an engine tells it. */
  tell(): void {
    this.heard();
  }

  /** As when an engine restarts. */
  breakOff(): void {
    this.ended();
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await once(this.news, "look");
  }

  private engine(): object {
    return {
      request: async (_method: string, path: string) => Promise.resolve(this.answer(path)),
      info: async () => Promise.resolve(this.answer("/info")),
      onChange: (heard: () => void, ended: () => void) => {
        this.listening += 1;
        this.heard = heard;
        this.ended = ended;
        return () => undefined;
      },
    };
  }

  private answer(path: string): unknown {
    if (this.isDown) throw new HostUnreachableError("m1", "m1: nobody answers");
    if (path === "/info") return { Swarm: { LocalNodeState: "active", ControlAvailable: true } };
    if (path === "/swarm") return { ID: "c1" };
    if (path === "/tasks") {
      this.looks += 1;
      setImmediate(() => this.news.emit("look"));
      return [1, 2].map((slot): Task => ({
        ...{ ID: `t${slot}`, ServiceID: "s1", Slot: slot, NodeID: "n1" },
        DesiredState: "running",
        Status: { State: slot <= this.running ? "running" : "preparing" },
      }));
    }
    if (path === "/nodes")
      return [
        {
          ...{ ID: "n1", Description: { Hostname: "m1" }, Status: { State: "ready" } },
          ...{ ManagerStatus: { Leader: true, Reachability: "reachable" } },
        },
      ];
    return [
      {
        ID: "s1",
        Spec: { Name: "web", Mode: { Replicated: {} } },
        ServiceStatus: { RunningTasks: this.running, DesiredTasks: 2 },
      },
    ];
  }
}

let swarm: Swarm;
let blocks: string[];
let pictures: Picture[];
let stop: AbortController;
let watching: Promise<void>;

beforeEach(() => {
  swarm = new Swarm();
  blocks = [];
  pictures = [];
  stop = new AbortController();
  const out = { write: (text: string) => blocks.push(text) > 0 };
  const screen = plainScreen(out, pc.createColors(false), false);
  const show = (picture: Picture): void => {
    pictures.push(picture);
    screen.show(picture);
  };
  watching = watch(swarm.subject, undefined, show, stop.signal);
});

afterEach(async () => {
  stop.abort();
  await watching;
});

test("looks when an engine tells of a change, and writes a block only when something is another", async () => {
  await swarm.until(() => swarm.looks >= 2);
  const began = Date.now();
  swarm.tell();
  const looks = swarm.looks;
  await swarm.until(() => swarm.looks > looks);
  // By itself it would look after ten seconds.
  expect(Date.now() - began).toBeLessThan(2000);
  expect(blocks).toHaveLength(1);
  expect(blocks[0]).toMatch(/^--- \d{4}-\S+Z\n[^]*web +replicated +2\/2/);
  swarm.running = 1;
  swarm.tell();
  while (blocks.length < 2) await new Promise(setImmediate);
  expect(blocks[1]).toContain("service web runs 1 of 2 tasks");
});

test("keeps what was seen last while nobody answers, and says why", async () => {
  await swarm.until(() => swarm.looks >= 1);
  swarm.isDown = true;
  swarm.tell();
  while (pictures.at(-1)?.problem === undefined) await new Promise(setImmediate);
  expect(blocks.at(-1)).toMatch(/web +replicated +2\/2[^]*no longer certain: [^]*nobody answers/);
});

test("listens again to an engine that has stopped telling, not before ten seconds", async () => {
  await swarm.until(() => swarm.looks >= 1);
  expect(swarm.listening).toBe(1);
  swarm.breakOff();
  swarm.tell();
  const looks = swarm.looks;
  await swarm.until(() => swarm.looks > looks);
  expect(swarm.listening).toBe(1);
});

test("draws on a terminal only what is new, and no more than it has room for", async () => {
  await swarm.until(() => swarm.looks >= 1);
  while (pictures.length === 0) await new Promise(setImmediate);
  const [picture] = pictures;
  if (picture === undefined) throw new Error("nothing was seen");
  const drawn: string[] = [];
  const draw = Object.assign((text: string) => drawn.push(text), { done: () => undefined });
  const out = { columns: 80, rows: 12, write: () => true };
  const screen = terminalScreen(out, pc.createColors(false), draw);
  screen.show(picture);
  screen.show(picture);
  expect(drawn).toHaveLength(1);
  expect(drawn[0]?.split("\n").length).toBeLessThan(out.rows);
  expect(drawn[0]).toMatch(/… \d+ more lines?: make the window higher[^]*as of \S+; Ctrl-C ends$/);
  out.rows = 50;
  screen.redraw();
  expect(drawn[1]).toMatch(/web +replicated +2\/2/);
});
