/**
 * Previews of up to a hundred machines that are real SSH servers, in a room of their own: bare ones, some that do not
 * answer, ten behind one jump host, and prepared ones. Their kernel is this machine's.
 */
import { Clone } from "../e2e/clone";
import type { Cost } from "../../units/cost";
import { compare, printTable } from "./comparison";
import type { Contender } from "./comparison";
import { EmptyProgram } from "./empty";
import { inRoom } from "./machines/enter";
import type { Place, Room } from "./machines/room";
import { peakMemory } from "./peak";
import { report } from "./results";

const ROUNDS = 2;
const SIZES = [1, 3, 10, 100] as const;
const clone = new Clone("bench-hosts");
const empty = new EmptyProgram();
const names = Array.from({ length: 100 }, (_, index) => `m${String(index + 1).padStart(3, "0")}`);

/** The part of a cluster that is its machines. */
const program = `
import { hostDeclaration } from "./components/host-declaration";
import { providerArgs } from "./components/provider-args";
import { Host } from "./resources/host";
import { Provider } from "./resources/provider";
import { readSettings } from "./settings";

const settings = readSettings();
const provider = new Provider("machines", providerArgs(settings));
const addresses = Object.fromEntries(
  Object.entries(settings.hosts).map(([host, { address = "" }]) => [host, address]),
);
for (const host of Object.keys(settings.hosts))
  new Host(host, { ...hostDeclaration(settings, host), addresses }, { provider });
`;

/** What is declared of machines, by name. */
type Places = Readonly<Record<string, Place>>;

function places(room: Room, chosen: readonly string[]): Places {
  return Object.fromEntries(chosen.map((name) => [name, room.place(name)]));
}

/** Writes the configuration of a stack. @param more - further settings of all machines */
function declare(room: Room, stack: string, machines: Places, more: object = {}): void {
  const hosts = Object.entries(machines).map(([name, place], index) => [
    name,
    { role: index === 0 ? "manager" : "worker", ...place },
  ]);
  const config = {
    "swarm:ssh": { privateKey: room.privateKey },
    "swarm:hosts": Object.fromEntries(hosts) as object,
    ...more,
  };
  clone.write(`Pulumi.${stack}.yaml`, JSON.stringify({ config }));
}

/** A kernel may have no IP_VS: a package that is declared and not there yet may bring it, as on a cloud's image. */
const bare = { "swarm:host": { packages: ["linux-image-amd64"] } };

function preview(stack: string, name: string): Contender & { readonly stack: string } {
  return { name, stack, run: () => clone.npmOk("preview", ["--stack", stack]) };
}

interface Digest {
  readonly cost: Cost;
  readonly changeSummary: Readonly<Record<string, number>>;
  readonly steps: readonly { readonly detailedDiff?: object | null }[];
}

