import { connect, isIP, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "ssh2";
import type { AnyAuthMethod, ConnectConfig } from "ssh2";
import { ALGORITHMS, encryptionRefused } from "./algorithms";
import { authenticationMethods, authenticationRefused } from "./authentication";
import { codeOf, HostError, HostKeyError, HostUnreachableError, messageOf } from "./errors";
import { algorithmsFor, hostKeyMismatch, parseHostKeys } from "./host-key";
import type { HostKey } from "./host-key";
import { severalBehind } from "./names";
import { describeTarget, userOf } from "./target";
import type { Target } from "./target";

/** Pauses before further attempts when the handshake was refused or reset: sshd drops at random above MaxStartups. */
const BACK_OFF_MS = [250, 500, 1000, 2000, 4000];

/** Refused means that nothing listens; two more attempts cover a restart of sshd. */
const REFUSED_ATTEMPTS = 3;

/**
 * A connection is answered by a machine's kernel, at once however busy the machine is; on the way three packets may get
 * lost. A machine that is down must not hold up those that are not.
 */
const ANSWER_SECONDS = 4;

/** A dead peer is noticed after three unanswered questions. */
const KEEPALIVE_MS = 3000;
const KEEPALIVE_COUNT = 3;

/**
 * Opens one SSH connection, with a bounded number of attempts.
 *
 * @param onAttempt - told about each of them, and its socket where it has one of its own
 * @throws HostUnreachableError, HostKeyError, EncryptionError, AuthenticationError
 */
export async function openClient(
  target: Target,
  through: (() => Promise<Duplex>) | undefined,
  onAttempt: (socket: Socket | undefined) => void = () => undefined,
): Promise<Client> {
  const pinned = pinnedKeys(target);
  const methods = authenticationMethods(target);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const stream = await through?.();
      return await attemptOnce(target, pinned, methods, () => {
        const sock = stream ?? answeredSocket(target);
        onAttempt(sock instanceof Socket ? sock : undefined);
        return sock;
      });
    } catch (error) {
      const pause = BACK_OFF_MS[attempt - 1];
      if (pause === undefined || !isPassing(error, attempt)) {
        // Where a machine is gone through, it looks the name up.
        const note = through === undefined ? await severalBehind(target.address) : "";
        throw withNote(explain(target, error, attempt), note);
      }
      // Spread out: twenty connections that were dropped together must not come back together.
      await delay(pause * (0.5 + Math.random()));
    }
  }
}

/** What is known of the name belongs to errors about who is there, and whether anybody is. */
function withNote(error: Error, note: string): Error {
  if (note === "") return error;
  const message = `${error.message}. ${note}`;
  if (error instanceof HostKeyError) return new HostKeyError(error.host, message);
  if (error instanceof HostUnreachableError)
    return new HostUnreachableError(error.host, message, { cause: error.cause });
  return error;
}

function pinnedKeys(target: Target): HostKey[] {
  try {
    return parseHostKeys(target.hostKey);
  } catch (error) {
    throw new HostKeyError(target.name, `hosts.${target.name}.hostKey: ${messageOf(error)}`);
  }
}

/** A socket that ends when nobody answers. The time of a name server is not the machine's. */
function answeredSocket({ address: host, port = 22, connectTimeoutSeconds }: Target): Socket {
  const seconds = Math.min(ANSWER_SECONDS, connectTimeoutSeconds ?? Infinity);
  const socket = connect({ host, port });
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer ??= setTimeout(() => {
      socket.destroy(new SilentError(seconds));
    }, seconds * 1000);
  };
  if (isIP(host) === 0) socket.once("lookup", begin);
  else begin();
  const end = (): void => {
    clearTimeout(timer);
  };
  return socket.once("connect", end).once("close", end);
}

/** Nobody answered. */
class SilentError extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super("no answer");
    this.seconds = seconds;
  }
}

