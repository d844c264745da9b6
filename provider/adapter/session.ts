import { createHash } from "node:crypto";
import { status } from "@grpc/grpc-js";
import type { Environment } from "../../cluster/environment";
import { Secrets } from "../../cluster/secrets";
import type { Context } from "../context";
import { keepCost } from "../record";
import { PartialFailure } from "../resource";
import type { AnyResourceType } from "../types";
import type { EngineLog } from "./engine-log";
import { shown } from "./message";
import { isDefect, rpcError } from "./rpc-error";
import type { Path } from "./path";
import { openStrings, secretStrings } from "./secrecy";
import { StatusLine } from "./status-line";
import type { Decoded, Properties } from "./wire";

/** One call of the engine about one resource. */
export interface Call {
  readonly urn: string;
  /** What is being done, for messages: `create`. */
  readonly what: string;
  /** Seconds; 0 for none. */
  readonly timeout: number;
  /** Something is made, changed or removed, and not only looked at. @default false */
  readonly acts?: boolean;
  /** What the engine sent; the secrets in there, and in every call before, appear in no message. */
  readonly sources: readonly Decoded[];
}

/** How long a noun has to come back with what it knows once its signal was aborted. */
const GRACE_MILLISECONDS = 20_000;

/** Why a signal is aborted after its call: whoever still waits for something need not. */
const OVER = new Error("the call is over");

/** One run of the plugin: its types, its configuration, and every call that is under way. */
export class Session {
  readonly log: EngineLog;
  private readonly types: ReadonlyMap<string, AnyResourceType>;
  private readonly active = new Set<AbortController>();
  private readonly said = new Set<string>();
  private readonly lastInputs = new Map<string, Properties>();
  private current: Environment | undefined;
  private providerId: string | undefined;
  private hasDeclarations = false;
  private readonly replacements = new Set<string>();
  private readonly unfinished = new Set<string>();
  private readonly secrets = new Secrets();

  constructor(types: readonly AnyResourceType[], log: EngineLog) {
    this.types = new Map(types.map((type) => [type.token, type]));
    this.log = log;
  }

  /** @throws a gRPC error naming the types there are */
  typeOf(urn: string): AnyResourceType {
    const token = tokenOf(urn);
    const type = this.types.get(token);
    if (type !== undefined) return type;
    const known = [...this.types.keys()].join(", ");
    throw rpcError(status.NOT_FOUND, `resource type: got "${token}"; expected one of ${known}`);
  }

  /**
   * Takes note of a declaration that is checked. Answers the inputs that it takes the place of: the engine does not say
   * that it checks the new one of a replacement, it checks a second time, and leaves the old inputs out.
   */
  declare(urn: string, olds: Properties | undefined): Properties | undefined {
    this.hasDeclarations = true;
    const replaced = olds === undefined ? this.lastInputs.get(urn) : undefined;
    if (olds === undefined) this.lastInputs.delete(urn);
    else this.lastInputs.set(urn, olds);
    if (replaced !== undefined) this.replacements.add(urn);
    return replaced;
  }

  /** Takes note that a resource, as it was read, is not what was asked for. */
  foundUnfinished(urn: string): void {
    this.unfinished.add(urn);
  }

  /** Whether the last create or update of a resource failed after something was made. */
  isUnfinished(urn: string): boolean {
    return this.unfinished.has(urn);
  }

  /** @param providerId - of the provider in the state; undefined where the engine does not know it yet */
  configure(environment: Environment, providerId: string | undefined): void {
    // The engine configures anew for each preview and for each update: none sees what another one has listed.
    environment.managers.holdLists();
    this.current = environment;
    this.providerId = providerId;
  }

  /**
   * Bytes for the names that a new resource is given: the same in each run until it is made. The engine's own are others
   * in every run, and one that was killed right after it had made something would leave it under a name that nobody
   * looks for. They follow from the provider's id, which is in the state before anything else is and which no other
   * state has; where that is not known yet nothing is made, and the engine's will do.
   */
  seedOf(urn: string, given: Uint8Array): Uint8Array {
    const { providerId } = this;
    if (providerId === undefined) return given;
    return createHash("sha256").update(`${providerId}\n${urn}`).digest();
  }

  /** Takes note of what a noun has made: the secrets in there appear in no message from now on. */
  learn(value: Properties, secrets: readonly Path[]): void {
    this.secrets.add(secretStrings({ value, secrets, unknowns: [] }));
  }

  private get environment(): Environment {
    if (this.current !== undefined) return this.current;
    throw rpcError(status.FAILED_PRECONDITION, "the provider was used before it was configured");
  }

