import { posix } from "node:path";
import type { Path } from "./finding";
import { anything, choice, flag, listOf, mismatch, size, text } from "./forms";
import type { MountModel } from "./model";
import { apply, type Form, type Reading } from "./reading";
import { honoured, ignored, newer, record, type Read } from "./record";
import { said } from "./said";
import { quote, type Value } from "./value";

const expected = 'a volume such as "data:/data", "/srv/data:/data:ro" or a map with type';

/**
 * The mounts of a service.
 *
 * @see https://github.com/docker/cli/blob/v29.7.2/internal/volumespec/volumespec.go
 */
export const mounts: Form<readonly MountModel[]> = (value, path, reading) =>
  listOf(oneMount)(value, path, reading);

const oneMount: Form<MountModel> = (value, path, reading) => {
  if (value.kind === "map") return longMount(value, path, reading);
  if (value.kind !== "text") {
    mismatch(value, path, reading, expected);
    return undefined;
  }
  return shortMount(value.text, value, path, reading);
};

const propagations = ["rprivate", "private", "rshared", "shared", "rslave", "slave"];

function shortMount(
  spec: string,
  value: Value,
  path: Path,
  reading: Reading,
): MountModel | undefined {
  const parts = split(spec);
  if (parts.length > 3 || parts.includes("")) {
    mismatch(value, path, reading, expected);
    return undefined;
  }
  const [source, target = source ?? "", words = ""] = parts;
  const found = parts.length > 1 ? source : undefined;
  const type = found !== undefined && isFilePath(found) ? "bind" : "volume";
  const [, behind] = /,(r[ow])$/.exec(parts.length === 2 ? target : "") ?? [];
  if (behind !== undefined)
    reading.report.warn(
      value.at,
      path,
      `to Docker ",${behind}" is the end of the path in the container. Write ":${behind}".`,
    );
  const options: { -readonly [Key in keyof MountModel]?: MountModel[Key] } = {};
  for (const word of parts.length > 2 ? words.split(",") : []) {
    if (word === "ro" || word === "rw") options.readOnly = word === "ro";
    else if (word === "nocopy") options.volumeNoCopy = true;
    else if (propagations.includes(word)) options.bindPropagation = word;
    else
      reading.report.warn(
        value.at,
        path,
        `the option ${quote(word)} has no effect: Docker reads over it. Leave it out.`,
      );
  }
  if (type === "bind" && options.volumeNoCopy === true) {
    mismatch(value, path, reading, "nocopy with a named volume alone");
    return undefined;
  }
  if (type === "volume" && options.bindPropagation !== undefined) {
    mismatch(value, path, reading, `${options.bindPropagation} with a path of the node alone`);
    return undefined;
  }
  return finish(
    { type, target, ...(found === undefined ? {} : { source: found }), ...options },
    value,
    path,
    reading,
  );
}

/** Parts between colons; the colon of a drive letter is none of them, and `a:/b` is a path on drive a. */
function split(spec: string): readonly string[] {
  if (spec.length <= 2) return [spec];
  const parts = [""];
  for (const sign of spec) {
    const last = parts.at(-1) ?? "";
    if (sign === ":" && !/^\p{L}$/u.test(last)) parts.push("");
    else parts[parts.length - 1] = last + sign;
  }
  return parts;
}

function isFilePath(source: string): boolean {
  return /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
}

