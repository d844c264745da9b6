import { request as httpRequest } from "node:http";
import type { Agent, IncomingMessage } from "node:http";
import { Lines } from "./lines";

/** A value of a query; undefined ones are left out, objects (filters) go as JSON. */
type QueryValue = string | number | boolean | object | undefined;

/** What a call of the Engine API may carry. */
export interface EngineRequest {
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A swarm without quorum answers after about 20 s. @default 30 */
  readonly deadlineSeconds?: number;
  readonly signal?: AbortSignal;
}

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

type Content = Pick<EngineRequest, "query" | "body" | "headers">;

/** A swarm of thousands of tasks says a tenth of that. */
const LARGEST_BODY = 64 * 1024 * 1024;

/** An error says what is wrong in the first of its words. */
const LONGEST_REASON = 2000;
const LARGEST_ERROR = 64 * 1024;

/** As many connections as may have been kept, and a new one. */
const ATTEMPTS = 3;

/**
 * Sends a request and answers as soon as the head of the response is there.
 *
 * @param onSent - called once there is a connection: the engine may hear the request from then on
 */
export async function exchange(
  settings: Exchange,
  content: Content,
  onSent: () => void,
): Promise<IncomingMessage> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await exchangeOnce(settings, content, onSent);
    } catch (error) {
      // A kept connection that the engine closed meanwhile. Only reading calls use those, and reading twice does no
      // harm.
      const isStale = error instanceof StaleStream && !settings.signal.aborted;
      if (!isStale || attempt === ATTEMPTS) throw error;
    }
  }
}

async function exchangeOnce(
  settings: Exchange,
  content: Content,
  onSent: () => void,
): Promise<IncomingMessage> {
  const { body, query } = content;
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const described =
    payload === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(payload.length) };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        ...settings,
        path: settings.path + queryText(query),
        headers: { host: "docker", ...described, ...content.headers },
      },
      resolve,
    );
    // Not left to the request alone: it waits for its connection to confirm that it is closed.
    settings.signal.addEventListener("abort", () => {
      reject(new Error("aborted"));
    });
    // Without somebody who asked for it, Node ends such a connection.
    if (content.headers?.upgrade !== undefined)
      request.once("upgrade", (response, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(response);
      });
    request.once("socket", onSent);
    request.once("error", (error) => {
      reject(request.reusedSocket ? new StaleStream(error) : error);
    });
    request.end(payload);
  });
}

/** A kept connection that turned out to be closed. */
class StaleStream extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** `?a=1&filters={…}`; empty without values. */
function queryText(query: EngineRequest["query"]): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    parameters.append(key, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** Lines of an answer as they come; ends quietly when `signal` is aborted. */
export async function* linesOf(
  response: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const ready: string[] = [];
  const lines = new Lines((line) => {
    if (line !== "") ready.push(line);
  });
  response.setEncoding("utf8");
  try {
    for await (const text of response as AsyncIterable<string>) {
      lines.write(text);
      yield* ready.splice(0);
    }
    lines.end();
    yield* ready.splice(0);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    response.destroy();
  }
}

/** An answer that is larger than anything that Docker has to say. */
export class TooLargeError extends Error {}

/** @throws TooLargeError for a body of more than 64 MiB */
export async function readAll(response: IncomingMessage): Promise<string> {
  const body = await readUpTo(response, LARGEST_BODY + 1);
  if (body.length > LARGEST_BODY) throw new TooLargeError("it is larger than 64 MiB");
  return body.toString("utf8");
}

/** The first bytes of a body, which may go on and on: the rest is not waited for. */
async function readUpTo(response: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop ends the stream.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

/** JSON, or the text itself where it is none; undefined when empty. */
export function parse(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

/** The engine's words in an error answer, no more than can be shown. */
export async function readReason(response: IncomingMessage): Promise<string> {
  const body = (await readUpTo(response, LARGEST_ERROR)).toString("utf8");
  const parsed = parse(body);
  const isError = typeof parsed === "object" && parsed !== null && "message" in parsed;
  const reason = (isError ? String(parsed.message) : body).trim();
  if (reason === "") return "no reason given";
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
}

/** Collections of the API; all else that is read is one object. */
const LISTS =
  /^\/(nodes|services|tasks|secrets|configs|networks|plugins|containers\/json|images\/(json|[^?]+\/history))$/;

/**
 * What is wrong with an answer whose very form is not Docker's; undefined for one that can be read.
 *
 * @param path - that was read, without the version
 */
export function misshapen(path: string, answer: unknown): string | undefined {
  const isObject = (value: unknown): boolean =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!LISTS.test(path)) {
    return isObject(answer) ? undefined : `got ${kindOf(answer)}; expected an object`;
  }
  // Go says null for an empty list.
  if (answer === null) return undefined;
  if (!Array.isArray(answer)) return `got ${kindOf(answer)}; expected a list`;
  const wrong: unknown = answer.find((one) => !isObject(one));
  return wrong === undefined ? undefined : `got a list with ${kindOf(wrong)}; expected objects`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