async function attemptOnce(
  target: Target,
  pinned: readonly HostKey[],
  methods: readonly AnyAuthMethod[],
  open: () => Duplex,
): Promise<Client> {
  const client = new Client();
  const tried: string[] = [];
  let mismatch: HostKeyError | undefined;
  const settings: ConnectConfig = {
    host: target.address,
    port: target.port ?? 22,
    username: userOf(target),
    readyTimeout: (target.connectTimeoutSeconds ?? 10) * 1000,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_COUNT,
    algorithms: { ...ALGORITHMS, serverHostKey: algorithmsFor(pinned) },
    hostVerifier: (seen: Buffer) => {
      if (pinned.some((key) => key.blob.equals(seen))) return true;
      mismatch = hostKeyMismatch(target, pinned, seen);
      return false;
    },
    authHandler: nextMethod(methods, tried),
  };
  return new Promise((resolve, reject) => {
    client.on("error", (error: Error & { level?: string }) => {
      // An agent that does not answer is one method that failed, not the end.
      if (error.level === "agent") return;
      client.destroy();
      if (mismatch !== undefined) reject(mismatch);
      else if (error.level === "client-authentication")
        reject(authenticationRefused(target, tried));
      else if (/no matching host key/i.test(error.message)) {
        reject(hostKeyMismatch(target, pinned, undefined));
      } else reject(encryptionRefused(target, error.message) ?? error);
    });
    client.once("close", () => {
      reject(mismatch ?? new Error("the connection closed during the handshake"));
    });
    client.once("ready", () => {
      // Small packets back and forth: waiting to fill one costs 40 ms at every turn.
      client.setNoDelay(true);
      resolve(client);
    });
    // What goes wrong with the stream is heard from here on: no moment may lie between the two.
    client.connect({ ...settings, sock: open() });
  });
}

/** Offers each method once, leaving out those that the server does not take. */
function nextMethod(methods: readonly AnyAuthMethod[], tried: string[]) {
  const left = [...methods];
  return (
    allowed: string[] | null,
    _partial: boolean | null,
    next: (method: AnyAuthMethod) => void,
  ): void => {
    for (let method = left.shift(); method !== undefined; method = left.shift()) {
      const asked = method.type === "agent" ? "publickey" : method.type;
      if (allowed !== null && !allowed.includes(asked)) continue;
      tried.push(method.type);
      next(method);
      return;
    }
    // ssh2 takes false for "nothing left", which its type does not say.
    next(false as unknown as AnyAuthMethod);
  };
}

function isPassing(error: unknown, attempt: number): boolean {
  if (error instanceof HostError) return false;
  const code = codeOf(error);
  if (code === "ECONNREFUSED") return attempt < REFUSED_ATTEMPTS;
  if (code === "ECONNRESET" || code === "EPIPE") return true;
  return /lost before handshake|closed during the handshake/i.test(messageOf(error));
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens on that port. Check that the machine is up and sshd runs",
  ECONNRESET:
    "the machine closed the connection during the handshake. Check sshd there (MaxStartups, hosts.deny, a full disk)",
  EHOSTUNREACH: "no route to the machine. Check that it is up and the address is right",
  ENETUNREACH: "no route to its network. Check the address",
  ENOTFOUND: "the name is not known. Check the address",
  EAI_AGAIN: "the name could not be looked up. Check the address and the name server",
};

function explain(target: Target, error: unknown, attempts: number): Error {
  if (error instanceof HostError) return error;
  const known = REASONS[codeOf(error) ?? ""];
  const seconds = silenceOf(target, error);
  const port = target.port ?? 22;
  const silent =
    seconds === undefined
      ? undefined
      : `no answer within ${seconds} s. Check that the machine is up and port ${port} is open`;
  const tries = attempts > 1 ? ` (${attempts} attempts)` : "";
  return new HostUnreachableError(
    target.name,
    `${target.name}: no connection to ${describeTarget(target)}: ` +
      `${known ?? silent ?? messageOf(error)}${tries}`,
    { cause: error },
  );
}

/** Seconds for which a machine has said nothing; undefined where that was not the reason. */
function silenceOf({ connectTimeoutSeconds = 10 }: Target, error: unknown): number | undefined {
  if (error instanceof SilentError) return error.seconds;
  return /timed out|timeout/i.test(messageOf(error)) ? connectTimeoutSeconds : undefined;
}
