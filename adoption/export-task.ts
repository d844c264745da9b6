import { configurationSchema } from "../cluster/configuration";
import { openEnvironment } from "../cluster/environment";
import { labProviderArgs } from "../components/lab-args";
import { openLab } from "../lab/open";
import { parseHanded, type HandedConfiguration } from "../settings/handed";
import { exportStack } from "../stack-files/export/export";
import { writeFiles, type Files } from "./files";
import { meetManager, type Say } from "./machines";
import type { Options } from "./options";
import { prove } from "./proof";
import { readSwarm, type Seen } from "./seen";
import { stackNames, stackRequest } from "./sort";

/**
 * Writes the stack files of running stacks, and nothing else.
 *
 * @param handed - the stack's configuration, where no manager is named
 * @returns the exit code: 1 when a file could not say everything, which is said
 */
export async function exportStacks(
  options: Options,
  handed: HandedConfiguration | undefined,
  say: Say,
): Promise<number> {
  const seen = await look(options, handed, say);
  const files: Record<string, string | Buffer> = {};
  const unsaid: string[] = [];
  for (const name of options.names) {
    const request = stackRequest(seen, name);
    if (request === undefined) throw new Error(unknownStack(name, seen));
    const exported = exportStack(request);
    files[`${options.out}/${name}.yml`] = exported.text;
    for (const [path, content] of Object.entries(exported.files))
      files[`${options.out}/${path}`] = content;
    const proof = prove(exported, request);
    for (const kind of ["services", "networks", "configs"] as const)
      for (const [one, paths] of proof[kind])
        unsaid.push(`${kind.slice(0, -1)} ${one}: the file does not say its ${paths.join(", ")}`);
  }
  writeFiles(files satisfies Files);
  for (const path of Object.keys(files).sort()) say(`written: ${path}`);
  for (const line of unsaid.sort()) say(line);
  return unsaid.length === 0 ? 0 : 1;
}

async function look(
  { login, manager, stack }: Options,
  handed: HandedConfiguration | undefined,
  say: Say,
): Promise<Seen> {
  if (manager !== undefined) {
    const { machine } = await meetManager(manager, login, say);
    try {
      return await readSwarm(machine.engine());
    } finally {
      await machine.end();
    }
  }
  const settings = parseHanded(handed ?? {}, stack);
  const configuration = configurationSchema.parse(labProviderArgs(settings));
  const environment = openEnvironment(configuration, openLab);
  try {
    return await environment.managers.use(readSwarm);
  } finally {
    await environment.close();
  }
}

function unknownStack(name: string, seen: Seen): string {
  const known = stackNames(seen);
  const which =
    known.length === 0 ? "No service of the swarm is of one" : `There are: ${known.join(", ")}`;
  return `export: got "${name}"; expected a stack that runs (label com.docker.stack.namespace). ${which}.`;
}
