import { spawn } from "node:child_process";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { printable } from "../hosts/printable";
import { LAB_IMAGES, type LabImage } from "./base-image";
import { Lab } from "./lab";
import { sourceFolder } from "./source-folder";

const USAGE = `usage: npm run lab -- COMMAND

  list                 machines with their state and address
  ssh NAME [COMMAND…]  log in, or run one command: several words are a program with its arguments, one word is a line
                       for the remote shell
  kill NAME            power cut
  boot NAME            power on
  cut A B              drop everything between two machines
  heal A B             mend that
  prepare [IMAGE…]     build what is kept between runs (tools, base image, packages, container images), start nothing;
                       images that are otherwise built on demand are named (postgres, shop/user)
  prove                after a green run, while the lab still runs: write the versions of its packages into
                       lab/proven.json, for a commit
  remove               end and remove all machines and services; what is kept between runs stays

options, before the command:
  --image NAME         base image for prepare: ${LAB_IMAGES.join(", ")}
                       (default: that of the machines, or centos)
  --directory PATH     the lab's folder (default: .swarm/lab in the clone)`;

/** Memory of a machine that was never booted before, in MiB. */
const DEFAULT_MEMORY_MIB = 1536;

/** Something about the words typed: shown with the usage. */
class UsageError extends Error {}

type Action = (lab: Lab, words: readonly string[], signal: AbortSignal) => Promise<number>;

const ACTIONS: Readonly<
  Record<string, { readonly words: readonly [number, number]; run: Action }>
> = {
  list: { words: [0, 0], run: list },
  ssh: { words: [1, Infinity], run: ssh },
  kill: { words: [1, 1], run: kill },
  boot: { words: [1, 1], run: boot },
  cut: { words: [2, 2], run: async (lab, [a = "", b = ""]) => link(lab, a, b, "cut") },
  heal: { words: [2, 2], run: async (lab, [a = "", b = ""]) => link(lab, a, b, "heal") },
  prepare: { words: [0, Infinity], run: prepare },
  prove: { words: [0, 0], run: prove },
  remove: { words: [0, 0], run: remove },
};

/** Runs one command; answers the exit code. */
async function main(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { options, command, words } = split(argv);
  if (command === "help") {
    console.log(USAGE);
    return 0;
  }
  const action = ACTIONS[command];
  if (action === undefined) {
    const known = Object.keys(ACTIONS).join(", ");
    throw new UsageError(`got the command "${command}"; expected one of ${known}.`);
  }
  const [least, most] = action.words;
  if (words.length < least || words.length > most) {
    const expected = least === most ? String(least) : `at least ${least}`;
    throw new UsageError(`${command}: got ${words.length} words after it; expected ${expected}.`);
  }
  const directory = resolve(
    options.directory ?? `${dirname(sourceFolder("package.json"))}/.swarm/lab`,
  );
  return action.run(await openLab(directory, options.image), words, signal);
}

