import type { Path } from "./finding";
import { mismatch } from "./forms";
import { readNamed, type Reading } from "./reading";
import type { Value } from "./value";

export type PayloadKind = "secret" | "config";

/** The engine takes fewer bytes than these. */
const tooLarge: Readonly<Record<PayloadKind, number>> = { secret: 500 * 1024, config: 1000 * 1024 };

interface Sources {
  readonly file?: string | undefined;
  readonly content?: string | undefined;
  readonly environment?: string | undefined;
  readonly driver?: string | undefined;
}

/** What is in a secret or a config of the stack's own; undefined when a driver brings it or nothing does. */
export function payloadContent(
  kind: PayloadKind,
  read: Sources,
  value: Value,
  path: Path,
  reading: Reading,
): Buffer | undefined {
  const sources = (["file", "content", "environment", "driver"] as const).filter(
    (name) => read[name] !== undefined,
  );
  if (sources.length !== 1) {
    const written = value.kind === "map" ? sources.filter((name) => value.entries.has(name)) : [];
    const broken = value.kind === "map" && sources.length === 0 && hasSource(value);
    if (broken) return undefined;
    const all = kind === "secret" ? "file, environment, driver" : "file, content, environment";
    const got = written.length === 0 ? "none of them" : written.join(" and ");
    reading.report.error(value.at, path, `got ${got}; expected one of ${all}, or external: true.`);
    return undefined;
  }
  const content = contentOf(read, value, path, reading);
  if (content === undefined) return undefined;
  const { length } = content;
  if (length > 0 && length < tooLarge[kind]) return content;
  reading.report.error(
    value.at,
    path,
    `got ${length} bytes; expected from 1 to ${tooLarge[kind] - 1}, as the engine takes.`,
  );
  return undefined;
}

function hasSource(value: Value & { kind: "map" }): boolean {
  return ["file", "content", "environment", "driver"].some((name) => value.entries.has(name));
}

function contentOf(read: Sources, value: Value, path: Path, reading: Reading): Buffer | undefined {
  const { file, content, environment } = read;
  const source = (name: string): Value =>
    (value.kind === "map" ? value.entries.get(name)?.value : undefined) ?? value;
  if (file !== undefined) return readNamed(file, source("file"), [...path, "file"], reading);
  if (content !== undefined) return Buffer.from(content);
  if (environment === undefined) return undefined;
  const found = reading.variables.get(environment);
  if (found !== undefined) return Buffer.from(found);
  mismatch(
    source("environment"),
    [...path, "environment"],
    reading,
    "a variable that has a value",
    `Set ${environment}.`,
  );
  return undefined;
}
