/** Says what a long step does; one line each. */
export type Say = (line: string) => void;

/** Says it to the user, on standard error: standard output is what was asked for, which may be JSON for a script. */
export const say: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Seconds between lines of a step that says nothing by itself. */
const HEARTBEAT_SECONDS = 15;

/** Elapsed time as people say it: `7 s`, `3 min 05 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/**
 * Runs one long step: a line when it starts, one now and then while it runs, one when it is done, each with the time.
 * `task` may name what it is at; that is shown with the next line.
 */
export async function step<T>(
  name: string,
  say: Say,
  task: (at: (what: string) => void) => Promise<T>,
): Promise<T> {
  const started = Date.now();
  let what = "";
  const heartbeat = setInterval(() => {
    say(`${name} … ${what === "" ? "" : `${what} `}(${elapsed(Date.now() - started)})`);
  }, HEARTBEAT_SECONDS * 1000);
  say(`${name} …`);
  try {
    const result = await task((now) => {
      what = now;
    });
    say(`${name}: done (${elapsed(Date.now() - started)})`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}
