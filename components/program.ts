import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Application } from "./application";
import type { Cluster } from "./cluster";

/**
 * What a program of `swarm:stacks` exports as `deploy`: it makes its resources on the cluster, and answers the URLs to
 * reach them by, if there are any.
 *
 * @param name - the stack's name in the configuration
 */
export type Deploy = (cluster: Cluster, name: string) => Application | undefined;

/**
 * Runs a program of the project: a folder with an `index.ts`, or a file.
 *
 * @param path - from the project's folder: `examples/redis`
 * @throws pulumi.RunError when there is none, or when it exports no `deploy`
 */
export function deployProgram(name: string, cluster: Cluster, path: string): Application {
  const deploy = load(name, path);
  return deploy(cluster, name) ?? { endpoints: pulumi.output([]) };
}

function load(name: string, path: string): Deploy {
  const project = process.cwd();
  const file = resolve(project, path);
  const found = [file, `${file}.ts`, join(file, "index.ts")].filter((one) => existsSync(one));
  const isInside = file.startsWith(`${project}${sep}`);
  const what = "expected a folder of this project with an index.ts, or a file of it";
  if (found.length === 0 || !isInside)
    throw new pulumi.RunError(`stacks.${name}.program: got "${path}"; ${what}.`);
  const loaded = createRequire(join(project, "index.ts"))(file) as { readonly deploy?: unknown };
  if (typeof loaded.deploy === "function") return loaded.deploy as Deploy;
  throw new pulumi.RunError(
    `stacks.${name}.program: ${path} exports no function deploy(cluster, name); expected one, as in examples/redis.`,
  );
}
