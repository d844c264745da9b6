import type { Volume } from "@docker/node-sdk";
import { z } from "zod";
import { isNotFound } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import {
  containersWithVolume,
  createVolume,
  inspectVolume,
  removeVolume,
} from "../../hosts/engine-api";
import type { Context } from "../context";
import { textMap } from "../fields/collections";
import { field } from "../fields/field";
import { withoutReferences } from "../fields/form";
import type { Tree } from "../fields/paths";
import { deleteWhenReleased } from "../fields/release";
import { replacing } from "../fields/replacement";
import { flag, text, textLike } from "../fields/scalars";
import { argumentsOf, compareTable, schemaOf, withArguments } from "../fields/table";
import type { Arguments, Table } from "../fields/table";
import { readOrKnown } from "../reading";
import type { CheckRequest, Failure, ResourceType } from "../resource";
import { containsUnknown, isUnknown } from "../value";

const volumeTable = {
  name: field(
    textLike(
      /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/,
      "two or more letters, digits, _, . and -, starting with a letter or digit",
    ),
    "Name",
    "Name of the volume on its host. Default: the resource's.",
  ),
  driver: field(text, "Driver", "Volume driver.", { fallback: "local", explicit: "always" }),
  driverOpts: field(
    textMap,
    {
      read: (wire) => (wire.Options ?? undefined) as Record<string, string> | undefined,
      write: (wire, value) => {
        wire.DriverOpts = value;
      },
    },
    "Options of the driver.",
  ),
  labels: field(textMap, "Labels", "Labels of the volume."),
};

const ownRows = {
  host: field(text, "Host", "Host that holds it.", { required: true }),
  deleteData: field(
    flag,
    "DeleteData",
    "Removes the volume and its data with the resource; otherwise they stay on the host.",
  ),
};

/** Arguments of a volume. */
export type VolumeInputs = Arguments<typeof volumeTable & typeof ownRows>;

/** A volume as it is. */
export type VolumeState = VolumeInputs & { mountpoint?: string };

function engineOf(context: Context, host: string | undefined): Engine {
  return context.machines.get(host ?? "").engine();
}

