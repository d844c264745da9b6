import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSigningKeys } from "../../hosts/signing-keys";

/**
 * Fingerprints of the key that a lab's package repository is signed with: what a user of a mirror declares.
 *
 * @param directory - of the clone whose lab it is
 */
export async function labKeys(directory: string): Promise<readonly string[]> {
  const lab = join(directory, ".swarm", "lab");
  const file = join(lab, "services", "repository", "linux", "debian", "gpg");
  return (await readSigningKeys(await readFile(file, "utf8"))).fingerprints;
}
