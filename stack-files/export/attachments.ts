import { said } from "../said";
import { nonEmpty } from "./forms";
import type { Keys } from "./keys";
import type { LiveService } from "./live";
import { Octal, type Written } from "./yaml";

type Item<List> = NonNullable<List> extends readonly (infer One)[] ? One : never;
type Port = Item<LiveService["ports"]>;
type Mount = Item<LiveService["mounts"]>;
type File = Item<LiveService["secrets"]>;

/** A port as short as it can be said. */
export function portPart({ target, published = 0, protocol, mode }: Port): Written {
  if (mode !== undefined || published === 0)
    return said({ target, published: published === 0 ? undefined : published, protocol, mode });
  return `${published}:${target}${protocol === undefined ? "" : `/${protocol}`}`;
}

/** A secret or a config of a service. */
export function filePart(keys: Keys, section: "secrets" | "configs", file: File): Written {
  const source = keys.reference(section, file.source);
  const { target = file.source, uid, gid, mode } = file;
  const others = said({
    target: target === source ? undefined : target,
    uid,
    gid,
    mode: mode === undefined ? undefined : new Octal(Number.parseInt(mode, 8)),
  });
  return Object.keys(others).length === 0 ? source : { source, ...others };
}

/** The networks of a service: a list where their names are all there is to say. */
export function networksPart(keys: Keys, service: LiveService, serviceKey: string): Written {
  const all = (service.networks ?? []).map(({ target, aliases = [], driverOpts }) => {
    const names = keys.stack === undefined ? aliases : aliases.filter((one) => one !== serviceKey);
    const options = nonEmpty({
      aliases: names.length === 0 ? undefined : names,
      driver_opts: driverOpts,
    });
    return [keys.reference("networks", target), options ?? null] as const;
  });
  if (all.some(([, options]) => options !== null)) return Object.fromEntries(all);
  const names = all.map(([key]) => key);
  const isDefault = keys.stack !== undefined && names.length === 1 && names[0] === "default";
  return names.length === 0 || isDefault ? undefined : names;
}

/** A volume, a folder of the node or memory; as short as it can be said. */
export function mountPart(keys: Keys, mount: Mount): Written {
  const { type = "volume", target, readOnly, bindPropagation, volumeSubpath } = mount;
  const source = sourceOf(keys, mount);
  const options = said({
    read_only: readOnly,
    bind: nonEmpty({ propagation: bindPropagation }),
    volume: nonEmpty({ nocopy: mount.volumeNoCopy, subpath: volumeSubpath }),
    tmpfs: nonEmpty({ size: mount.tmpfsSize }),
  });
  const isPlain = Object.keys(options).every((key) => key === "read_only");
  const isShort = isPlain && canBeShort(type, source, target);
  if (!isShort) return said({ type, source, target, ...options });
  return `${source}:${target}${readOnly === true ? ":ro" : ""}`;
}

/** Docker's short form tells a volume from a path by its first sign, and has no colon in either. */
function canBeShort(type: string, source: string | undefined, target: string): source is string {
  if (source === undefined || !/^\/[^:]*$/.test(target)) return false;
  if (type === "bind") return /^\/[^:]*$/.test(source);
  return type === "volume" && /^[a-zA-Z0-9][\w.-]+$/.test(source);
}

function sourceOf(keys: Keys, mount: Mount): string | undefined {
  const { type = "volume", source } = mount;
  if (source === undefined) return undefined;
  if (type === "cluster")
    return source.startsWith("group:") ? source : keys.reference("volumes", source);
  if (type !== "volume") return source;
  const { volumeLabels, volumeDriver, volumeOptions } = mount;
  const made = {
    driver: volumeDriver,
    driver_opts: volumeOptions,
    labels: keys.labels(volumeLabels),
  };
  const isOwn = [volumeLabels, volumeDriver, volumeOptions].some((part) => part !== undefined);
  return isOwn ? keys.own("volumes", source, said(made)) : keys.reference("volumes", source);
}