/** Options stand before the command: what follows `ssh NAME` belongs to the remote command. */
function split(argv: readonly string[]): {
  readonly options: { readonly image?: string; readonly directory?: string };
  readonly command: string;
  readonly words: readonly string[];
} {
  const own = { image: { type: "string" }, directory: { type: "string" } } as const;
  const { tokens } = parseArgs({
    args: [...argv],
    options: own,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const first = tokens.find((token) => token.kind === "positional");
  const at = first?.index ?? argv.length;
  try {
    const { values } = parseArgs({ args: argv.slice(0, at), options: own });
    const words = argv.slice(at + 1);
    // `prepare --image X` reads as well as `--image X prepare`.
    if (first?.value === "prepare" && words.length > 0) {
      const after = parseArgs({ args: [...words], options: own, allowPositionals: true });
      const options = { ...values, ...after.values };
      return { options, command: "prepare", words: after.positionals };
    }
    return { options: values, command: first?.value ?? "help", words };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function openLab(directory: string, wanted: string | undefined): Promise<Lab> {
  const lab = new Lab({ directory, image: "centos", hosts: [] });
  const [first] = await lab.made();
  const made = first === undefined ? undefined : await lab.machine(first).image();
  const image = wanted ?? made ?? "centos";
  if (!isLabImage(image)) {
    throw new UsageError(`--image: got "${image}"; expected one of ${LAB_IMAGES.join(", ")}.`);
  }
  return image === "centos" ? lab : new Lab({ directory, image, hosts: [] });
}

function isLabImage(name: string): name is LabImage {
  return LAB_IMAGES.some((image) => image === name);
}

async function list(lab: Lab): Promise<number> {
  const table = new Table({
    head: ["machine", "state", "address", "memory", "image"],
    style: { head: [], border: [] },
  });
  for (const name of await lab.made()) {
    const machine = lab.machine(name);
    const memory = await machine.memoryMiB();
    table.push([
      name,
      await machine.state(),
      lab.plan.addressOf(name),
      memory === undefined ? "" : `${memory} MiB`,
      (await machine.image()) ?? "",
    ]);
  }
  const services = await lab.services.state();
  console.log(`${table.toString()}\nservices: ${services}, gateway ${lab.plan.gateway}`);
  return 0;
}

async function ssh(lab: Lab, words: readonly string[]): Promise<number> {
  const [name = "", ...command] = words;
  await known(lab, name);
  if ((await lab.machine(name).state()) !== "running") {
    throw new Error(`${name}: not running; expected it to. Run \`npm run lab -- boot ${name}\`.`);
  }
  const { argv, env } = await lab.shell(name, command);
  const [program = "", ...rest] = argv;
  return new Promise((answer, reject) => {
    const child = spawn(program, rest, { env, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => {
      answer(code ?? 255);
    });
  });
}

async function kill(lab: Lab, [name = ""]: readonly string[]): Promise<number> {
  await known(lab, name);
  await lab.machine(name).kill();
  console.log(`${name}: switched off`);
  return 0;
}

async function boot(lab: Lab, words: readonly string[], signal: AbortSignal): Promise<number> {
  const [name = ""] = words;
  await known(lab, name);
  if ((await lab.services.state()) !== "running") await lab.services.ensure(say("lab"), signal);
  const machine = lab.machine(name);
  const memoryMiB = (await machine.memoryMiB()) ?? DEFAULT_MEMORY_MIB;
  await machine.ensure({ memoryMiB }, say(name), signal);
  console.log(`${name}: running, ${lab.plan.addressOf(name)}`);
  return 0;
}

async function link(lab: Lab, a: string, b: string, what: "cut" | "heal"): Promise<number> {
  await known(lab, a, b);
  if (a === b) throw new UsageError(`${what}: got "${a}" twice; expected two machines.`);
  await lab[what](a, b);
  console.log(`${a} and ${b}: ${what === "cut" ? "cut off from each other" : "joined again"}`);
  return 0;
}

async function prepare(lab: Lab, names: readonly string[], signal: AbortSignal): Promise<number> {
  await lab.services.prepareWith(names, say("lab"), signal);
  console.log("everything that is kept between runs is there");
  return 0;
}

async function prove(lab: Lab): Promise<number> {
  const lines = await lab.prove();
  const all = "lab/proven.json: every version is as it was";
  console.log(lines.length === 0 ? all : `lab/proven.json, to be committed:\n${lines.join("\n")}`);
  return 0;
}

async function remove(lab: Lab): Promise<number> {
  await lab.remove(say("lab"));
  say("lab")("removed");
  return 0;
}

async function known(lab: Lab, ...names: readonly string[]): Promise<void> {
  const made = await lab.made();
  const unknown = names.filter((name) => !made.includes(name));
  if (unknown.length > 0) {
    const expected = made.length === 0 ? "none was made yet, run `npm run up`" : made.join(", ");
    throw new Error(
      `got the machine "${unknown.join('", "')}"; expected one of the lab: ${expected}.`,
    );
  }
}

function say(what: string): (message: string) => void {
  return (message) => {
    console.error(printable(`${what}: ${message}`));
  };
}

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted.abort(new Error(`stopped by ${signal}`));
  });
}
main(process.argv.slice(2), interrupted.signal).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(printable(`lab: ${error instanceof Error ? error.message : String(error)}`));
    if (error instanceof UsageError) console.error(`\n${USAGE}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
