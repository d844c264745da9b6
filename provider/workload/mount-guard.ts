import type { Failure } from "../resource";
import { isUnknown } from "../value";
import { isKnown } from "./guards";

const mountOptions = {
  bind: [
    "bindPropagation",
    "bindNonRecursive",
    "bindCreateMountpoint",
    "bindReadOnlyNonRecursive",
    "bindReadOnlyForceRecursive",
  ],
  volume: ["volumeNoCopy", "volumeSubpath", "volumeLabels", "volumeDriver", "volumeOptions"],
  tmpfs: ["tmpfsSize", "tmpfsMode", "tmpfsOptions"],
  image: ["imageSubpath"],
} as const;

/** Names of the options of one type of mount. */
type MountOption = (typeof mountOptions)[keyof typeof mountOptions][number];

/** A mount as it is declared. */
type Mount = { readonly type?: string; readonly source?: string } & Partial<
  Readonly<Record<MountOption, unknown>>
>;

/** What Docker would refuse about a mount, whoever has it. @param path - `mounts[0]` */
export function guardMount(mount: Mount, path: string): Failure[] {
  const { type = "volume", source } = mount;
  if (isUnknown(type)) return [];
  const failures = Object.entries(mountOptions).flatMap(([owner, options]): Failure[] =>
    options
      .filter((option) => owner !== type && mount[option] !== undefined)
      .map((option) => ({
        path: `${path}.${option}`,
        reason: `is for mounts of type "${owner}"; this one is "${type}". Leave it out, or change the type.`,
      })),
  );
  if (type === "tmpfs" && source !== undefined) {
    failures.push({
      path: `${path}.source`,
      reason: `got a source with type "tmpfs"; expected none, because a tmpfs is memory. Leave it out.`,
    });
  }
  const isPath = isKnown(source) && (source.startsWith("/") || /^[A-Za-z]:/.test(source));
  if (type === "bind" && !isPath && !isUnknown(source)) {
    failures.push({
      path: `${path}.source`,
      reason: `got ${source === undefined ? "nothing" : `"${source}"`} with type "bind"; expected an absolute path on the node. For a named volume use type "volume".`,
    });
  }
  return failures;
}
