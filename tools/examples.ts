import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { ArgumentsError } from "./arguments";
import type { Backend } from "./backend";
import type { Paths } from "./paths";
import type { StackFile } from "./stack-file";

const folder = "examples";

/**
 * A stack's configuration with examples among its `swarm:stacks`, as if the user had written them there. What the file
 * declares itself stays. The file is not changed: an example belongs to the environment as long as the command names it.
 *
 * @throws ArgumentsError for an example that is not there, or where Pulumi is given the file itself and not a copy
 */
export async function withExamples(
  paths: Pick<Paths, "root">,
  backend: Pick<Backend, "own">,
  file: StackFile,
  examples: readonly string[],
): Promise<StackFile> {
  if (examples.length === 0) return file;
  const known = await exampleNames(paths.root);
  const unknown = examples.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const list = known.join(", ");
    throw new ArgumentsError(`--example: got ${unknown.join(", ")}; expected one of ${list}`);
  }
  if (!backend.own || file.encrypted) {
    const lines = examples.map((name) => `${name}: { program: ${folder}/${name} }`).join(", ");
    throw new ArgumentsError(
      `--example: works on a copy of ${file.path}, which a backend or an encryption of your own rules out. ` +
        `Write into it, under swarm:stacks: ${lines}`,
    );
  }
  const document = parseDocument(file.text);
  for (const name of examples) {
    document.setIn(["config", "swarm:stacks", name], { program: `${folder}/${name}` });
  }
  return { ...file, text: document.toString() };
}

/** Folders with a program, sorted. */
async function exampleNames(root: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = await Promise.all(names.map(async (name) => readdir(join(root, folder, name))));
  return names.filter((_, index) => files[index]?.includes("index.ts")).sort();
}
