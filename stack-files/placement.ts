import type { Path } from "./finding";
import type { MountModel } from "./model";
import type { ServicePart, StackPart } from "./part";
import type { Reading } from "./reading";
import { quote } from "./value";

/** What is the same on every node. */
const everywhere = /^\/(?:proc|sys|dev|etc\/(?:localtime|timezone|machine-id|hostname))(?:\/|$)/;

/** Data that lies on one node is gone when the service's task moves to another. */
export function checkPlacement(
  { volumes = [], deploy = {} }: ServicePart,
  path: Path,
  part: StackPart,
  { report, places }: Reading,
): void {
  if (deploy.placement !== undefined || (deploy.mode ?? "").startsWith("global")) return;
  const local = volumes.find((mount) => isLocal(mount, part));
  if (local === undefined) return;
  const place = places.of(local, [...path, "volumes", volumes.indexOf(local)]);
  report.warn(
    place.at,
    place.path,
    `${quote(local.source ?? "")} lies on one node, and without deploy.placement the service may start on any. Write a constraint, as in ["node.labels.data == true"].`,
  );
}

function isLocal({ type, source }: MountModel, { volumes }: StackPart): boolean {
  if (source === undefined) return false;
  if (type === "bind") return !everywhere.test(source);
  if (type !== "volume" || !Object.hasOwn(volumes, source)) return false;
  const volume = volumes[source];
  if (volume === undefined || "external" in volume) return false;
  return ["", "local"].includes(volume.driver ?? "") && !Object.hasOwn(volume.driverOpts, "type");
}
