import { createRequire } from "node:module";

/*
 * Loads what programs load, Pulumi's SDK and the compiler, while the engine still asks what there is, and waits to be
 * told what to run: a preview that has machines to ask comes to its program sooner. Then it is the SDK's own runner.
 */

/** What a runner that waits is told. */
export interface Start {
  /** The arguments of the SDK's runner. */
  readonly words: readonly string[];
  /** What that reads from its environment, beside what this process has. */
  readonly environment: Readonly<Record<string, string>>;
}

const [node = "", , runner = "", ...modules] = process.argv;
const load = createRequire(runner);

/** The host is gone, and the engine with it. */
function end(): never {
  process.exit();
}

process.once("disconnect", end);
process.once("message", ({ words, environment }: Start) => {
  process.off("disconnect", end);
  process.disconnect();
  process.argv = [node, runner, ...words];
  Object.assign(process.env, environment);
  load(runner);
});

for (const name of modules) {
  try {
    load(name);
  } catch {
    // The runner loads it again, and says what is wrong in its own words.
  }
}
