import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { SystemInfo, SystemVersion } from "@docker/node-sdk";
import { aborted } from "./aborted";
import type { Connection } from "./connection";
import { EngineError, SilenceError } from "./engine-errors";
import { EngineEvents } from "./engine-events";
import { exchange, misshapen, parse, readAll, readReason, TooLargeError } from "./engine-http";
import type { EngineRequest } from "./engine-http";
import { EngineSocket } from "./engine-socket";
import { abortError, HostError, HostUnreachableError, messageOf } from "./errors";
import { Patience } from "./patience";
import type { Traffic } from "./traffic";

export { EngineError, isEngineError, isNotFound, SilenceError } from "./engine-errors";
export type { EngineRequest } from "./engine-http";

/** The newest API whose answers are known here; an older engine is spoken to in its own. 1.41 is Docker 20.10. */
const NEWEST_API = "1.52";

/** Asked without a version, to find out which one to use. */
const VERSION = "/version";

/** What tells that tasks, nodes or services are not what they were; not every look of a health check. */
const CHANGES = {
  type: ["container", "node", "service"],
  event: ["start", "die", "oom", "health_status", "create", "update", "remove", "destroy"],
};

/** The Docker Engine of one machine, over its SSH connection. */
export class Engine {
  /** Name of the machine. */
  readonly host: string;
  private readonly socket: EngineSocket;
  private readonly traffic: Traffic;
  private readonly nodeEvents = this.eventsOf({ type: ["node"] });
  private readonly changes = this.eventsOf(CHANGES);
  private negotiated: Promise<string> | undefined;

  constructor(host: string, connect: () => Promise<Connection>, traffic: Traffic) {
    this.host = host;
    this.traffic = traffic;
    this.socket = new EngineSocket(connect);
  }

  /**
   * One call: JSON in, JSON out (text where the answer is not JSON, undefined where there is none).
   *
   * @param path - without the version, `/nodes`
   * @throws EngineError with the engine's words, SilenceError, HostUnreachableError, or the signal's reason
   */
  async request<T>(method: string, path: string, options: EngineRequest = {}): Promise<T> {
    const read = async (response: IncomingMessage): Promise<unknown> => {
      const answer = parse(await readAll(response));
      const wrong = method === "GET" ? misshapen(path, answer) : undefined;
      if (wrong !== undefined) throw this.refusal(`${method} ${path}`, wrong);
      return answer;
    };
    return (await this.call(method, path, options, read)) as T;
  }

  /** A call whose answer goes on and on; `signal` ends it, the deadline is for its beginning alone. */
  async stream(
    method: string,
    path: string,
    options: EngineRequest = {},
  ): Promise<IncomingMessage> {
    return this.call(method, path, options, whole, this.socket.fresh);
  }

  /**
   * A call that turns its connection into a stream in both directions, for the input and output of a command; the
   * deadline is for its beginning alone. Whoever takes the stream ends it.
   */
  async attach(method: string, path: string, options: EngineRequest = {}): Promise<Duplex> {
    const headers = { ...options.headers, connection: "Upgrade", upgrade: "tcp" };
    const read = async (response: IncomingMessage): Promise<Duplex> => {
      if (response.statusCode === 101) return Promise.resolve(response.socket);
      response.destroy();
      throw this.refusal(`${method} ${path}`, "got no stream; expected one (101)");
    };
    return this.call(method, path, { ...options, headers }, read, this.socket.lasting);
  }

  /**
   * Calls `listener` whenever something happens to a node, as far as this engine hears of it and there is a stream to
   * spare.
   *
   * @returns what ends that
   */
  onNodeEvent(listener: () => void): () => void {
    return this.nodeEvents.listen(listener);
  }

  /**
   * Calls `listener` whenever a container of this machine starts, ends or gets well or ill, and, on a manager, whenever a
   * node or a service changes; under the same conditions.
   *
   * @param onEnd - called once when nothing is heard any more: whoever wants to listen on listens anew
   * @returns what ends that
   */
  onChange(listener: () => void, onEnd: () => void): () => void {
    return this.changes.listen(listener, onEnd);
  }

  /** State of the engine and of its part in a swarm. Answers at once, also without quorum. */
  async info(options: Pick<EngineRequest, "deadlineSeconds" | "signal"> = {}): Promise<SystemInfo> {
    return this.request("GET", "/info", options);
  }

  /** Version of the engine and its API. */
  async version(): Promise<SystemVersion> {
    return this.request("GET", VERSION);
  }

