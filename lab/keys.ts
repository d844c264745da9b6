import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { removeTree } from "./cache";
import type { Toolbox } from "./toolbox";

/**
 * Makes an ed25519 key pair (`path` and `path.pub`, without a passphrase) unless it is there.
 *
 * @param comment stands at the end of the public key's line
 */
export async function ensureKey(toolbox: Toolbox, path: string, comment: string): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.tmp`;
  await removeTree(temporary, `${temporary}.pub`);
  await toolbox.run([
    "ssh-keygen",
    "-q",
    "-t",
    "ed25519",
    "-N",
    "",
    "-C",
    comment,
    "-f",
    temporary,
  ]);
  // The private key last: where it is, the pair is complete.
  await rename(`${temporary}.pub`, `${path}.pub`);
  await rename(temporary, path);
}

/** The public half as `ssh-ed25519 AAAA…`, without the comment. */
export async function readPublicKey(path: string): Promise<string> {
  const text = await readFile(`${path}.pub`, "utf8");
  return text.trim().split(" ").slice(0, 2).join(" ");
}