async function find(
  engine: Engine,
  name: string,
  signal: AbortSignal,
): Promise<Volume | undefined> {
  try {
    return await inspectVolume(engine, name, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function inputsOf(volume: Volume, known: VolumeInputs): VolumeInputs {
  return {
    ...argumentsOf(volumeTable, volume as unknown as Tree, known, withoutReferences),
    ...(known.host === undefined ? {} : { host: known.host }),
    ...(known.deleteData === undefined ? {} : { deleteData: known.deleteData }),
  };
}

async function create(context: Context, news: VolumeInputs) {
  const { name = "", host = "" } = news;
  const engine = engineOf(context, host);
  const existing = await find(engine, name, context.signal);
  if (existing !== undefined) {
    const wrong = Object.keys(compareTable(volumeTable, inputsOf(existing, news), news));
    if (wrong.length > 0) {
      throw new Error(
        `volume "${name}" exists on ${host} already and differs in ${wrong.join(", ")}. Docker cannot change a volume, ` +
          `and it may hold data: declare it as it is, choose another name, or remove it there (docker volume rm ${name}).`,
      );
    }
    context.info(`volume "${name}" exists on ${host} already and is as declared: taken over.`);
  }
  const body = withArguments(volumeTable, {}, news, withoutReferences);
  const volume = existing ?? (await createVolume(engine, body, { signal: context.signal }));
  return { id: `${host}/${name}`, state: { ...news, mountpoint: volume.Mountpoint } };
}

async function remove(context: Context, old: VolumeState): Promise<void> {
  const { name = "", host = "" } = old;
  if (old.deleteData !== true) {
    context.info(`volume "${name}" and its data stay on ${host}: deleteData is not set.`);
    return;
  }
  const engine = engineOf(context, host);
  await deleteWhenReleased(context, {
    noun: `volume "${name}" on ${host}`,
    remove: async () => {
      await removeVolume(engine, name, { signal: context.signal });
    },
    isGone: isNotFound,
    holders: async () => {
      const users = await containersWithVolume(engine, name, { signal: context.signal });
      return users.map((user) => `container ${user.Names?.[0]?.slice(1) ?? user.Id ?? ""}`).sort();
    },
  });
}

/**
 * What Docker cannot change about the volume that is there. Its data go only where another driver is asked for and
 * they were said to be dispensable, never for a label.
 */
function unchangeable({ olds, news, name }: CheckRequest<VolumeInputs>): Failure[] {
  const isSame = olds?.name === (news.name ?? name) && olds.host === news.host;
  if (olds === undefined || !isSame) return [];
  const { labels, driver, driverOpts } = volumeTable;
  const failures: Failure[] = [];
  if (!containsUnknown(news.labels) && differs({ labels }, olds, news)) {
    const reason = `got ${worded(news.labels)}; the volume has ${worded(olds.labels)}, and Docker cannot change them. Declare those, or a volume of another name.`;
    failures.push({ path: "labels", reason });
  }
  if (olds.deleteData === true) return failures;
  for (const [path, row] of Object.entries({ driver, driverOpts })) {
    const key = path as "driver" | "driverOpts";
    if (containsUnknown(news[key]) || !differs({ [key]: row }, olds, news)) continue;
    const reason = `got ${worded(news[key] ?? row.fallback)}; the volume has ${worded(olds[key] ?? row.fallback)}, and Docker cannot change that. Declare a volume of another name; or, if its data may go, set deleteData: true in a run of its own first.`;
    failures.push({ path, reason });
  }
  return failures;
}

function differs(table: Table, old: VolumeInputs, news: VolumeInputs): boolean {
  return Object.keys(compareTable(table, old, news)).length > 0;
}

function worded(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/**
 * A volume on one host. Its data outlive it unless `deleteData` is set.
 *
 * @see https://docs.docker.com/engine/storage/volumes/
 */
export const volumeType: ResourceType<VolumeInputs, VolumeState> = {
  token: "swarm:index:Volume",
  description: "A volume on one host, for services that are placed there.",
  inputs: schemaOf({ ...volumeTable, ...ownRows }),
  alwaysSet: ["name"],
  outputs: z.object({ mountpoint: z.string().optional().describe("Folder on the host.") }),

  check: (request, context) => {
    const { news, name } = request;
    const { host = "" } = news;
    const known = isUnknown(host) || context.machines.has(host);
    const reason = `got "${host}"; expected one of the configured hosts: ${[...context.machines.names].sort().join(", ")}.`;
    return {
      inputs: { ...news, name: news.name ?? name },
      failures: [...(known ? [] : [{ path: "host", reason }]), ...unchangeable(request)],
    };
  },

  diff: ({ old, news }) => ({
    changes: {
      ...replacing(compareTable(volumeTable, old, news)),
      ...replacing(compareTable({ host: ownRows.host }, old, news)),
      ...compareTable({ deleteData: ownRows.deleteData }, old, news),
    },
    deleteBeforeReplace: true,
  }),

  create,

  read: (context, id, known) =>
    readOrKnown(context, id, known, async () => {
      const slash = id.indexOf("/");
      const [host, name] = [id.slice(0, slash), id.slice(slash + 1)];
      if (slash < 1) throw new Error(`volume id: got "${id}"; expected host/name.`);
      const volume = await find(engineOf(context, host), name, context.signal);
      if (volume === undefined) return undefined;
      const inputs = inputsOf(volume, { ...known?.inputs, host });
      return { id, inputs, state: { ...inputs, mountpoint: volume.Mountpoint } };
    }),

  update: (_context, _id, old, news) =>
    Promise.resolve({
      ...news,
      ...(old.mountpoint === undefined ? {} : { mountpoint: old.mountpoint }),
    }),

  delete: (context, _id, old) => remove(context, old),
};
