import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Clone } from "../e2e/clone";

/** How a command is typed. */
export interface TypedOptions {
  /** In a terminal of this size. @default - into pipes */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where a line is typed. */
interface Place {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** @default - none: pipes */
  readonly terminal?: TypedOptions["terminal"] | undefined;
}

/** A command that is read and written to while it runs. */
export class TypedLine {
  /** Everything that it wrote, errors too. */
  said = "";
  /** Its exit code. */
  readonly code: Promise<number>;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor(words: readonly string[], { cwd, environment, terminal }: Place) {
    const [program = "", ...args] = inTerminal(words, terminal);
    this.child = spawn(program, args, {
      cwd,
      env: environment,
      stdio: "pipe",
      // A group of its own, so that all of it can be ended.
      detached: true,
    });
    const hear = (chunk: Buffer): void => {
      this.said += chunk.toString("utf8");
    };
    this.child.stdout.on("data", hear);
    this.child.stderr.on("data", hear);
    this.child.stdin.on("error", () => undefined);
    this.code = new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (code) => {
        resolve(code ?? 1);
      });
    });
  }

  /** Keys, or a pipe's content. */
  type(text: string): void {
    this.child.stdin.write(text);
  }

  /** The end of its input. */
  endInput(): void {
    this.child.stdin.end();
  }

  /** Waits until it has written something. @throws Error with all that it wrote, after the time or at its end */
  async until(pattern: RegExp, seconds = 120): Promise<void> {
    const state = { isOver: false };
    void this.code.then(() => (state.isOver = true));
    const end = Date.now() + seconds * 1000;
    while (!pattern.test(this.said)) {
      if (state.isOver || Date.now() > end)
        throw new Error(`never said ${String(pattern)} within ${seconds} s:\n${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it with all that it has started; one that has ended is as good. */
  kill(): void {
    const { exitCode, pid, signalCode } = this.child;
    if (pid !== undefined && exitCode === null && signalCode === null)
      process.kill(-pid, "SIGKILL");
  }
}

/** A task of a clone. */
export class Typed extends TypedLine {
  constructor(clone: Clone, task: string, words: readonly string[], options: TypedOptions = {}) {
    // What npm starts: npm itself ends at Ctrl-C by the signal, whatever its program's exit code is.
    super([process.execPath, "tools/run.mjs", task, ...words], {
      cwd: clone.directory,
      environment: { ...process.env, ...options.environment, TMPDIR: clone.temporary },
      terminal: options.terminal,
    });
  }
}

/** `script` of util-linux makes a terminal; its own input is a pipe, so the size is set inside. */
function inTerminal(words: readonly string[], size: TypedOptions["terminal"]): readonly string[] {
  if (size === undefined) return words;
  const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const line = `stty cols ${size.columns} rows ${size.rows}; exec ${quoted}`;
  return ["script", "--quiet", "--return", "--command", line, "/dev/null"];
}
