import { z } from "zod";

const schema = z.object({
  format: z.literal(1),
  clusterId: z.string(),
  nodeId: z.string(),
  host: z.string(),
  address: z.string(),
  engineVersion: z.string(),
  takenAt: z.string(),
  unlockKey: z.string(),
  sha256: z.string(),
});

/** What a backup says of itself. */
export type Manifest = z.output<typeof schema>;

/** A backup before it is encrypted: one line of JSON, then `/var/lib/docker/swarm` as a compressed tar archive. */
export function pack(manifest: Manifest, tar: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(manifest)}\n`), tar]);
}

/**
 * The parts of a backup.
 *
 * @throws Error when it is none, or one of a later version of this program
 */
export function unpack(bytes: Buffer): { readonly manifest: Manifest; readonly tar: Buffer } {
  const end = bytes.indexOf(10);
  const line = bytes.subarray(0, Math.max(end, 0)).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(line) as unknown;
  } catch {
    json = undefined;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { manifest: parsed.data, tar: bytes.subarray(end + 1) };
  const format = (json as { format?: unknown } | undefined)?.format;
  throw new Error(
    typeof format === "number" && format !== 1
      ? `--file: got a backup of format ${format}; expected 1. It was made by a later version of this program: use that one.`
      : "--file: got something else inside; expected a backup that npm run backup made.",
  );
}
