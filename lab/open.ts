import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Lab } from "./lab";
import type { LabImage } from "./base-image";

/** What a configuration says of a lab. */
interface LabSettings {
  readonly image: LabImage;
  /** From the project's folder. @default ".swarm/lab" */
  readonly directory?: string | undefined;
}

/** The lab of the project that this process was started in; touches nothing. */
export function openLab(
  { image, directory = ".swarm/lab" }: LabSettings,
  hosts: readonly string[],
): Lab {
  const folder = resolve(projectDirectory(process.cwd()), directory);
  return new Lab({ directory: folder, image, hosts: [...hosts] });
}

/** The engine starts plugins in the folder of the program, which may lie below the project's (`main:` in Pulumi.yaml). */
function projectDirectory(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (["Pulumi.yaml", "Pulumi.yml"].some((file) => existsSync(join(folder, file)))) return folder;
    if (dirname(folder) === folder) return from;
  }
}
