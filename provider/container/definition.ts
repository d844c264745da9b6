import { isDeepStrictEqual } from "node:util";
import type { ContainerInspectResponse, ImageInspect } from "@docker/node-sdk";
import { getAt, isTree, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { parseImage, pinnedTo } from "../workload/image";
import type { ContainerInputs } from "./arguments";
import { mountsIn } from "./binds";
import { endpointsAt, isFixedNetwork, modeAt } from "./network-row";

/** A container, and the image that it was made from; undefined where that is gone. */
export interface Sight {
  readonly container: ContainerInspectResponse;
  readonly image: ImageInspect | undefined;
}

/**
 * What Docker was asked to make when it made a container, in the form of that call: what it shows, without what it has
 * taken over from the image and filled in by itself.
 *
 * @param known - what is declared: of that nothing is the image's or Docker's
 * @see https://github.com/moby/moby/blob/v26.1.5/daemon/commit.go (`merge`) for what comes from the image
 */
export function definitionOf({ container, image }: Sight, known: ContainerInputs): Tree {
  const { Name: name = "", Config: config = {}, HostConfig: host = {} } = container;
  const wire = structuredClone({
    ...config,
    Name: name.replace(/^\//, ""),
    HostConfig: host,
  }) as Tree;
  leaveImage(wire, image?.Config as Tree | undefined, known);
  leaveEngine(wire, container, known);
  setAt(wire, "HostConfig.Mounts", mountsIn(wire));
  wire.Image = imageOf(config.Image ?? "", image);
  nameNetworks(wire, container, known);
  return wire;
}

/** The image with the digest that it was pulled by. */
function imageOf(name: string, image: ImageInspect | undefined): string {
  const { repository } = parseImage(name);
  const digests = (image?.RepoDigests ?? []).map((one) => parseImage(one));
  return pinnedTo(name, digests.find((one) => one.repository === repository)?.digest);
}

/** Properties as a whole that an image may say. */
const ofImage = [
  ["Entrypoint", "entrypoint"],
  ["Cmd", "command"],
  ["WorkingDir", "workingDir"],
  ["User", "user"],
  ["StopSignal", "stopSignal"],
] as const;

/** Takes out what the image says. Of an image that is gone it is taken to say whatever is not declared. */
function leaveImage(wire: Tree, image: Tree | undefined, known: ContainerInputs): void {
  const isItsOwn = (live: unknown, at: string): boolean =>
    image === undefined || isDeepStrictEqual(live, getAt(image, at));
  for (const [at, key] of ofImage)
    if (known[key] === undefined && isItsOwn(getAt(wire, at), at)) setAt(wire, at, undefined);
  leaveLines(wire, image, known);
  const labels = isTree(known.labels) ? known.labels : {};
  const live = Object.entries((wire.Labels ?? {}) as Record<string, string>);
  const imageLabels = (image?.Labels ?? {}) as Record<string, string>;
  const kept = live.filter(
    ([key, value]) => key in labels || (image !== undefined && imageLabels[key] !== value),
  );
  setAt(wire, "Labels", kept.length === 0 ? undefined : Object.fromEntries(kept));
  leaveHealthcheck(wire, isItsOwn, known);
}

function leaveLines(wire: Tree, image: Tree | undefined, known: ContainerInputs): void {
  const declared = new Set([
    ...Object.keys(isTree(known.env) ? known.env : {}),
    ...(Array.isArray(known.envUnset) ? known.envUnset : []),
  ]);
  const imageLines = new Set((image?.Env ?? []) as string[]);
  const lines = ((wire.Env ?? []) as string[]).filter((line) => {
    const [name = ""] = line.split("=", 1);
    return declared.has(name) || (image !== undefined && !imageLines.has(line));
  });
  setAt(wire, "Env", lines.length === 0 ? undefined : lines);
}

const healthKeys = [
  ["Test", "test"],
  ["Interval", "interval"],
  ["Timeout", "timeout"],
  ["Retries", "retries"],
  ["StartPeriod", "startPeriod"],
  ["StartInterval", "startInterval"],
] as const;

function leaveHealthcheck(
  wire: Tree,
  isItsOwn: (live: unknown, at: string) => boolean,
  { healthcheck }: ContainerInputs,
): void {
  const declared: Tree = isTree(healthcheck) ? healthcheck : {};
  for (const [key, name] of healthKeys) {
    const at = `Healthcheck.${key}`;
    const isDeclared =
      declared[name] !== undefined || (key === "Test" && declared.disable === true);
    if (!isDeclared && isItsOwn(getAt(wire, at), at)) setAt(wire, at, undefined);
  }
}

/** Takes out what the engine fills in where nothing is said. */
function leaveEngine(
  wire: Tree,
  { Id: id = "" }: ContainerInspectResponse,
  known: ContainerInputs,
): void {
  const { logDriver, limits, hostname, shmSize, runtime, ipcMode, securityOpt } = known;
  const leave = (at: string, isFilledIn: boolean): void => {
    if (isFilledIn) setAt(wire, at, undefined);
  };
  const isHosts = getAt(wire, modeAt) === "host";
  leave("Hostname", hostname === undefined && (wire.Hostname === id.slice(0, 12) || isHosts));
  leave("HostConfig.ShmSize", shmSize === undefined);
  leave("HostConfig.Runtime", runtime === undefined);
  leave("HostConfig.IpcMode", ipcMode === undefined);
  // Docker switches SELinux off for a container that has all rights, or shares processes or memory with the host.
  const options = (getAt(wire, "HostConfig.SecurityOpt") ?? []) as string[];
  const given = Array.isArray(securityOpt) ? securityOpt : [];
  const said = options.filter((option) => option !== "label=disable" || given.includes(option));
  setAt(wire, "HostConfig.SecurityOpt", said.length === 0 ? undefined : said);
  leave("HostConfig.RestartPolicy.Name", getAt(wire, "HostConfig.RestartPolicy.Name") === "");
  leave("HostConfig.LogConfig.Type", logDriver?.name === undefined);
  const logged = getAt(wire, "HostConfig.LogConfig.Config");
  const declared = isTree(logDriver?.options) ? logDriver.options : {};
  // Those of the engine's own daemon.json are added to them.
  const own = Object.entries(isTree(logged) ? logged : {}).filter(([key]) => key in declared);
  setAt(
    wire,
    "HostConfig.LogConfig.Config",
    own.length === 0 ? undefined : Object.fromEntries(own),
  );
  const swap = getAt(wire, "HostConfig.MemorySwap");
  const standard = [0, -1, 2 * Number(getAt(wire, "HostConfig.Memory") ?? 0)];
  // Without a limit of memory there is none of swap, whatever the engine writes.
  leave(
    "HostConfig.MemorySwap",
    limits?.memorySwap === undefined && standard.includes(Number(swap)),
  );
  for (const at of ["HostConfig.PidsLimit", "HostConfig.MemorySwappiness"])
    leave(at, getAt(wire, at) === -1);
}

/** Docker shows a container's networks where it shows their addresses. */
function nameNetworks(
  wire: Tree,
  { Id: id = "", NetworkSettings: shown }: ContainerInspectResponse,
  known: ContainerInputs,
): void {
  if (isFixedNetwork(getAt(wire, modeAt) as string | undefined)) return;
  const found = Object.entries(shown?.Networks ?? {}).map(([name, settings]): [string, Tree] => {
    const { Aliases, DriverOpts, IPAMConfig } = settings as Tree;
    // Older engines add the start of the id.
    const aliases = ((Aliases ?? []) as string[]).filter((one) => one !== id.slice(0, 12));
    return [
      name,
      { Aliases: aliases, DriverOpts, IPAMConfig: addressesOf(name, IPAMConfig, known) },
    ];
  });
  const isStandard = found.length === 1 && found[0]?.[0] === "bridge";
  const isUnsaid = isStandard && known.networks === undefined;
  setAt(wire, endpointsAt, isUnsaid ? undefined : Object.fromEntries(found));
}

/** The addresses that were asked for: on a network of the swarm the engine writes down those that a manager gave. */
function addressesOf(name: string, live: unknown, { networks }: ContainerInputs): Tree {
  const found: Tree = isTree(live) ? live : {};
  const list = Array.isArray(networks) ? networks : [];
  const { ipv4Address, ipv6Address } = list.find(({ target }) => target === name) ?? {};
  return {
    ...(ipv4Address === undefined ? {} : { IPv4Address: found.IPv4Address }),
    ...(ipv6Address === undefined ? {} : { IPv6Address: found.IPv6Address }),
  };
}
