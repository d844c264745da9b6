import type { Mount } from "../../resources/service-container";
import type { Port } from "../../resources/service-deployment";
import type { Path } from "../finding";
import type { MountModel, PortModel, ServiceModel } from "../model";
import { said } from "../said";
import { modeOf, sizeOf, wordOf } from "./measures";
import { entryOf, filled, isExternal, sortedRecord } from "./conversion";
import type { Conversion } from "./conversion";

const mountTypes = ["volume", "bind", "tmpfs", "npipe", "cluster"] as const;
const propagations = ["rprivate", "private", "rshared", "shared", "rslave", "slave"] as const;

/** Volumes, folders and memory of a service. */
export function serviceMounts(
  conversion: Conversion,
  key: string,
  { mounts }: ServiceModel,
): Mount[] {
  const path = ["services", key, "volumes"];
  return mounts.flatMap((mount, index) => mountOf(conversion, [...path, index], mount) ?? []);
}

function mountOf(conversion: Conversion, path: Path, mount: MountModel): Mount | undefined {
  const { source, target, consistency = "default" } = mount;
  const type = wordOf(mount.type, mountTypes);
  if (type === undefined) {
    conversion.error(
      [...path, "type"],
      `got "${mount.type}"; expected another type: no engine takes such mounts of a service. Put the files into the service's own image, or into a volume.`,
    );
    return undefined;
  }
  if (consistency !== "default") {
    conversion.warning(
      [...path, "consistency"],
      `got "${consistency}", which has no effect: the managers do not keep it. Leave it out.`,
    );
  }
  // What else is said about a volume without a name, Docker does not send.
  if (type === "volume" && source === undefined) return { type, target };
  return said({
    type,
    ...sourceOf(conversion, type, source),
    target,
    readOnly: mount.readOnly,
    bindPropagation: wordOf(mount.bindPropagation, propagations),
    bindNonRecursive: mount.bindNonRecursive,
    volumeNoCopy: mount.volumeNoCopy,
    volumeSubpath: mount.volumeSubpath,
    tmpfsSize: sizeOf(mount.tmpfsSize),
    tmpfsMode: modeOf(mount.tmpfsMode),
  });
}

/** Where a mount comes from; a volume carries with it how it is made on the node. */
function sourceOf(
  conversion: Conversion,
  type: (typeof mountTypes)[number],
  source: string | undefined,
): Partial<Mount> {
  if (source === undefined) return {};
  const isVolume = type === "volume" || (type === "cluster" && !source.startsWith("group:"));
  if (!isVolume) return { source };
  const name = conversion.nameFor("volumes", source);
  const volume = entryOf(conversion.model.volumes, source);
  if (type === "cluster" || volume === undefined || isExternal(volume)) return { source: name };
  return said({
    source: name,
    volumeLabels: conversion.labelled(volume.labels),
    volumeDriver: volume.driver,
    volumeOptions: filled(sortedRecord(volume.driverOpts)),
  });
}

/** Ports of a service, in Docker's order. */
export function servicePorts({ ports }: ServiceModel): Port[] {
  const all = ports.map(({ target, published, protocol, mode }) =>
    said({
      target,
      published,
      protocol: wordOf(protocol, ["tcp", "udp", "sctp"]),
      mode: wordOf(mode, ["ingress", "host"]),
    }),
  );
  return all.sort(byPort);
}

function byPort(one: PortModel, other: PortModel): number {
  return (
    (one.published ?? 0) - (other.published ?? 0) ||
    one.target - other.target ||
    ((one.protocol ?? "tcp") < (other.protocol ?? "tcp") ? -1 : 1)
  );
}
