import { createHash } from "node:crypto";
import type { Machine } from "../hosts/machine";

/** Below what a command may say, and small enough to hold several times. */
const CHUNK = 8 * 1024 * 1024;

const READ = `dd if="$1" bs=${CHUNK} skip="$2" count=1 status=none | base64 -w 0`;

const WRITE = `umask 077
base64 -d | dd of="$1" bs=${CHUNK} seek="$2" conv=notrunc status=none`;

/** Fetches a binary file of a machine in pieces. @throws Error when it does not arrive as it was */
export async function fetchFile(
  machine: Machine,
  path: string,
  { size, sha256 }: { readonly size: number; readonly sha256: string },
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let index = 0; index * CHUNK < size; index++) {
    const title = `reading ${path}`;
    const { stdout } = await machine.script(READ, [path, String(index)], { title });
    pieces.push(Buffer.from(stdout, "base64"));
  }
  const bytes = Buffer.concat(pieces);
  if (sha256Of(bytes) === sha256) return bytes;
  throw new Error(
    `${machine.name}: ${path} did not arrive whole: got ${bytes.length} bytes; expected ${size}. Try again.`,
  );
}

/** Puts a binary file on a machine, readable by root alone. */
export async function sendFile(machine: Machine, path: string, bytes: Buffer): Promise<void> {
  await machine.script('umask 077; : >"$1"', [path], { title: `writing ${path}` });
  for (let index = 0; index * CHUNK < bytes.length; index++) {
    const piece = bytes.subarray(index * CHUNK, (index + 1) * CHUNK);
    const options = { title: `writing ${path}`, stdin: piece.toString("base64") };
    await machine.script(WRITE, [path, String(index)], options);
  }
}

function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
