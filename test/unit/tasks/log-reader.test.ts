import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { Service } from "@docker/node-sdk";
import { EngineError } from "../../../hosts/engine";
import { HostUnreachableError } from "../../../hosts/errors";
import type { Machines } from "../../../hosts/machines";
import { Managers } from "../../../cluster/managers";
import { LogReader } from "../../../tasks/log-reader";
import type { LogLine } from "../../../tasks/messages";

const web: Service = { ID: "s1", Spec: { Name: "web" } };
const details = "com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1";
const timeOf = (second: number): string =>
  `2026-11-25T03:00:${String(second).padStart(2, "0")}.000000000Z`;

function frame(second: number, text: string, source = 1): Buffer {
  const content = Buffer.from(source === 3 ? text : `${timeOf(second)} ${details} ${text}\n`);
  const head = Buffer.alloc(8);
  head.writeUInt8(source, 0);
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, content]);
}

interface Asked {
  readonly host: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly stream: PassThrough;
}

/** Two managers whose logs a test writes. */
class Swarm {
  readonly lines: string[] = [];
  readonly notices: string[] = [];
  readonly asked: Asked[] = [];
  readonly down = new Set<string>();
  isGone = false;
  private readonly news = new PassThrough();

  get managers(): Managers {
    const machines = {
      names: ["m1", "m2"],
      get: (host: string) => ({ engine: () => this.engine(host) }),
    };
    return new Managers(machines as unknown as Machines, { declared: ["m1", "m2"] });
  }

  reader(wish: { follow: boolean; since?: string; tail: number | "all" }): LogReader {
    return new LogReader(this.managers, web, wish, {
      line: ({ text }: LogLine) => {
        this.lines.push(text);
        this.news.emit("news");
      },
      notice: (text) => {
        this.notices.push(text);
        this.news.emit("news");
      },
      ready: () => Promise.resolve(),
    });
  }

  /** Waits for what a test expects to come. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await once(this.news, "news");
  }

  private engine(host: string): object {
    const reach = (): void => {
      if (this.down.has(host)) throw new HostUnreachableError(host, `${host}: nobody answers`);
    };
    return {
      request: async () => {
        reach();
        return Promise.resolve({ ID: "c1" });
      },
      info: async () => {
        reach();
        const part = { LocalNodeState: "active", ControlAvailable: true, NodeID: host };
        return Promise.resolve({ Swarm: part });
      },
      stream: async (_method: string, path: string, { query }: { query: Asked["query"] }) => {
        reach();
        if (this.isGone) throw new EngineError(host, `GET ${path}`, 404, "service s1 not found");
        const stream = new PassThrough();
        this.asked.push({ host, query, stream });
        this.news.emit("news");
        return Promise.resolve(stream);
      },
    };
  }
}

let swarm: Swarm;
let stop: AbortController;

beforeEach(() => {
  swarm = new Swarm();
  stop = new AbortController();
});

test("goes on with another manager where the first one breaks off, and says so", async () => {
  const reading = swarm.reader({ follow: true, tail: 5 }).read(stop.signal);
  await swarm.until(() => swarm.asked.length === 1);
  const [first] = swarm.asked;
  expect(first).toMatchObject({ host: "m1", query: { follow: true, tail: 5 } });
  first?.stream.write(Buffer.concat([frame(40, "one"), frame(41, "two")]));
  await swarm.until(() => swarm.lines.length === 2);
  swarm.down.add("m1");
  first?.stream.destroy(new Error("aborted"));
  await swarm.until(() => swarm.asked.length === 2);
  const [, second] = swarm.asked;
  // Of a new stream all is asked from a little before what was read last.
  const since = `${Date.parse("2026-11-25T03:00:11Z") / 1000}.000`;
  expect(second).toMatchObject({ host: "m2", query: { tail: "all", since } });
  second?.stream.write(Buffer.concat([frame(40, "one"), frame(41, "two"), frame(42, "three")]));
  await swarm.until(() => swarm.lines.length === 3);
  expect(swarm.lines).toEqual(["one", "two", "three"]);
  expect(swarm.notices).toEqual(["m1: aborted", "going on with m2"]);
  stop.abort();
  await reading;
});

test("leaves a manager that is silent when another one answers", async () => {
  const reader = swarm.reader({ follow: true, tail: "all" });
  const reading = reader.read(stop.signal);
  await swarm.until(() => swarm.asked.length === 1);
  reader.moveTo("m1");
  expect(swarm.asked).toHaveLength(1);
  swarm.down.add("m1");
  reader.moveTo("m2");
  await swarm.until(() => swarm.notices.length === 2);
  expect(swarm.notices).toEqual(["m1: it does not answer any more", "going on with m2"]);
  stop.abort();
  await reading;
});

test("ends when the service is gone", async () => {
  const reading = swarm.reader({ follow: true, tail: "all" }).read(stop.signal);
  await swarm.until(() => swarm.asked.length === 1);
  swarm.isGone = true;
  swarm.asked[0]?.stream.end();
  await reading;
  expect(swarm.notices).toEqual(["m1: it ended the stream", "web is gone: nothing more will come"]);
});

test("without following ends with the stream, with what Docker could not get", async () => {
  const reading = swarm.reader({ follow: false, tail: "all" }).read(stop.signal);
  await swarm.until(() => swarm.asked.length === 1);
  swarm.asked[0]?.stream.end(
    Buffer.concat([frame(1, "one"), frame(2, "Error grabbing logs: node n1 is not available", 3)]),
  );
  await reading;
  expect(swarm.lines).toEqual(["one"]);
  expect(swarm.notices).toEqual(["Error grabbing logs: node n1 is not available"]);
});

test("reads the lines of a service with a terminal, which have no frames", async () => {
  const reading = swarm.reader({ follow: false, tail: "all" }).read(stop.signal);
  await swarm.until(() => swarm.asked.length === 1);
  const { stream } = swarm.asked[0] ?? {};
  stream?.write(`${timeOf(1)} ${details} one\r\n${timeOf(2)} `);
  stream?.end(`${details} two\r\n`);
  await reading;
  expect(swarm.lines).toEqual(["one", "two"]);
});
