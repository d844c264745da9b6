import { choice, flag, listOf, mapOf, mismatch, options, text } from "./forms";
import type { AttachmentModel } from "./model";
import { apply, type Form } from "./reading";
import { honoured, ignored, newer, record, refused } from "./record";

const perNetwork = "a swarm gives addresses and order itself. Leave it out.";

const attachmentRecord = record({
  aliases: honoured(listOf(text, "unique")),
  driver_opts: honoured(options),
  ipv4_address: ignored(
    "has no effect: a swarm gives each task an address of its own. Reach the service by its name.",
    text,
  ),
  ipv6_address: ignored(
    "has no effect: a swarm gives each task an address of its own. Reach the service by its name.",
    text,
  ),
  link_local_ips: refused(perNetwork),
  mac_address: refused(perNetwork),
  priority: refused(perNetwork),
  gw_priority: refused(perNetwork),
  interface_name: refused(perNetwork),
});

/** null where only the network is named, which a merge tells from a map without anything. */
const attachment: Form<Partial<AttachmentModel> | null> = (value, path, reading) =>
  value.kind === "null" ? null : apply(rename, value, path, reading);

const rename: Form<Partial<AttachmentModel>> = (value, path, reading) => {
  const read = attachmentRecord(value, path, reading);
  if (read === undefined) return undefined;
  const { aliases, driver_opts: driverOpts } = read;
  return {
    ...(aliases === undefined ? {} : { aliases }),
    ...(driverOpts === undefined ? {} : { driverOpts }),
  };
};

/** The networks of a service: a list of keys, or a map. */
export const attachments: Form<Readonly<Record<string, Partial<AttachmentModel> | null>>> = (
  value,
  path,
  reading,
) => {
  if (value.kind === "map") return mapOf(attachment)(value, path, reading);
  if (value.kind !== "list") {
    mismatch(value, path, reading, "a list or a map of networks");
    return undefined;
  }
  const names = listOf(text, "unique")(value, path, reading) ?? [];
  return Object.fromEntries(names.map((name) => [name, null]));
};

export interface Dependency {
  readonly condition: string;
  /** Whether the service must be there. */
  readonly required: boolean;
  /** Written in a list, which Docker takes whatever it names; a map it refuses. */
  readonly listed: boolean;
}

const conditions = [
  "service_started",
  "service_healthy",
  "service_completed_successfully",
] as const;

const dependencyRecord = record({
  condition: newer(choice(conditions)),
  required: newer(flag),
  restart: ignored("has no effect: a swarm restarts each service on its own. Leave it out.", flag),
});

const dependency: Form<Dependency> = (value, path, reading) => {
  const read = apply(dependencyRecord, value, path, reading);
  if (read === undefined) return undefined;
  const { condition = conditions[0], required = true } = read;
  return { condition, required, listed: false };
};

/** What a service is made after: a list of services, or a map with conditions. */
export const dependsOn: Form<Readonly<Record<string, Dependency>>> = (value, path, reading) => {
  if (value.kind === "map") return mapOf(dependency)(value, path, reading);
  if (value.kind !== "list") {
    mismatch(value, path, reading, "a list or a map of services");
    return undefined;
  }
  const names = listOf(text, "unique")(value, path, reading) ?? [];
  return Object.fromEntries(
    names.map((name) => [name, { condition: conditions[0], required: true, listed: true }]),
  );
};
