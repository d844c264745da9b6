import { Messages } from "../../../tasks/messages";
import type { LogLine } from "../../../tasks/messages";

const at = (second: number): string => `2026-11-25T03:00:0${second}.000000001Z`;
const detailsOf = (id: string): string =>
  `com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=${id}`;

function reading() {
  const lines: LogLine[] = [];
  const notices: string[] = [];
  const messages = new Messages({
    line: (line) => lines.push(line),
    notice: (text) => notices.push(text),
  });
  const frame = (text: string | Buffer, source: "stdout" | "stderr" | "engine" = "stdout") => {
    messages.write({ source, bytes: Buffer.from(text as string), isLast: true });
  };
  return { lines, notices, messages, frame };
}

test("a message in one frame, as engines before 29 send it", () => {
  const { frame, lines } = reading();
  frame(`${at(1)} ${detailsOf("t1")} hello, wörld\n`);
  frame(`${at(2)} ${detailsOf("t2")} \n`, "stderr");
  expect(lines).toEqual([
    { taskId: "t1", time: at(1), source: "stdout", text: "hello, wörld" },
    { taskId: "t2", time: at(2), source: "stderr", text: "" },
  ]);
});

test("a message in a frame for each part, as later engines send it", () => {
  const { frame, lines } = reading();
  for (const text of [at(1), " ", detailsOf("t1"), " ", `${at(9)} a=b is what it wrote\n`])
    frame(text);
  for (const text of [`${at(2)} `, `${detailsOf("t1")} `, "next\n"]) frame(text);
  expect(lines.map(({ text }) => text)).toEqual([`${at(9)} a=b is what it wrote`, "next"]);
});

test("a long line comes in several messages, between which another task writes", () => {
  const { frame, lines } = reading();
  const [first, second] = [Buffer.from("ü").subarray(0, 1), Buffer.from("ü").subarray(1)];
  frame(Buffer.concat([Buffer.from(`${at(1)} ${detailsOf("t1")} begin`), first]));
  frame(`${at(1)} ${detailsOf("t2")} another\n`);
  frame(
    Buffer.concat([Buffer.from(`${at(2)} ${detailsOf("t1")} `), second, Buffer.from(" end\n")]),
  );
  expect(lines.map(({ taskId, text }) => `${taskId} ${text}`)).toEqual([
    "t2 another",
    "t1 beginü end",
  ]);
});

test("a task that writes without an end of line is shown at the end", () => {
  const { frame, lines, messages } = reading();
  frame(`${at(1)} ${detailsOf("t1")} prompt> `);
  messages.end();
  expect(lines.map(({ text }) => text)).toEqual(["prompt> "]);
});

test("what Docker cannot get is no line of a task", () => {
  const { frame, lines, notices } = reading();
  frame("Error grabbing logs: node n1 is not available\n", "engine");
  expect(lines).toEqual([]);
  expect(notices).toEqual(["Error grabbing logs: node n1 is not available"]);
});

test("a terminal's lines come without frames", () => {
  const { lines, messages } = reading();
  messages.writeLine(`${at(1)} ${detailsOf("t1")} one`);
  messages.writeLine(`${at(2)} ${detailsOf("t1")} two`);
  expect(lines.map(({ text }) => text)).toEqual(["one", "two"]);
});

test.each([
  ["no time", "hello there you\n", "do not begin with a time"],
  ["no end of its beginning", "x".repeat(70_000), "do not begin with a time and details"],
  ["no task", `${at(1)} a=b hello\n`, "of which task"],
  ["a task's id that is none", `${at(1)} com.docker.swarm.task.id=%1b[2J hello\n`, "of which task"],
])("a message with %s is refused", (_what, text, why) => {
  const { frame } = reading();
  expect(() => {
    frame(text);
  }).toThrow(why);
});