/** What both forms have in common: where a bind is of, and a target that can be one. */
function finish(
  mount: MountModel,
  value: Value,
  path: Path,
  reading: Reading,
): MountModel | undefined {
  if (!/^(?:\/|\\\\|[A-Za-z]:)/.test(mount.target)) {
    const alone = mount.source === undefined && value.kind === "text";
    const advice = alone ? `For a volume of that name write "${mount.target}:/path".` : "";
    mismatch(value, path, reading, "an absolute path in the container as the target", advice);
    return undefined;
  }
  if (mount.source === undefined && /^\p{L}:\//u.test(mount.target))
    reading.report.warn(
      value.at,
      path,
      `to Docker ${quote(mount.target)} is a path on a drive of Windows and names no volume. A volume's name needs two letters.`,
    );
  if (mount.type !== "bind" || mount.source === undefined)
    return reading.places.mark(mount, value.at, path);
  const source = nodePath(mount.source, value, path, reading);
  return source === undefined
    ? undefined
    : reading.places.mark({ ...mount, source }, value.at, path);
}

/** The path on the nodes that the source of a bind means; a path of this machine means nothing there. */
function nodePath(
  source: string,
  value: Value,
  path: Path,
  { projectDirectory, disk, folder, report }: Reading,
): string | undefined {
  if (
    posix.isAbsolute(source) ||
    /^(?:[A-Za-z]:|\\\\[^.\\/][^\\/]*[\\/][^\\/.][^\\/]*)[\\/]/.test(source)
  )
    return source;
  const home = source.startsWith("~") ? source.replace("~", disk.home) : source;
  if (projectDirectory !== undefined)
    return posix.isAbsolute(home) ? home : joined(projectDirectory, home);
  const local = posix.isAbsolute(home) ? home : posix.join(folder, home);
  const way = isFile(local, disk)
    ? "It is one file: declare it under configs (file: …) and give the service that config with target."
    : "Write the path on the nodes, or say with projectDirectory which folder of theirs it is in.";
  report.error(
    value.at,
    path,
    `got ${quote(source)}, a path of the machine that deploys, which the nodes do not have; expected an absolute path. ${way}`,
  );
  return undefined;
}

/** As Docker joins paths: without a slash at the end, which an absolute path keeps. */
function joined(folder: string, relative: string): string {
  const path = posix.join(folder, relative);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function isFile(place: string, disk: Reading["disk"]): boolean {
  try {
    return disk.read(place) !== undefined;
  } catch {
    // A folder, or what nobody may read: no file to make a config of.
    return false;
  }
}

const noEffect = "has no effect: Docker reads over it.";

const longRows = {
  type: honoured(choice(["volume", "bind", "tmpfs", "npipe", "cluster", "image"])),
  source: honoured(text),
  target: honoured(text),
  read_only: honoured(flag),
  consistency: honoured(text),
  bind: honoured(
    record(
      {
        propagation: honoured(choice(propagations)),
        create_host_path: ignored(
          `${noEffect} The path must be there on each node. Leave this out.`,
        ),
        selinux: ignored(`${noEffect} Label the path on the nodes.`),
        recursive: ignored(`${noEffect} Leave it out.`),
      },
      "warning",
    ),
  ),
  volume: honoured(record({ nocopy: honoured(flag), subpath: honoured(text) }, "warning")),
  tmpfs: honoured(
    record({ size: honoured(size("bare")), mode: ignored(`${noEffect} Leave it out.`) }, "warning"),
  ),
  image: newer(record({ subpath: newer(text) })),
  cluster: newer(anything),
};

type Long = Read<typeof longRows>;

const longRecord = record(longRows);

const longMount: Form<MountModel> = (value, path, reading) => {
  const read = apply(longRecord, value, path, reading);
  if (read === undefined || value.kind !== "map") return undefined;
  const { type, target } = read;
  const missing = (["type", "target"] as const).filter((key) => !value.entries.has(key));
  if (missing.length > 0) {
    mismatch(value, path, reading, `a map with ${missing.join(" and ")}`);
    return undefined;
  }
  if (type === undefined || target === undefined) return undefined;
  if (!compatible(read, value, path, reading)) return undefined;
  const { source, read_only: readOnly, consistency, bind, volume, tmpfs, image } = read;
  const found = source === "" ? undefined : source;
  if (type === "volume" && found === undefined && volume !== undefined)
    reading.report.warn(
      value.at,
      path,
      "the volume options have no effect on a volume without a name. Name the volume with source.",
    );
  const named = type !== "volume" || found !== undefined;
  return finish(
    {
      type,
      target,
      ...said({
        source: found,
        readOnly,
        consistency,
        bindPropagation: bind?.propagation,
        volumeNoCopy: named ? volume?.nocopy : undefined,
        volumeSubpath: named ? volume?.subpath : undefined,
        tmpfsSize: tmpfs?.size,
        imageSubpath: image?.subpath,
      }),
    },
    value,
    path,
    reading,
  );
};

const ownOptions: Readonly<Record<string, readonly string[]>> = {
  volume: ["volume"],
  bind: ["bind"],
  npipe: ["bind"],
  tmpfs: ["tmpfs"],
  image: ["image"],
  cluster: ["cluster"],
};

function compatible(read: Long, value: Value, path: Path, reading: Reading): boolean {
  const { type = "", source = "" } = read;
  const wrong = (["bind", "volume", "tmpfs", "image", "cluster"] as const).filter(
    (key) => read[key] !== undefined && !(ownOptions[type] ?? []).includes(key),
  );
  for (const key of wrong)
    reading.report.error(
      value.at,
      [...path, key],
      `got options of ${key} for type ${type}; expected type ${key}, or none of them.`,
    );
  const without = ["bind", "npipe", "image", "cluster"].includes(type) && source === "";
  if (without) mismatch(value, path, reading, `a source for type ${type}`);
  const tooMuch = type === "tmpfs" && source !== "";
  if (tooMuch) mismatch(value, path, reading, "no source for type tmpfs", "Leave source out.");
  return wrong.length === 0 && !without && !tooMuch;
}
