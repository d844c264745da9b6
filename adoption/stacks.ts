import type { Configuration } from "./configuration";
import type { Files } from "./files";
import { renderProgram } from "./program";
import type { Found, Sorted } from "./sort";

/** What an environment declares of what runs, and the files that it names. */
interface Stacks {
  readonly part: Pick<Configuration, "stacks">;
  readonly files: Files;
}

/** The files of what runs, in folders of the environment's own, and how the configuration names them. */
export function stacksOf({ stacks, rest, odd, oddNetworks }: Sorted, environment: string): Stacks {
  const folder = `stacks/${environment}`;
  const files: Record<string, string | Buffer> = {};
  const part: Record<string, unknown> = {};
  const add = (name: string, found: Found, more: object): void => {
    part[name] = { file: `${folder}/${name}.yml`, ...more };
    files[`${folder}/${name}.yml`] = found.text;
    for (const [path, content] of Object.entries(found.files)) files[`${folder}/${path}`] = content;
  };
  for (const found of stacks) add(found.stack ?? "", found, {});
  if (rest !== undefined) add(free("unsorted", part), rest, { namespace: false });
  if (odd.length > 0) {
    const name = free("unsorted-program", part);
    part[name] = { program: `programs/${environment}/${name}` };
    const services = odd.map(({ service }) => service);
    files[`programs/${environment}/${name}/index.ts`] = renderProgram(services, oddNetworks);
  }
  return { part: Object.keys(part).length === 0 ? {} : { stacks: part }, files };
}

function free(name: string, taken: object): string {
  let found = name;
  for (let count = 2; found in taken; count += 1) found = `${name}-${count}`;
  return found;
}
