import type { Failure } from "../resource";
import { isUnknown } from "../value";
import type { ServiceInputs } from "./arguments";
import { known } from "../workload/guards";
import { guardMount } from "../workload/mount-guard";
import type { Guard } from "./guard";

type Mount = NonNullable<ServiceInputs["mounts"]>[number];

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
    if (isUnknown(mount.type)) return [];
    const path = `mounts[${index}]`;
    return [...leftOut(mount, path), ...guardMount(mount, path)];
  });
