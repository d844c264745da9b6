/**
 * The one place where words become a command line for a remote shell.
 *
 * Not `shell-quote` (it escapes with backslashes, which double inside some login shells) nor `shlex` (ESM only since 3):
 * single quotes are read alike by sh, dash, bash, ksh and zsh, and need one rule.
 */

/** Characters that no shell gives a meaning to. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One word, quoted so that a POSIX shell reads exactly it. @throws when it holds a NUL, which no argument can */
export function quote(word: string): string {
  if (word.includes("\0")) throw new Error("a command argument cannot hold a NUL character");
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Words as one command line. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/** What sudo is told to ask for the password with, so that the question can be recognised. */
export const SUDO_PROMPT = "swarm-asks-for-the-sudo-password:";

/** First word of the line that says that the command itself is about to run, and its process group. */
export const STARTED = "swarm-started";

/** How a command is to be started. */
export interface Launch {
  /** Through sudo. */
  readonly sudo: boolean;
  /** Let sudo read a password from the input (only after it has shown `SUDO_PROMPT`). */
  readonly sudoPassword: boolean;
  /** Kill the command and its children after so many seconds; undefined: run as long as the connection lives. */
  readonly seconds: number | undefined;
}

/**
 * The command line that runs `argv` and first says, on its error output, `swarm-started <process group>`.
 *
 * `timeout` makes itself the leader of a new process group and kills that group when time is up: the children end
 * as well, also under sudo and also when the connection is gone by then. What comes before the line is said by the
 * login shell or sudo, not by the command.
 */
export function launchLine(argv: readonly string[], launch: Launch): string {
  const bounded =
    launch.seconds === undefined
      ? argv
      : ["timeout", "-k", "5", String(Math.max(1, Math.ceil(launch.seconds))), ...argv];
  const announced = ["sh", "-c", `printf '${STARTED} %s\\n' "$$" >&2; exec "$@"`, "sh", ...bounded];
  if (!launch.sudo) return `exec ${quoteAll(announced)}`;
  const asking = launch.sudoPassword ? ["-S", "-p", SUDO_PROMPT] : ["-n"];
  return `exec ${quoteAll(["sudo", ...asking, "--", ...announced])}`;
}

/**
 * A script and its input as one stream for `bash -s`.
 *
 * The braces make bash read the whole script before it runs any of it, and `exit` keeps it from reading on: what the
 * script's commands find on their input is `input` and nothing else, and `input` is never taken for a script.
 */
export function scriptStream(text: string, input: string): string {
  return `{ ${text}\nexit "$?"\n}\n${input}`;
}