  /**
   * Runs one call with a context of its own. Ends it when the timeout has passed or the run is cancelled, at the
   * latest a grace period after that.
   * @throws a gRPC error with nothing but a text for the user; a `PartialFailure` goes through, its texts cleaned
   */
  async perform<T>(call: Call, act: (context: Context) => T | Promise<T>): Promise<T> {
    const { environment } = this;
    if (call.acts === true) environment.managers.releaseLists();
    const controller = new AbortController();
    const line = new StatusLine((text) => {
      this.log.say("info", call.urn, text, true);
    });
    const own = new Set([...environment.secrets, ...secretStrings(...call.sources)]);
    this.secrets.add(own);
    this.secrets.addOpen(openStrings(...call.sources));
    const clean = (text: string): string => this.secrets.scrub(text, own);
    this.active.add(controller);
    const timer = startTimeout(call, controller);
    const grace = new Grace(call, controller.signal);
    try {
      const context = this.contextFor(call.urn, environment, controller.signal, line, clean);
      const work = Promise.resolve(act(context));
      return await Promise.race([work, grace.isOver]);
    } catch (error) {
      throw this.toUser(error, call, controller.signal, clean);
    } finally {
      clearTimeout(timer);
      line.end();
      grace.end();
      this.active.delete(controller);
      controller.abort(OVER);
      await keepCost(environment.machines.traffic);
      await this.log.flush();
    }
  }

  /** Ctrl-C, and the end of every run: whoever waits stops waiting. */
  cancel(): void {
    for (const controller of this.active)
      controller.abort(new Error("cancelled; the next run goes on from here"));
  }

  async close(): Promise<void> {
    this.cancel();
    await this.current?.close();
    this.log.close();
  }

  private contextFor(
    urn: string,
    environment: Environment,
    signal: AbortSignal,
    line: StatusLine,
    clean: (text: string) => string,
  ): Context {
    const { machines, lab, managers, registries, roles, run } = environment;
    const say = (severity: "info" | "warning", message: string): void => {
      this.log.say(severity, urn, clean(message));
    };
    return {
      machines,
      lab,
      managers,
      registries,
      roles,
      run,
      isDestroy: !this.hasDeclarations,
      isReplacement: this.replacements.has(urn),
      signal,
      scrub: clean,
      progress: (message) => {
        line.show(clean(message));
      },
      info: (message) => {
        say("info", message);
      },
      warn: (message) => {
        say("warning", message);
      },
      warnOnce: (message) => {
        if (this.said.has(message)) return;
        this.said.add(message);
        say("warning", message);
      },
    };
  }

  private toUser(
    error: unknown,
    call: Call,
    signal: AbortSignal,
    clean: (text: string) => string,
  ): Error {
    if (error instanceof PartialFailure) {
      const { id, state, reasons, details } = error;
      if (details !== undefined) this.log.say("error", call.urn, clean(details));
      return new PartialFailure(id, state, reasons.map(clean));
    }
    if (isDefect(error)) {
      console.error(shown(clean(error.stack ?? error.message)));
      const where = `${tokenOf(call.urn)}, ${call.what}`;
      return rpcError(
        status.INTERNAL,
        clean(`a defect of the provider (${where}): ${error.message}. --debug shows where`),
      );
    }
    const text = error instanceof Error ? error.message : String(error);
    if (!signal.aborted) return rpcError(codeOf(error), clean(text));
    const reason = (signal.reason as Error).message;
    const message = text === reason || isAbort(error) ? reason : `${reason}: ${text}`;
    return rpcError(status.ABORTED, clean(message));
  }
}

function codeOf(error: unknown): status {
  const code = (error as { code?: unknown }).code;
  // Node's own errors have texts as codes. UNKNOWN would tell the engine that its state may be wrong.
  return (
    (Object.values(status).find((known) => known === code) as status | undefined) ??
    status.FAILED_PRECONDITION
  );
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** `swarm:index:Node` of `urn:pulumi:dev::shop::my:Cluster$swarm:index:Node::worker-1`. */
function tokenOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? urn;
}

function startTimeout(call: Call, controller: AbortController): NodeJS.Timeout | undefined {
  if (call.timeout <= 0) return undefined;
  return setTimeout(() => {
    const limit = `customTimeouts.${call.what}`;
    controller.abort(new Error(`not done within ${call.timeout} s (${limit})`));
  }, call.timeout * 1000);
}

/** The time that a call has to come back once its signal was aborted. */
class Grace {
  /** Rejects when it has passed. */
  readonly isOver: Promise<never>;
  /** Nobody waits for the call any more. */
  readonly end: () => void;

  constructor({ what }: Call, signal: AbortSignal) {
    let timer: NodeJS.Timeout | undefined;
    let begin = (): void => undefined;
    this.isOver = new Promise((_, reject) => {
      begin = (): void => {
        timer = setTimeout(() => {
          reject(new Error(`${what} did not stop within ${GRACE_MILLISECONDS / 1000} s`));
        }, GRACE_MILLISECONDS);
        timer.unref();
      };
    });
    signal.addEventListener("abort", begin);
    this.end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", begin);
    };
  }
}
