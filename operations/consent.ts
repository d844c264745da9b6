import { createReadStream, createWriteStream, openSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import type { Operation } from "./operation";

/**
 * Says what is about to happen and lets the user type the command's name. `--yes` is the same word, said beforehand.
 *
 * @throws Error when the user says something else, or nobody can be asked
 */
export async function agree(
  { isAgreed, say, signal }: Operation,
  word: string,
  consequences: readonly string[],
): Promise<void> {
  for (const line of consequences) say(line);
  if (isAgreed) return;
  // Standard input holds the configuration.
  const terminal = openTerminal();
  if (terminal === undefined)
    throw new Error(
      `--yes: got nothing, and there is no terminal to ask at; expected it. Nothing was changed.`,
    );
  const lines = createInterface(terminal);
  try {
    const answer = await lines.question(`Type "${word}" to go on: `, { signal });
    if (answer.trim() !== word)
      throw new Error(`got "${answer}"; expected "${word}". Nothing was changed.`);
  } finally {
    lines.close();
    terminal.input.destroy();
    terminal.output.destroy();
  }
}

function openTerminal():
  | {
      readonly input: ReturnType<typeof createReadStream>;
      readonly output: ReturnType<typeof createWriteStream>;
    }
  | undefined {
  try {
    const fd = openSync("/dev/tty", "r+");
    const input = createReadStream("", { fd, autoClose: false });
    return { input, output: createWriteStream("", { fd }) };
  } catch {
    return undefined;
  }
}
