import { once } from "node:events";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { ExecConfig, Task } from "@docker/node-sdk";
import { isEngineError } from "../hosts/engine";
import type { Engine } from "../hosts/engine";
import { createExec, inspectExec, resizeExec, startExec } from "../hosts/engine-api";
import { Frames } from "../hosts/frames";
import type { Machines } from "../hosts/machines";
import type { Environment } from "../cluster/environment";
import { nodeNames } from "../cluster/tasks";
import { readLists } from "./directory";
import { findRunningTask } from "./names";
import type { Terminal } from "./terminal";

/** What `npm run exec --` is told. */
export interface ExecArguments {
  readonly task: string;
  readonly command: readonly string[];
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  /** Names of variables; their values are this process's own. */
  readonly env: readonly string[];
}

/** Where a command's input comes from and its output goes. */
export interface ExecEnds {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream;
  /** undefined: input and output are piped. */
  readonly terminal: Terminal | undefined;
}

/** A shell that every image has which has one at all. */
const SHELL = ["sh"];

/** A machine that does not say in this time which node it is. */
const NODE_SECONDS = 10;

/** After a command's output has ended, its exit code is there within moments. */
const CODE_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 50;

/**
 * Reads the words after `npm run exec --`: what comes after a further `--` is the command.
 *
 * @throws Error naming the word that is wrong
 */
export function parseExecArguments(args: readonly string[]): ExecArguments {
  const at = args.indexOf("--");
  const own = at < 0 ? args : args.slice(0, at);
  const command = at < 0 ? [] : args.slice(at + 1);
  const { values, positionals } = parseArgs({
    args: [...own],
    allowPositionals: true,
    options: {
      user: { type: "string", short: "u" },
      workdir: { type: "string", short: "w" },
      env: { type: "string", short: "e", multiple: true, default: [] },
    },
  });
  const [task, ...more] = positionals;
  if (task === undefined || more.length > 0)
    throw new Error(
      `exec: got "${positionals.join(" ")}"; expected one task, and a command after --, as in npm run exec -- web.2 -- sh`,
    );
  const { env, user, workdir } = values;
  return { task, command: command.length > 0 ? command : SHELL, user, workdir, env };
}

/**
 * Variables with the values that they have here.
 *
 * @throws Error for a value in the arguments, which everybody on this machine can read, and for one that is not there
 */
export function variables(names: readonly string[], env: NodeJS.ProcessEnv): string[] {
  return names.map((name) => {
    const [own = ""] = name.split("=");
    if (own !== name)
      throw new Error(
        `--env: got a value for ${own}, which every process list shows; expected the name alone: ${own}=… npm run exec -- … --env ${own}`,
      );
    const value = env[name];
    if (value === undefined)
      throw new Error(
        `--env: got "${name}"; expected a variable that is set here (export ${name})`,
      );
    return `${name}=${value}`;
  });
}

/**
 * `npm run exec`: runs a command in a task, on whatever node it is.
 *
 * @returns the command's exit code
 * @throws Error when there is no such task, or its machine cannot be asked
 */
export async function execute(
  { managers, machines }: Pick<Environment, "managers" | "machines">,
  { command, env, task: word, user, workdir }: ExecArguments,
  ends: ExecEnds,
): Promise<number> {
  const { terminal } = ends;
  const Env = variables(env, process.env);
  const lists = await readLists(managers);
  const task = findRunningTask(word, lists);
  const engine = await engineOf(machines, task, nodeNames(lists.nodes));
  const container = containerOf(task, word);
  const config: ExecConfig = {
    ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true },
    ...{ Tty: terminal !== undefined, Cmd: [...command], Env },
    ...(user === undefined ? {} : { User: user }),
    ...(workdir === undefined ? {} : { WorkingDir: workdir }),
    ...(terminal === undefined ? {} : { ConsoleSize: [terminal.size.rows, terminal.size.columns] }),
  };
  const id = await createExec(engine, container, config).catch((error: unknown) => {
    if (!isEngineError(error, "notFound", "conflict")) throw error;
    throw new Error(`${word} does not run any more: ${error.reason}`, { cause: error });
  });
  const stream = await startExec(engine, id, terminal !== undefined);
  if (terminal === undefined) await pipe(stream, ends);
  else await converse(engine, id, stream, { ...ends, terminal });
  return codeOf(engine, id);
}

function containerOf({ Status: status }: Task, word: string): string {
  const id = status?.ContainerStatus?.ContainerID ?? "";
  if (id !== "") return id;
  throw new Error(`${word}: Docker names no container for it; expected a task of a container`);
}

/** The engine of the machine that a task is on. */
async function engineOf(
  machines: Machines,
  { NodeID: nodeId = "" }: Task,
  names: ReadonlyMap<string, string>,
): Promise<Engine> {
  const name = names.get(nodeId) ?? nodeId;
  const isIt = async (host: string): Promise<boolean> => {
    const options = { deadlineSeconds: NODE_SECONDS };
    const info = await machines.get(host).engine().info(options);
    return info.Swarm?.NodeID === nodeId;
  };
  if (machines.has(name) && (await isIt(name))) return machines.get(name).engine();
  throw new Error(
    `${name}: the task is on this node, which is none of swarm:hosts (${machines.names.join(", ")}); expected it there: its machine is reached through them`,
  );
}

/** Input and output as they are; the end of the input is passed on. */
async function pipe(stream: Duplex, { input, output, errors }: ExecEnds): Promise<void> {
  const frames = new Frames();
  input.pipe(stream);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>)
      for (const { source, bytes } of frames.write(chunk)) {
        const out = source === "stdout" ? output : errors;
        if (!out.write(bytes)) await once(out, "drain");
      }
  } finally {
    input.unpipe(stream);
    stream.destroy();
  }
}

/** A terminal's keys one way, and everything that the command says the other way. */
async function converse(
  engine: Engine,
  id: string,
  stream: Duplex,
  { input, output, terminal }: ExecEnds & { readonly terminal: Terminal },
): Promise<void> {
  const resize = (): void => {
    // A command that has just ended has no size.
    void resizeExec(engine, id, terminal.size).catch(() => undefined);
  };
  const cooked = terminal.raw();
  const still = terminal.onResize(resize);
  try {
    resize();
    input.pipe(stream);
    for await (const chunk of stream as AsyncIterable<Buffer>)
      if (!output.write(chunk)) await once(output, "drain");
  } finally {
    still();
    cooked();
    input.unpipe(stream);
    stream.destroy();
  }
}

/** @throws Error when the command does not end with its output, or its container is gone with it */
async function codeOf(engine: Engine, id: string): Promise<number> {
  const end = Date.now() + CODE_MILLISECONDS;
  for (;;) {
    const { Running: isRunning, ExitCode: code } = await inspectExec(engine, id).catch(
      (error: unknown) => {
        if (!isEngineError(error, "notFound", "conflict")) throw error;
        throw new Error("the task ended meanwhile, and the command with it", { cause: error });
      },
    );
    if (isRunning !== true && code !== undefined) return code;
    if (Date.now() >= end)
      throw new Error(
        `${engine.host}: the connection to the command ended, and the command did not; it goes on in its container`,
      );
    // No event tells it to whom asks for one command alone.
    await delay(LOOK_MILLISECONDS);
  }
}
