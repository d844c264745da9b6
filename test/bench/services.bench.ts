/**
 * Services on a lab of its own: ten of two tasks each, made by the bare Engine API, by Docker's own command and by the
 * program in turn, each until all tasks run; an unchanged preview of them; and previews of up to a thousand services
 * without tasks, against as many resources that do nothing, with the provider's peak memory and what the machine was
 * asked. `BENCH_STEPS=made,unchanged,changed,many` are the steps; fewer of them are done alone.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Service, Task } from "@docker/node-sdk";
import { ServiceLab } from "../e2e/service-lab";
import type { Services } from "../e2e/service-lab";
import { compare, printTable } from "./comparison";
import type { Contender } from "./comparison";
import { Floor } from "./floor";
import { peakMemory } from "./peak";
import { report } from "./results";

const ROUNDS = 2;
const SIZES = [100, 1000] as const;
const STEPS = (process.env.BENCH_STEPS ?? "made,unchanged,changed,many").split(",");
const names = Array.from({ length: 10 }, (_, index) => `bench-${index}`);
const sleeper = { image: "busybox", command: ["sleep", "100000"], stopGracePeriod: "0s" };
const lab = new ServiceLab("bench-services", ["manager-1", "worker-1", "worker-2"]);

const isProvider = (command: string): boolean =>
  command.includes(`${lab.clone.directory}/dist/provider/`);

async function services(): Promise<Service[]> {
  return lab.docker.ask("GET", "/services");
}

async function tasks(): Promise<Task[]> {
  return lab.docker.ask("GET", "/tasks");
}

/** What somebody would write without any tool: ten calls, and a look every half second. */
async function makeBare(): Promise<void> {
  await Promise.all(
    names.map(async (Name) => {
      const container = { Image: "busybox", Command: sleeper.command, StopGracePeriod: 0 };
      const body = {
        Name,
        TaskTemplate: { ContainerSpec: container },
        Mode: { Replicated: { Replicas: 2 } },
      };
      await lab.docker.ask("POST", "/services/create", { body });
    }),
  );
  await until("all tasks run", async () => {
    const running = (await tasks()).filter(({ Status }) => Status?.State === "running");
    return running.length === names.length * 2;
  });
}

/** What somebody would type: Docker's own command waits until the tasks have stayed for five seconds, as `up` does. */
async function makeByCommand(): Promise<void> {
  const lines = names.map(
    (name) =>
      `docker service create --quiet --name ${name} --replicas 2 --stop-grace-period 0s busybox ${sleeper.command.join(" ")} &`,
  );
  await lab.clone.on("manager-1", `${lines.join("\n")}\nwait`);
}

/** One service of two tasks gets another variable, by one and the other in turn, both with their watching. */
async function changeOne(): Promise<void> {
  const [service = ""] = names;
  const spans: string[] = [];
  const contender = (name: string, word: string, change: (number: string) => Promise<unknown>) => ({
    name,
    run: async () => {
      await change(String(++number));
      spans.push(`${word} ${(await updateSpan(service)).toFixed(1)}`);
    },
  });
  let number = 0;
  await compare("one service changed", ROUNDS, [
    contender("docker service update", "command", async (mark) =>
      lab.clone.on("manager-1", `docker service update --env-add NUMBER=${mark} ${service}`),
    ),
    contender("npm run pulumi -- up", "up", async (mark) => {
      lab.declare({ ...ten(), [service]: { ...sleeper, replicas: 2, env: { NUMBER: mark } } });
      await lab.up("--skip-preview");
    }),
  ]);
  report(`the update itself, by Docker's clock, in s: ${spans.join(", ")}`);
}

/** Seconds of the last update of a service, as Docker says. */
async function updateSpan(name: string): Promise<number> {
  const service = await lab.docker.ask<Service>("GET", `/services/${name}`);
  const { StartedAt: began = "", CompletedAt: ended = "" } = service.UpdateStatus ?? {};
  return (Date.parse(ended) - Date.parse(began)) / 1000;
}

