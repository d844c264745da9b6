import type { Duplex } from "node:stream";
import type { ExecConfig, ExecInspectResponse } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { segment } from "./call";
import type { CallOptions } from "./call";

/** Rows and columns of a terminal. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** Prepares a command in a container of this engine's own machine and answers its id. Values travel in the body. */
export async function createExec(
  engine: Engine,
  container: string,
  body: ExecConfig,
  options: CallOptions = {},
): Promise<string> {
  const path = `/containers/${segment(container)}/exec`;
  return (await engine.request<{ Id: string }>("POST", path, { ...options, body })).Id;
}

/**
 * Starts it. What is written to the stream is the command's input; what is read is its output, in frames unless it has
 * a terminal.
 */
export async function startExec(
  engine: Engine,
  id: string,
  hasTerminal: boolean,
  options: CallOptions = {},
): Promise<Duplex> {
  const body = { Detach: false, Tty: hasTerminal };
  return engine.attach("POST", `/exec/${segment(id)}/start`, { ...options, body });
}

/** Whether it still runs, and its exit code. */
export async function inspectExec(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<ExecInspectResponse> {
  return engine.request("GET", `/exec/${segment(id)}/json`, options);
}

/** Gives its terminal another size. */
export async function resizeExec(
  engine: Engine,
  id: string,
  { rows, columns }: TerminalSize,
  options: CallOptions = {},
): Promise<void> {
  const query = { h: rows, w: columns };
  await engine.request("POST", `/exec/${segment(id)}/resize`, { ...options, query });
}
