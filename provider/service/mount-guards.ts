import type { Failure } from "../resource";
import { isUnknown } from "../value";
import type { ServiceInputs } from "./arguments";
import { isKnown, known } from "./guard";
import type { Guard } from "./guard";

type Mount = NonNullable<ServiceInputs["mounts"]>[number];

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

/** Why each of these has no effect; the words say what to do instead. */
const neverKept = {
  consistency: "Leave it out.",
  bindCreateMountpoint: "Make the folder on the nodes, and leave it out.",
  bindReadOnlyNonRecursive: "Leave it out; bindNonRecursive leaves mounts below it out.",
  bindReadOnlyForceRecursive: "Leave it out.",
} as const;

/**
 * What Docker's API describes for mounts, and no engine up to 29 takes over from the definition of a service.
 *
 * @see https://github.com/moby/moby/blob/docker-v29.7.2/daemon/cluster/convert/container.go
 */
function leftOut(mount: Mount, path: string): Failure[] {
  const failures = (Object.keys(neverKept) as (keyof typeof neverKept)[])
    .filter(
      (option) =>
        !isUnknown(mount[option]) && ![undefined, false, "default"].includes(mount[option]),
    )
    .map((option) => ({
      path: `${path}.${option}`,
      reason: `no engine keeps this for a service: it would be dropped without a word. ${neverKept[option]}`,
    }));
  if (mount.type !== "image") return failures;
  const reason = `got "image", which no engine takes for a service; expected another type. Put the files into the service's own image, a config or a volume.`;
  return [...failures, { path: `${path}.type`, reason }];
}

/** What Docker would refuse, or drop, about the mounts of a service. */
export const guardMounts: Guard = ({ mounts }) =>
  known(mounts).flatMap(([index, mount]): Failure[] => {
    const { type = "volume", source } = mount;
    if (isUnknown(type)) return [];
    const path = `mounts[${index}]`;
    const misplaced = Object.entries(mountOptions).flatMap(([owner, options]) =>
      options
        .filter((option) => owner !== type && mount[option] !== undefined)
        .map((option) => ({
          path: `${path}.${option}`,
          reason: `is for mounts of type "${owner}"; this one is "${type}". Leave it out, or change the type.`,
        })),
    );
    const failures: Failure[] = [...leftOut(mount, path), ...misplaced];
    if (type === "tmpfs" && source !== undefined) {
      failures.push({
        path: `${path}.source`,
        reason: `got a source with type "tmpfs"; expected none, because a tmpfs is memory. Leave it out.`,
      });
    }
    if (
      type === "bind" &&
      (source === undefined ||
        (isKnown(source) && !source.startsWith("/") && !/^[A-Za-z]:/.test(source)))
    ) {
      failures.push({
        path: `${path}.source`,
        reason: `got ${source === undefined ? "nothing" : `"${source}"`} with type "bind"; expected an absolute path on the node. For a named volume use type "volume".`,
      });
    }
    return failures;
  });
