/**
 * The stack that comes with this repository on a lab of its own: where the time of an `npm run up` goes that finds all
 * it needs at hand, and an unchanged `npm run preview` of it, drift looked for on every machine, against the preview of
 * a Pulumi program that declares nothing: what is left is this project's own share.
 */
import { performance } from "node:perf_hooks";
import { Clone } from "../e2e/clone";
import { compare, printTable } from "./comparison";
import { EmptyProgram } from "./empty";

const ROUNDS = 5;
const clone = new Clone("bench-preview");

/** What comes after what: kinds of resources, with how the time of the slowest of them is called. */
const STAGES = [
  ["swarm:index:LabServices", "network, registry, package repository"],
  ["swarm:index:LabMachine", "three machines booted"],
  ["swarm:index:Host", "engines installed"],
  ["swarm:index:Swarm", "swarm made"],
  ["swarm:index:Node", "nodes joined"],
  ["swarm:index:Service wordpress-mysql", "MySQL pulled, started and healthy"],
  ["swarm:index:Service wordpress-web", "WordPress pulled, started and healthy"],
] as const;

async function printUp(title: string): Promise<void> {
  const began = performance.now();
  const text = await clone.npmOk("up", ["--yes"], { minutes: 25 });
  const whole = (performance.now() - began) / 1000;
  const ends = [...text.matchAll(/(\S+ \S+) created \(([\d.]+)s\)/g)];
  const rows = STAGES.map(([kind, name]) => {
    const own = ends.filter(([, resource = ""]) => resource.startsWith(kind));
    return [name, Math.max(...own.map(([, , seconds]) => Number(seconds))).toFixed(0)];
  });
  printTable(
    [title, "s"],
    [...rows, ["from the first key to the table of services", whole.toFixed(0)]],
  );
}

async function expectUnchanged(): Promise<void> {
  const planned = await clone.planned();
  if (planned.length > 0) throw new Error(`preview: got ${planned.join(", ")}; expected nothing`);
}

async function main(): Promise<void> {
  const empty = new EmptyProgram();
  await empty.make();
  try {
    await clone.make();
    await clone.npmOk("lab", ["prepare"], { minutes: 25 });
    await printUp("npm run up, all at hand");
    await expectUnchanged();
    await compare("unchanged preview", ROUNDS, [
      { name: "empty program", run: () => empty.preview() },
      { name: "this stack", run: () => clone.npmOk("preview") },
    ]);
  } finally {
    await clone.clear();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