/** What one preview of each asks for, beside its seconds. */
async function printCosts(room: Room, stacks: Readonly<Record<string, string>>): Promise<void> {
  const rows: string[][] = [];
  for (const [name, stack] of Object.entries(stacks)) {
    const before = room.processorSeconds();
    const run = clone.npmOk("preview", ["--stack", stack, "--json"]);
    const isProvider = (command: string): boolean =>
      command.includes(`${clone.directory}/dist/provider/`);
    const [memory = 0] = await peakMemory([isProvider], run);
    const { changeSummary, cost, steps } = JSON.parse(await run) as Digest;
    const after = room.processorSeconds();
    const paths = steps.flatMap(({ detailedDiff }) => Object.keys(detailedDiff ?? {}));
    const properties = [...new Set(paths.map((path) => path.replace(/[.[].*$/, "")))].sort();
    const planned = Object.entries(changeSummary).map(([op, count]) => `${op} ${count}`);
    const asked = [cost.connections, cost.sessions, cost.engineCalls, cost.received / 1024];
    const processor = [after.own - before.own, after.machines - before.machines];
    rows.push([
      name,
      ...[...asked, memory].map((figure) => figure.toFixed()),
      ...processor.map((figure) => figure.toFixed(1)),
      [...planned, ...properties].join(", "),
    ]);
  }
  const head = ["one preview", "connections", "commands", "engine calls", "KiB read"];
  const further = ["provider MiB", "own processor s", "machines' processor s", "planned"];
  printTable([...head, ...further], rows);
  const throttled = await room.throttled();
  report(`machines whose sshd met MaxStartups, times: ${throttled}`);
}

async function bareMachines(room: Room): Promise<void> {
  await room.boot(names);
  for (const size of SIZES) declare(room, `bare-${size}`, places(room, names.slice(0, size)), bare);
  await compare("preview of bare machines", ROUNDS, [
    { name: "empty program", run: () => empty.preview() },
    ...SIZES.map((size) => preview(`bare-${size}`, `${size}`)),
  ]);
  const stacks = SIZES.map((size) => [`${size} bare`, `bare-${size}`]);
  await printCosts(room, Object.fromEntries(stacks) as Record<string, string>);
}

async function silentMachines(room: Room): Promise<void> {
  const most = places(room, names.slice(0, 99));
  const [gone, silent] = [room.nowhere(1), room.nowhere(2)];
  await room.swallow(silent);
  await room.boot(["frozen"]);
  declare(room, "gone", { ...most, gone }, bare);
  declare(room, "silent", { ...most, silent }, bare);
  declare(room, "frozen", { ...most, frozen: room.place("frozen") }, bare);
  room.freeze("frozen");
  await compare("bare, one does not answer", ROUNDS, [
    preview("bare-100", "100 that answer"),
    preview("gone", "99 and one that is gone"),
    preview("silent", "99 and one behind a firewall that says nothing"),
    preview("frozen", "99 and one that takes connections and hangs"),
  ]);
  await room.end(["frozen"]);
}

async function behindJump(room: Room): Promise<void> {
  const [jump = "", ...rest] = names;
  const ten = rest.slice(0, 10);
  declare(room, "direct", places(room, ten), bare);
  const key = { privateKey: room.privateKey };
  declare(room, "jump", places(room, ten), {
    ...bare,
    "swarm:ssh": { ...key, jump: { ...room.place(jump), ...key } },
  });
  await compare("10 bare machines", ROUNDS, [
    preview("direct", "direct"),
    preview("jump", "behind one jump host"),
  ]);
  await printCosts(room, { "10 direct": "direct", "10 behind a jump host": "jump" });
}

/** Takes machines that have an engine into the state of a stack, without a change to any of them. */
async function takeOver(room: Room, stack: string, chosen: readonly string[]): Promise<void> {
  declare(room, stack, places(room, chosen));
  const pulumi = async (...words: readonly string[]): Promise<string> =>
    clone.npmOk("pulumi", [...words, "--stack", stack]);
  await clone.npmOk("preview", ["--stack", stack, "--target", "**::machines"]);
  await pulumi("up", "--yes", "--skip-preview", "--target", "**::machines");
  const resources = chosen.map((name) => ({
    ...{ type: "swarm:index:Host", name, id: name, provider: "machines" },
  }));
  const machines = `urn:pulumi:${stack}::swarm::pulumi:providers:swarm::machines`;
  const file = `${stack}.json`;
  clone.write(file, JSON.stringify({ nameTable: { machines }, resources }));
  await pulumi("import", "--yes", "--file", file, "--generate-code=false", "--protect=false");
  clone.write(file, knowing(places(room, chosen), await pulumi("stack", "export")));
  await pulumi("stack", "import", "--file", file);
}

/** The state as after an `up`, which tells each machine of all others. */
function knowing(machines: Places, exported: string): string {
  const state = JSON.parse(exported) as {
    readonly deployment: { readonly resources: { type: string; inputs?: object }[] };
  };
  const known = Object.entries(machines).map(([name, { address }]) => [name, address]);
  const addresses = Object.fromEntries(known) as Readonly<Record<string, string>>;
  for (const resource of state.deployment.resources)
    if (resource.type === "swarm:index:Host") resource.inputs = { ...resource.inputs, addresses };
  return JSON.stringify(state);
}

async function knownMachines(room: Room): Promise<void> {
  await room.installEngine();
  await room.boot([...names, "dead"], { hasEngine: true });
  for (const size of SIZES) await takeOver(room, `known-${size}`, names.slice(0, size));
  await takeOver(room, "known-dead", [...names.slice(0, 99), "dead"]);
  await room.end(["dead"]);
  await compare("preview of machines in the state", ROUNDS, [
    { name: "empty program", run: () => empty.preview() },
    ...SIZES.map((size) => preview(`known-${size}`, `${size}`)),
    preview("known-dead", "100, one of which is gone"),
  ]);
  const stacks = SIZES.map((size) => [`${size} known`, `known-${size}`]);
  await printCosts(room, {
    ...(Object.fromEntries(stacks) as Record<string, string>),
    "100, one gone": "known-dead",
  });
}

async function main(room: Room): Promise<void> {
  await clone.make();
  clone.write("index.ts", program);
  await empty.make();
  try {
    await bareMachines(room);
    await silentMachines(room);
    await behindJump(room);
    await room.end();
    await knownMachines(room);
  } finally {
    clone.remove();
  }
}

inRoom(main).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
