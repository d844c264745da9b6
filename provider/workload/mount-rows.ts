import { textMap, wordSet } from "../fields/collections";
import { field } from "../fields/field";
import type { Field } from "../fields/field";
import type { Form } from "../fields/form";
import { objectList } from "../fields/list";
import { bytes, choice, fileMode, flag, text } from "../fields/scalars";

/** `noexec` or `uid=1000`, which Docker keeps as lists of one or two words. */
const tmpfsOptions: Form<string[]> = {
  ...wordSet(),
  toWire: (options) => [...options].sort().map((option) => splitOnce(option)),
  toUser: (wire) => (wire as string[][]).map((words) => words.join("=")),
};

function splitOnce(option: string): string[] {
  const at = option.indexOf("=");
  return at < 0 ? [option] : [option.slice(0, at), option.slice(at + 1)];
}

/** What differs between the mounts of services and of containers. */
interface MountRules<Type extends Field<string>> {
  readonly type: Type;
  /** Said of what Docker's API describes and its engines leave out. @default - they take all of it */
  readonly leftOut?: string;
}

/**
 * Volumes, folders and memory file systems in a container.
 *
 * @see https://docs.docker.com/reference/api/engine/version-history/
 */
export function mountList<Type extends Field<string>>({ type, leftOut }: MountRules<Type>) {
  return objectList({ type, ...columns(leftOut) }, { keys: ["target"] });
}

function columns(leftOut: string | undefined) {
  const note = leftOut === undefined ? "" : ` ${leftOut}`;
  // Where no engine takes it, none is too old for it.
  const from = (release: number) => (leftOut === undefined ? { since: release } : {});
  return {
    ...placeColumns(note),
    ...bindColumns(note, from),
    imageSubpath: field(text, "ImageOptions.Subpath", `Path within the image.${note}`, from(28)),
    ...volumeColumns,
    ...tmpfsColumns,
  };
}

function placeColumns(note: string) {
  return {
    source: field(
      text,
      "Source",
      "Name of the volume, or path on the node. None: an anonymous volume.",
    ),
    target: field(text, "Target", "Path in the container.", { required: true }),
    readOnly: field(flag, "ReadOnly", "Mounts it read-only."),
    consistency: field(
      choice(["default", "consistent", "cached", "delegated"]),
      "Consistency",
      `Consistency on Docker Desktop.${note}`,
      { fallback: "default" },
    ),
  };
}

function bindColumns(note: string, from: (release: number) => { readonly since?: number }) {
  return {
    bindPropagation: field(
      choice(["rprivate", "private", "rshared", "shared", "rslave", "slave"]),
      "BindOptions.Propagation",
      "Propagation of mounts below a bind mount.",
      { fallback: "rprivate" },
    ),
    bindNonRecursive: field(
      flag,
      "BindOptions.NonRecursive",
      "Leaves mounts below a bind mount out.",
    ),
    bindCreateMountpoint: field(
      flag,
      "BindOptions.CreateMountpoint",
      `Makes the folder on the node where it is missing.${note}`,
      from(23),
    ),
    bindReadOnlyNonRecursive: field(
      flag,
      "BindOptions.ReadOnlyNonRecursive",
      `Of a read-only bind mount: mounts below it stay writable.${note}`,
      from(25),
    ),
    bindReadOnlyForceRecursive: field(
      flag,
      "BindOptions.ReadOnlyForceRecursive",
      `Of a read-only bind mount: fails where mounts below it cannot be read-only too.${note}`,
      from(25),
    ),
  };
}

const volumeColumns = {
  volumeNoCopy: field(
    flag,
    "VolumeOptions.NoCopy",
    "Does not copy the image's files into an empty volume.",
  ),
  volumeSubpath: field(text, "VolumeOptions.Subpath", "Path within the volume.", { since: 26 }),
  volumeLabels: field(
    textMap,
    "VolumeOptions.Labels",
    "Labels of a volume that is made on the way.",
  ),
  volumeDriver: field(
    text,
    "VolumeOptions.DriverConfig.Name",
    "Driver of a volume that is made on the way.",
    { fallback: "local" },
  ),
  volumeOptions: field(
    textMap,
    "VolumeOptions.DriverConfig.Options",
    "Driver options of a volume that is made on the way.",
  ),
};

const tmpfsColumns = {
  tmpfsSize: field(bytes, "TmpfsOptions.SizeBytes", "Size of a tmpfs. Default: unlimited."),
  tmpfsOptions: field(
    tmpfsOptions,
    "TmpfsOptions.Options",
    "Further options of a tmpfs, `noexec` or `uid=1000`.",
    { since: 27 },
  ),
  tmpfsMode: field(fileMode, "TmpfsOptions.Mode", "Permission bits of a tmpfs, octal.", {
    fallback: "01777",
    zeroIsDefault: true,
  }),
};
