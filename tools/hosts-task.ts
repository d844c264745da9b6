import { join } from "node:path";
import type { Paths } from "./paths";
import { runAttached } from "./process";
import { chooseStack, configurationOf, openStack } from "./stack";

/**
 * The machines of a stack, as `inspection/main.ts` looks at them. The configuration may hold passwords: Pulumi decrypts
 * it, and it goes on over standard input.
 *
 * @returns the exit code
 * @throws Error with the way out when something is missing
 */
export async function runHostsTask(paths: Paths, words: readonly string[]): Promise<number> {
  const chosen = await chooseStack(paths, words);
  const { stack, rest, file } = chosen;
  const configuration = await configurationOf(await openStack(paths, chosen));
  const handed = { configuration: JSON.parse(configuration) as object, file: file.path };
  const program = join(paths.dist, "inspection", "main.js");
  const input = JSON.stringify(handed);
  return runAttached(process.execPath, [program, ...rest, "--stack", stack], { input });
}
