import { join } from "node:path";
import type { Paths } from "./paths";
import { runAttached } from "./process";
import { chooseStack, configurationOf, openStack } from "./stack";

/**
 * An environment out of a running swarm, as `adoption/main.ts` writes it.
 *
 * @returns the exit code
 */
export function runAdoptTask(paths: Paths, words: readonly string[]): Promise<number> {
  return run(paths, ["adopt", ...words]);
}

/**
 * Stack files out of running stacks. Without a manager's address the configuration says how to reach one; Pulumi
 * decrypts it, and no command line shows it.
 *
 * @param words - after `export`
 * @returns the exit code
 */
export async function runExportTask(paths: Paths, words: readonly string[]): Promise<number> {
  if (words.some((word) => /^--manager(=|$)/.test(word))) return run(paths, ["export", ...words]);
  const chosen = await chooseStack(paths, words);
  const handed = await configurationOf(await openStack(paths, chosen));
  return run(paths, ["export", "--stack", chosen.stack, ...chosen.rest], handed);
}

function run(paths: Paths, words: readonly string[], handed?: string): Promise<number> {
  const program = join(paths.dist, "adoption", "main.js");
  return runAttached(process.execPath, [program, ...words], handed === undefined ? {} : { handed });
}
