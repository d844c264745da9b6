import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Node, Service, Task } from "@docker/node-sdk";
import pc from "picocolors";
import type { Managers } from "../../../cluster/managers";
import { Directory } from "../../../tasks/directory";
import { LogPrinter } from "../../../tasks/log-printer";
import type { LogLook } from "../../../tasks/log-printer";
import { parseLogArguments } from "../../../tasks/logs";

const now = Date.parse("2026-11-25T03:00:00Z");

describe("the words after npm run logs", () => {
  it.each([
    [["web"], { words: ["web"], follow: true, tail: 100, since: undefined, timestamps: false }],
    [["web", "db.1", "--no-follow", "-t"], { words: ["web", "db.1"], follow: false }],
    [["web", "--grep", "error"], { tail: 1000, pattern: /error/u }],
    [["web", "--grep", "a+", "-i"], { pattern: /a+/iu }],
    [["web", "--since", "10m"], { since: `${now / 1000 - 600}.000`, tail: "all" }],
    [["web", "--since", "1h30m", "--tail", "5"], { since: `${now / 1000 - 5400}.000`, tail: 5 }],
    [["web", "--since", "2026-11-25T02:00:00Z"], { since: `${now / 1000 - 3600}.000` }],
    [["web", "--tail=all"], { tail: "all" }],
  ])("%j", (words, expected) => {
    expect(parseLogArguments(words, now)).toMatchObject(expected);
  });

  it.each([
    [[], "logs: got no name; expected services, stacks or tasks"],
    [["web", "--tail", "-1"], "--tail"],
    [["web", "--tail", "some"], '--tail: got "some"; expected a number of lines, or all'],
    [["web", "--since", "soon"], '--since: got "soon"; expected such as 10m'],
    [["web", "--since", "2027-01-01"], "which is to come"],
    [["web", "--grep", "("], '--grep: got "("; expected a regular expression'],
    [["web", "--folow"], "--folow"],
  ])("%j is refused", (words, why) => {
    expect(() => parseLogArguments(words, now)).toThrow(why);
  });
});

const web: Service = { ID: "s1", Spec: { Name: "web", Mode: { Replicated: {} } } };
const nodes: Node[] = [{ ID: "n1", Description: { Hostname: "worker-1" } }];
const taskOf = (id: string, slot: number): Task => ({
  ID: id,
  ServiceID: "s1",
  NodeID: "n1",
  Slot: slot,
});

function line(taskId: string, second: number, written: string) {
  const time = `2026-11-25T03:00:0${second}.000000000Z`;
  return { taskId, time, source: "stdout" as const, text: written };
}

async function printed(
  lines: readonly ReturnType<typeof line>[],
  look: Partial<LogLook> = {},
  columns?: number,
): Promise<string> {
  const managers = {
    invalidate: () => undefined,
    services: () => Promise.resolve([web]),
    nodes: () => Promise.resolve(nodes),
    tasks: () => Promise.resolve([taskOf("t1", 1), taskOf("t2", 2)]),
  } as unknown as Managers;
  const lists = { services: [web], nodes, tasks: [taskOf("t1", 1), taskOf("t2", 2)] };
  const out = Object.assign(new PassThrough(), columns === undefined ? {} : { columns });
  const whole = {
    ...{ chosen: [{ service: web }], pattern: undefined, timestamps: false },
    ...{ isFollowing: false, colors: pc.createColors(false), ...look },
  };
  const printer = new LogPrinter(new Directory(managers, lists), whole, out, () => undefined);
  for (const one of lines) printer.line(one);
  await printer.flush();
  out.end();
  return text(out);
}

describe("the lines of tasks", () => {
  const lines = [line("t2", 3, "late"), line("t1", 1, "early"), line("t2", 2, "between")];

  it("are shown by time, with the names of their tasks", async () => {
    expect(await printed(lines)).toBe(
      "web.1@worker-1 | early\nweb.2@worker-1 | between\nweb.2@worker-1 | late\n",
    );
  });

  it("are shown with Docker's time on demand", async () => {
    expect(await printed(lines.slice(1, 2), { timestamps: true })).toBe(
      "2026-11-25T03:00:01.000000000Z web.1@worker-1 | early\n",
    );
  });

  it("are told without a node where a terminal is narrow", async () => {
    expect(await printed(lines.slice(1, 2), {}, 40)).toBe("web.1 | early\n");
  });

  it("are left out where they do not match, or are of another place", async () => {
    expect(await printed(lines, { pattern: /l[ay]/u })).toBe(
      "web.1@worker-1 | early\nweb.2@worker-1 | late\n",
    );
    expect(await printed(lines, { chosen: [{ service: web, slot: "1" }] })).toBe(
      "web.1@worker-1 | early\n",
    );
  });

  it("move no cursor", async () => {
    const shown = await printed([line("t1", 1, "\u001b[2J\u009b31m\ttab \rback")]);
    expect(shown).toBe("web.1@worker-1 | \\u001b[2J\\u009b31m\ttab \\u000dback\n");
  });

  it("keep one colour for each task, on a terminal", async () => {
    const shown = await printed(lines, { colors: pc.createColors(true) });
    const colors = shown.split("\n").map((one) => one.slice(0, 5));
    expect(colors[1]).toBe(colors[2]);
    expect(colors[0]).not.toBe(colors[1]);
  });

  it("of a task that Docker has forgotten have a part of its id", async () => {
    expect(await printed([line("0123456789abcdef", 1, "old")])).toBe("task 0123456789ab | old\n");
  });
});
