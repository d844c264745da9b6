import type { ClientChannel } from "ssh2";
import { AuthenticationError, CommandError, HostError } from "./errors";
import { STARTED, SUDO_PROMPT } from "./shell";
import { userOf } from "./target";
import type { Target } from "./target";

/** Characters that may come before a command. */
const MOST_SAID = 64 * 1024;

/** Digits of a process group. */
const LONGEST_GROUP = 10;

/**
 * What comes on the error output before the command itself runs: a login shell's and sudo's words, sudo's question
 * for a password, and the line that says that the command starts.
 *
 * The password is sent only to that question and the command's input only after that line, so neither can ever be
 * read by the other.
 */
export class Preamble {
  private readonly target: Target;
  private readonly channel: ClientChannel;
  private readonly password: string | undefined;
  private readonly onStart: (group: number) => void;
  private text = "";
  /** Where the next question and the next beginning are looked for: everything is looked at once. */
  private promptFrom = 0;
  private startFrom = 0;
  private asked = 0;
  private rest: ((chunk: Buffer) => void) | undefined;
  private readonly waiting: Buffer[] = [];
  /** Whether the command itself was reached. */
  started = false;

  constructor(
    target: Target,
    channel: ClientChannel,
    password: string | undefined,
    onStart: (group: number) => void,
  ) {
    this.target = target;
    this.channel = channel;
    this.password = password;
    this.onStart = onStart;
    channel.stderr.on("data", (chunk: Buffer) => {
      this.take(chunk);
    });
  }

  /** Receives the error output of the command itself. */
  onRest(rest: (chunk: Buffer) => void): void {
    this.rest = rest;
    for (const chunk of this.waiting.splice(0)) rest(chunk);
  }

  /** Why the command was never reached. */
  failure(code: number): HostError {
    const said = this.text.replaceAll(SUDO_PROMPT, "").trim();
    const { name } = this.target;
    const user = userOf(this.target);
    const reason = SUDO_REASONS.find(({ pattern }) => pattern.test(said));
    if (this.asked > 1 || reason !== undefined) {
      const text = this.asked > 1 ? WRONG_PASSWORD : (reason?.text ?? "");
      return new AuthenticationError(
        name,
        `${name}: ${text.replaceAll("USER", user).replaceAll("HOST", name)}`,
      );
    }
    return new CommandError(name, {
      command: user === "root" ? "the login shell" : "sudo",
      code,
      stdout: "",
      stderr: said,
    });
  }

  private take(chunk: Buffer): void {
    if (this.started) {
      this.pass(chunk);
      return;
    }
    if (this.text.length > MOST_SAID) return;
    // latin1 keeps every byte, so that what follows the line can be handed on unchanged.
    this.text += chunk.toString("latin1");
    this.answer();
    const found = this.findStart();
    if (found !== undefined) {
      const after = Buffer.from(this.text.slice(found.end), "latin1");
      this.text = this.text.slice(0, found.begin);
      this.started = true;
      this.onStart(found.group);
      if (after.length > 0) this.pass(after);
    } else if (this.text.length > MOST_SAID) this.giveUp();
  }

  private answer(): void {
    for (;;) {
      const at = this.text.indexOf(SUDO_PROMPT, this.promptFrom);
      if (at < 0) break;
      this.promptFrom = at + SUDO_PROMPT.length;
      this.asked += 1;
      // A second question means that the password is wrong: closing the input ends sudo.
      if (this.asked === 1 && this.password !== undefined) this.channel.write(`${this.password}\n`);
      else this.channel.end();
    }
    // A question may be cut in two.
    this.promptFrom = Math.max(this.promptFrom, this.text.length - SUDO_PROMPT.length + 1);
  }

  /** The line that says that the command starts. */
  private findStart(): { begin: number; end: number; group: number } | undefined {
    const mark = `${STARTED} `;
    for (;;) {
      const at = this.text.indexOf(mark, this.startFrom);
      if (at < 0) {
        this.startFrom = Math.max(this.startFrom, this.text.length - mark.length + 1);
        return undefined;
      }
      this.startFrom = at;
      const rest = this.text.slice(at + mark.length, at + mark.length + LONGEST_GROUP + 1);
      const [line, group] = /^(\d+)\n/.exec(rest) ?? [];
      const isAlone = at === 0 || "\n:".includes(this.text[at - 1] ?? "");
      if (line !== undefined && isAlone)
        return {
          begin: Math.max(0, at - 1),
          end: at + mark.length + line.length,
          group: Number(group),
        };
      // Its end may be still to come.
      if (isAlone && /^\d*$/.test(rest) && rest.length <= LONGEST_GROUP) return undefined;
      this.startFrom = at + 1;
    }
  }

  private giveUp(): void {
    const { name } = this.target;
    const what = "the login shell, or sudo, said more than 64 KiB before the command began";
    this.channel.emit("error", new HostError(name, `${name}: ${what}. Look at its start-up files`));
    this.channel.destroy();
  }

  private pass(chunk: Buffer): void {
    if (this.rest === undefined) this.waiting.push(chunk);
    else this.rest(chunk);
  }
}

const WRONG_PASSWORD =
  "sudo refused the password of USER. Check hosts.HOST.ssh.sudoPassword (or .password)";

const SUDO_REASONS: readonly { readonly pattern: RegExp; readonly text: string }[] = [
  {
    pattern: /a password is required|a terminal is required to read the password/i,
    text: "sudo asks USER for a password and none is given. Give hosts.HOST.ssh.sudoPassword, or allow USER sudo without a password (NOPASSWD)",
  },
  {
    pattern: /incorrect password|sorry, try again/i,
    text: WRONG_PASSWORD,
  },
  {
    pattern: /not in the sudoers file|is not allowed to (execute|run)|may not run sudo/i,
    text: "USER may not use sudo. Log in as root, or give USER the right to run every command with sudo",
  },
  {
    pattern: /you must have a tty|no tty present/i,
    text: 'sudo wants a terminal. Remove "Defaults requiretty" from /etc/sudoers, or exempt USER ("Defaults:USER !requiretty")',
  },
  {
    pattern: /sudo: (command )?not found|sudo: No such file/i,
    text: "sudo is not installed and USER is not root. Install sudo, or log in as root",
  },
];
