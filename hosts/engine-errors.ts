import { DeadlineError, HostError } from "./errors";

/** What an error of the engine means, whatever its words are. */
export type EngineErrorKind =
  /** There is no such object. */
  | "notFound"
  /** An object of that name is there already. */
  | "conflict"
  /** The object changed since it was read. */
  | "outOfSequence"
  /** The object cannot be removed while somebody uses it. */
  | "inUse"
  /** The swarm has no leader, usually because more than half of its managers are down. */
  | "quorumLost"
  /** The engine is no manager of an active swarm. */
  | "notManager"
  /** The manager restarted and waits for the unlock key. */
  | "locked"
  /** It was to be unlocked and is not locked. */
  | "notLocked"
  /** It does not take the unlock key. */
  | "wrongKey"
  /** The registry wants a log-in, or another one. */
  | "registryRefused"
  /** The registry has no such image. */
  | "registryMissing"
  /** The registry does not answer the engine. */
  | "registrySilent"
  /** The request is wrong, or the engine does not know it. */
  | "invalid"
  /** The engine, or what it asks, cannot answer now. */
  | "unavailable"
  /** Anything else. */
  | "other";

/** One answer of the engine that is an error. */
interface Refused {
  readonly method: string;
  /** Without the API's version. */
  readonly path: string;
  /** HTTP status. */
  readonly status: number;
  /** The engine's own words. */
  readonly reason: string;
}

interface Rule {
  readonly kind: EngineErrorKind;
  readonly method?: string;
  readonly path?: RegExp;
  readonly statuses?: readonly number[];
  readonly reason?: RegExp;
}

/** The engine asks a registry, whose words and slowness say nothing about the engine. */
const REGISTRY = /^\/distribution(\/|$)/;

/** Answered from other machines: what they do not say in time is not the manager's fault either. */
const LOGS = /^\/(tasks|services|containers)\/[^/]+\/logs$/;

/** Answered from the managers' common store (raft), through their leader. */
const STORE = /^\/(swarm|nodes|services|tasks|secrets|configs|networks)(\/|$)/;

/**
 * Docker has few codes and many words: the same words mean another thing at another endpoint, so a rule says where it
 * holds. The first one that fits counts.
 *
 * @see https://github.com/moby/moby/blob/master/daemon/cluster/errors.go
 */
const RULES: readonly Rule[] = [
  {
    kind: "registryRefused",
    path: REGISTRY,
    reason: /unauthorized|denied|no basic auth|authentication required/i,
  },
  { kind: "registryRefused", path: REGISTRY, statuses: [401, 403] },
  { kind: "registryMissing", path: REGISTRY, statuses: [404] },
  {
    kind: "registryMissing",
    path: REGISTRY,
    reason: /manifest unknown|name unknown|not found/i,
  },
  { kind: "registrySilent", path: REGISTRY },
  { kind: "other", path: LOGS, reason: /context deadline exceeded/i },
  { kind: "notLocked", path: /^\/swarm\/unlock$/, reason: /not locked/i },
  { kind: "wrongKey", path: /^\/swarm\/unlock$/, reason: /invalid key/i },
  {
    kind: "quorumLost",
    path: STORE,
    reason: /does not have a leader|context deadline exceeded|more than half of the managers/i,
  },
  { kind: "locked", path: STORE, statuses: [503], reason: /needs to be unlocked/i },
  {
    kind: "notManager",
    path: STORE,
    statuses: [503],
    reason: /not a swarm manager|not part of a swarm/i,
  },
  { kind: "outOfSequence", method: "POST", reason: /update out of sequence/i },
  {
    kind: "inUse",
    method: "DELETE",
    reason: /in use|active endpoints|is attached|being used/i,
  },
  // The engine is too old, or too new, for the call: nothing is said about the object.
  { kind: "invalid", statuses: [404], reason: /^page not found$/i },
  { kind: "notFound", statuses: [404] },
  { kind: "conflict", statuses: [409] },
  { kind: "invalid", statuses: [400, 405, 406, 412, 422] },
  { kind: "unavailable", statuses: [502, 503, 504] },
];

function kindOf({ method, path, status, reason }: Refused): EngineErrorKind {
  const found = RULES.find(
    (rule) =>
      (rule.method === undefined || rule.method === method) &&
      (rule.path === undefined || rule.path.test(path)) &&
      (rule.statuses === undefined || rule.statuses.includes(status)) &&
      (rule.reason === undefined || rule.reason.test(reason)),
  );
  return found?.kind ?? "other";
}

/** The engine answered with an error; its own words are in it. */
export class EngineError extends HostError {
  /** HTTP status. */
  readonly status: number;
  /** The engine's own words. */
  readonly reason: string;
  readonly kind: EngineErrorKind;

  /** @param call - method and path, `GET /nodes` */
  constructor(host: string, call: string, status: number, reason: string) {
    super(host, `${host}: Docker answered ${status} to ${call}: ${reason}`);
    const [method = "", path = ""] = call.split(" ");
    this.status = status;
    this.reason = reason;
    this.kind = kindOf({ method, path, status, reason });
  }
}

const NO_STREAM =
  "no stream to the engine was open by then. Check sshd, sudo and the engine there (systemctl status docker)";

function adviceFor(path: string): string {
  if (REGISTRY.test(path)) return "it waits for the registry. Check that the machine reaches it";
  if (LOGS.test(path)) return "it waits for the machines that keep the logs";
  return (
    "the engine takes connections and does not answer. Look there (journalctl -u docker), and restart it " +
    "(systemctl restart docker)"
  );
}

/** The engine did not answer a call in time. */
export class SilenceError extends DeadlineError {
  /** A change that was sent: it may have been made. */
  readonly mayHaveActed: boolean;
  /** It is the engine that is slow, and not a registry or another machine that it asks. */
  readonly isItsOwn: boolean;

  /** @param wasSent - whether the call reached a connection to the engine */
  constructor(host: string, call: string, seconds: number, wasSent: boolean) {
    const [method = "", path = ""] = call.split(" ");
    const advice = wasSent ? adviceFor(path) : NO_STREAM;
    super(host, `Docker's answer to ${call}`, seconds, undefined, advice);
    this.mayHaveActed = wasSent && method !== "GET";
    this.isItsOwn = !REGISTRY.test(path) && !LOGS.test(path);
  }
}

/** Whether an error is the engine's and means one of these. */
export function isEngineError(
  error: unknown,
  ...kinds: readonly EngineErrorKind[]
): error is EngineError {
  return error instanceof EngineError && kinds.includes(error.kind);
}

/** Whether the engine said that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return isEngineError(error, "notFound");
}
