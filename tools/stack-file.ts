import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

/** A stack's configuration file, as far as the tasks need it. */
export interface StackFile {
  readonly path: string;
  readonly text: string;
  /** The hosts are machines of the lab on this machine; with the base image where one is named. */
  readonly lab: { readonly image?: string } | undefined;
  /** The file says how its secrets are encrypted. */
  readonly encrypted: boolean;
}

/** `acme/swarm/prod` → `prod` */
export function shortName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

/** Where a stack's configuration is. */
export function stackFilePath(root: string, stack: string): string {
  return join(root, `Pulumi.${shortName(stack)}.yaml`);
}

/**
 * Reads `Pulumi.<stack>.yaml`. An organisation before the name (`acme/swarm/prod`) is not part of the file's name.
 *
 * @param file another file, from `--config-file`
 * @throws Error when there is no such file or it is not YAML
 */
export async function readStackFile(
  root: string,
  stack: string,
  file?: string,
): Promise<StackFile> {
  const path = file ?? stackFilePath(root, stack);
  const text = await readFile(path, "utf8").catch(async (error: unknown) => {
    const names = (await readdir(root)).flatMap(
      (name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [],
    );
    const cause = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(
      `--stack ${stack}: ${path} cannot be read (${cause}); expected the configuration of that stack. ` +
        `There are: ${names.sort().join(", ")}. Copy one of them.`,
    );
  });
  return { path, text, ...inspect(path, text) };
}

function inspect(path: string, text: string): Pick<StackFile, "lab" | "encrypted"> {
  let content: Readonly<Record<string, unknown>>;
  try {
    content = (parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new Error(
      `${path}: not YAML: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  const config = (content.config ?? {}) as Readonly<Record<string, unknown>>;
  const encryption = ["encryptionsalt", "encryptedkey", "secretsprovider"];
  return {
    lab: config["swarm:lab"] ?? undefined,
    encrypted: encryption.some((key) => content[key] !== undefined),
  };
}