/** Nothing runs any more: the next round begins where this one began. */
async function untilEmpty(): Promise<void> {
  await until("nothing runs", async () => {
    const left = (await tasks()).filter(({ Status }) => Status?.State === "running");
    return left.length === 0 && (await services()).length === 0;
  });
}

/** Looks every half second, for ten minutes at most. */
async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 600_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not within ten minutes: ${what}`);
    await delay(500);
  }
}

async function removeBare(): Promise<void> {
  for (const { ID } of await services()) await lab.docker.ask("DELETE", `/services/${ID ?? ""}`);
  await untilEmpty();
}

function ten(): Services {
  return Object.fromEntries(names.map((name) => [name, { ...sleeper, replicas: 2 }]));
}

/** From Docker's first word on a service to its last on a task that runs: without the engine's own start. */
async function span(): Promise<number> {
  const begun = (await services()).map(({ CreatedAt = "" }) => Date.parse(CreatedAt));
  const ended = (await tasks()).map(({ Status }) => Date.parse(Status?.Timestamp ?? ""));
  return (Math.max(...ended) - Math.min(...begun)) / 1000;
}

async function expectUnchanged(): Promise<void> {
  const planned = Object.keys(await lab.planned());
  if (planned.length > 0)
    throw new Error(`preview: got changes of ${planned.join(", ")}; expected none`);
}

async function manyServices(): Promise<void> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    const many = Array.from({ length: size }, (_, index) => [
      `many-${index}`,
      { ...sleeper, replicas: 0, env: { NUMBER: String(index) } },
    ]);
    lab.declare(Object.fromEntries(many) as Services);
    const began = performance.now();
    await lab.up("--skip-preview");
    const made = performance.now();
    const preview = lab.clone.cost();
    const [memory = 0] = await peakMemory([isProvider], preview);
    const looked = performance.now();
    const { connections, sessions, engineCalls, received } = await preview;
    const asked = [connections, sessions, engineCalls, received / 1024];
    const floor = await floorOf(size);
    const seconds = (looked - made) / 1000;
    rows.push(
      [size, (made - began) / 1000, seconds, seconds / floor, memory, ...asked].map(rounded),
    );
  }
  printTable(
    [
      ...["services without tasks", "up s", "preview s", "ratio to the floor", "provider MiB"],
      ...["connections", "commands", "engine calls", "KiB read"],
    ],
    rows,
  );
}

/** Seconds of an unchanged preview of as many resources that do nothing. */
async function floorOf(size: number): Promise<number> {
  const floor = await Floor.make("bare", size);
  try {
    const began = performance.now();
    await floor.preview();
    return (performance.now() - began) / 1000;
  } finally {
    await floor.remove();
  }
}

function rounded(figure: number): string {
  return String(Math.round(figure * 10) / 10);
}

/** Ten services until all of their tasks run, in three ways. */
async function makeTen(): Promise<void> {
  const spans: string[] = [];
  const contender = (name: string, word: string, make: () => Promise<unknown>): Contender => ({
    name,
    run: async () => {
      await make();
      spans.push(`${word} ${(await span()).toFixed(1)}`);
    },
    after: removeBare,
  });
  await compare("10 services of 2 tasks", ROUNDS, [
    contender("bare Engine API", "bare", makeBare),
    contender("docker service create", "command", makeByCommand),
    {
      ...contender("npm run pulumi -- up", "up", upTen),
      after: async () => {
        lab.declare({});
        await lab.up("--skip-preview");
        await untilEmpty();
      },
    },
  ]);
  report(`from the first service to the last task, by Docker's clock, in s: ${spans.join(", ")}`);
}

async function upTen(): Promise<void> {
  lab.declare(ten());
  await lab.up("--skip-preview");
}

async function lookAtTen(): Promise<void> {
  await compare("unchanged preview", ROUNDS, [{ name: "of those ten", run: expectUnchanged }]);
}

async function main(): Promise<void> {
  try {
    await lab.make();
    await lab.up();
    if (STEPS.includes("made")) await makeTen();
    await upTen();
    if (STEPS.includes("unchanged")) await lookAtTen();
    if (STEPS.includes("changed")) await changeOne();
    if (STEPS.includes("many")) await manyServices();
  } finally {
    await lab.remove();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
