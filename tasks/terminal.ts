import { constants } from "node:os";
import type { TerminalSize } from "../hosts/engine-api";

/** The terminal that a person sits at; undefined where input or output is none. */
export function ownTerminal(): Terminal | undefined {
  return process.stdin.isTTY && process.stdout.isTTY ? new OwnTerminal() : undefined;
}

/** Without a listener they would end this process and leave the terminal as it is. */
const ENDING = ["SIGTERM", "SIGHUP"] as const;

/** A terminal whose keys all go to the command at its other end. */
export interface Terminal {
  readonly size: TerminalSize;
  /** Hands every key on, Ctrl-C too, until what it returns is called; so does whatever ends this process. */
  raw(): () => void;
  /** @returns what ends that */
  onResize(listener: (size: TerminalSize) => void): () => void;
}

class OwnTerminal implements Terminal {
  get size(): TerminalSize {
    const { columns, rows } = process.stdout;
    return { columns, rows };
  }

  raw(): () => void {
    const end = (): void => {
      process.stdin.setRawMode(false);
    };
    const ends = ENDING.map((signal): [NodeJS.Signals, () => void] => [
      signal,
      () => process.exit(128 + constants.signals[signal]),
    ]);
    process.stdin.setRawMode(true);
    process.once("exit", end);
    for (const [signal, exit] of ends) process.once(signal, exit);
    return () => {
      process.off("exit", end);
      for (const [signal, exit] of ends) process.off(signal, exit);
      end();
    };
  }

  onResize(listener: (size: TerminalSize) => void): () => void {
    const own = (): void => {
      listener(this.size);
    };
    process.stdout.on("resize", own);
    return () => process.stdout.off("resize", own);
  }
}
