/** Characters of one line, or of a reason, in a message. */
const LONGEST_SHOWN = 2000;

/** Something went wrong while talking to one machine. */
export class HostError extends Error {
  /** Name of the machine in the configuration. */
  readonly host: string;
  constructor(host: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.host = host;
  }
}

/** No connection, or a connection that broke. Another machine may still answer. */
export class HostUnreachableError extends HostError {}

/** The machine showed another host key than the pinned one; nothing was sent to it. */
export class HostKeyError extends HostError {}

/** The machine encrypts in no way that is safe; nothing was sent to it. */
export class EncryptionError extends HostError {}

/** Login or sudo was refused. */
export class AuthenticationError extends HostError {}

/** What a command that failed left behind. */
export interface CommandFailure {
  /** The command's first word, or the title the caller gave; never its input. */
  readonly command: string;
  /** Exit code; 128 + number for a signal. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command on a machine ended with another exit code than 0. Its own last lines follow: what they say is to be mended there. */
export class CommandError extends HostError {
  readonly failure: CommandFailure;
  constructor(host: string, failure: CommandFailure) {
    const said = tail(failure.stderr.trim() === "" ? failure.stdout : failure.stderr);
    super(host, `${host}: ${failure.command} failed with exit code ${failure.code}${said}`);
    this.failure = failure;
  }
}

/** Something took longer than it was given. A busy machine may need another run; what was begun is gone on with. */
export class DeadlineError extends HostError {
  readonly seconds: number;
  /**
   * @param reason - what is known about why, for example the last line of output
   * @param advice - what it means and what to do
   */
  constructor(host: string, what: string, seconds: number, reason?: string, advice?: string) {
    const seen = reason === undefined || reason === "" ? "" : `; last seen: ${short(reason)}`;
    const then = advice === undefined ? "" : `: ${advice}`;
    super(host, `${host}: ${what} did not finish within ${seconds} s${seen}${then}`);
    this.seconds = seconds;
  }
}

/** The error to throw when `signal` was aborted: its own reason where that is an error. */
export function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("cancelled");
}

/** Text of anything that was thrown, without a stack. */
export function messageOf(error: unknown): string {
  return isObject(error) && "message" in error ? String(error.message) : String(error);
}

/** System code of anything that was thrown (`ECONNREFUSED`), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return isObject(error) && "code" in error ? String(error.code) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The last lines of an output, as the end of a message. */
function tail(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  if (lines.length === 0) return " and said nothing";
  if (lines.length === 1) return `: ${short(lines[0] ?? "")}`;
  return `:\n  ${lines.slice(-12).map(short).join("\n  ")}`;
}

/** A text that no program wrote for people is cut. */
function short(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