  /** Lets idle streams go and forgets the engine's version (it may have been replaced). */
  close(): void {
    this.socket.close();
    this.negotiated = undefined;
  }

  /** The API version spoken with this engine, `1.45`. */
  async apiVersion(): Promise<string> {
    this.negotiated ??= this.negotiate().catch((error: unknown) => {
      this.negotiated = undefined;
      throw error;
    });
    return this.negotiated;
  }

  private eventsOf(filters: object): EngineEvents {
    return new EngineEvents(async (signal) =>
      this.call("GET", "/events", { query: { filters }, signal }, whole, this.socket.spare),
    );
  }

  private async negotiate(): Promise<string> {
    const { ApiVersion: theirs = NEWEST_API, MinAPIVersion: least = "1.0" } = await this.version();
    if (![theirs, least].every((version) => /^1\.\d{1,3}$/.test(version)))
      throw this.refusal(`GET ${VERSION}`, "got another ApiVersion; expected one such as 1.45");
    if (olderApi(least, NEWEST_API) !== least)
      throw new HostError(
        this.host,
        `${this.host}: its engine speaks version ${least} of Docker's API and newer ones; expected one that speaks ${NEWEST_API}, too, the newest that is known here. ` +
          "Take a newer version of this program.",
      );
    return olderApi(theirs, NEWEST_API);
  }

  private async call<T>(
    method: string,
    path: string,
    options: EngineRequest,
    read: (response: IncomingMessage) => Promise<T>,
    agent = method === "GET" ? this.socket.kept : this.socket.changing,
  ): Promise<T> {
    const shown = `${method} ${path}`;
    const { signal, deadlineSeconds = 30 } = options;
    const began = performance.now();
    signal?.throwIfAborted();
    const isChange = method !== "GET";
    const patience = new Patience(deadlineSeconds, () => isChange || this.socket.isCostly);
    try {
      const either = AbortSignal.any([patience.signal, ...(signal === undefined ? [] : [signal])]);
      const full = path === VERSION ? path : await this.versioned(path, either);
      const settings = { method, path: full, agent, signal: either };
      const response = await exchange(settings, options, () => {
        patience.sent();
        this.traffic.engineCall();
      });
      const status = response.statusCode ?? 0;
      if (status < 400) return await read(response);
      throw new EngineError(this.host, shown, status, await readReason(response));
    } catch (error) {
      if (signal?.aborted === true) throw abortError(signal);
      if (patience.isOver)
        throw new SilenceError(this.host, shown, patience.seconds, patience.wasSent);
      throw this.explain(shown, error, this.socket.droppedSince(began));
    } finally {
      patience.end();
    }
  }

  /** The path as it is asked. All who ask first share one question, so that nobody's signal ends it. */
  private async versioned(path: string, signal: AbortSignal): Promise<string> {
    const over = new AbortController();
    try {
      const version = await Promise.race([this.apiVersion(), aborted(signal, over.signal)]);
      return `/v${version}${path}`;
    } finally {
      over.abort();
    }
  }

  private refusal(shown: string, why: string): HostError {
    return new HostError(
      this.host,
      `${this.host}: the answer to ${shown} is not Docker's: ${why}. Check what listens on its socket`,
    );
  }

  /** @param isDropped - whether the whole connection broke while the engine was asked */
  private explain(shown: string, error: unknown, isDropped: boolean): Error {
    if (error instanceof TooLargeError) return this.refusal(shown, error.message);
    const cause = error instanceof Error && error.cause instanceof HostError ? error.cause : error;
    if (cause instanceof HostError) return cause;
    if (isDropped) {
      const left = shown.startsWith("GET ")
        ? ""
        : "; whether Docker did it is not known. The next run looks";
      const what = `${this.host}: the connection broke while ${shown} ran${left}`;
      return new HostUnreachableError(this.host, what, { cause: error });
    }
    const reason = messageOf(error);
    // sshd opens a stream to a socket that nobody listens on any more, and closes it at once.
    const why = /hang up|ECONNRESET/.test(reason)
      ? "it closed the connection. Check that the engine runs there (systemctl status docker)"
      : reason;
    return new HostUnreachableError(
      this.host,
      `${this.host}: no answer from the Docker Engine to ${shown}: ${why}`,
      { cause: error },
    );
  }
}

/** The older of two API versions: 1.9 is older than 1.41. */
function olderApi(a: string, b: string): string {
  const minor = (version: string) => Number(version.split(".")[1] ?? 0);
  return minor(a) < minor(b) ? a : b;
}

async function whole(response: IncomingMessage): Promise<IncomingMessage> {
  return Promise.resolve(response);
}
