import { textMap, wordSet } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import { objectList } from "../fields/list";
import { getAt, isTree, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { text } from "../fields/scalars";

/** Where Docker keeps the network that a container is made with, and the settings on all of its networks. */
export const modeAt = "HostConfig.NetworkMode";
export const endpointsAt = "NetworkingConfig.EndpointsConfig";

/** The networks of a container. */
export const networks = objectList(
  {
    target: field(
      text,
      "Target",
      "Name of a network of the host, or of an attachable one of the swarm; `bridge`, `host` and `none` are Docker's own.",
      { required: true },
    ),
    aliases: field(
      wordSet(),
      "Aliases",
      "Further names under which the container is found on this network.",
    ),
    ipv4Address: field(text, "IPAMConfig.IPv4Address", "Its IPv4 address. Default: a free one."),
    ipv6Address: field(text, "IPAMConfig.IPv6Address", "Its IPv6 address. Default: a free one."),
    driverOpts: field(textMap, "DriverOpts", "Options for the network's driver."),
  },
  { keys: ["target"] },
);

/** The networks of a container as users write them. */
export type ContainerNetworks = typeof networks extends { toUser(...args: never[]): infer List }
  ? List
  : never;

/** Whether a network is none that a container can be put on and taken off while it runs. */
export function isFixedNetwork(target: string | undefined): boolean {
  return target === "host" || target === "none";
}

/** Docker keeps the settings by name of the network, and which one the container is made with apart from that. */
export const networkPlace: Place<ContainerNetworks> = {
  read: (wire, references) => {
    const mode = getAt(wire, modeAt) as string | undefined;
    if (isFixedNetwork(mode)) return networks.toUser([{ Target: mode }], references);
    const found = getAt(wire, endpointsAt);
    if (!isTree(found) || Object.keys(found).length === 0) return undefined;
    const list = Object.entries(found).map(([Target, settings]): Tree => ({
      ...(isTree(settings) ? settings : {}),
      Target,
    }));
    return networks.toUser(list, references);
  },
  write: (wire, value, references) => {
    const list = value === undefined ? [] : (networks.toWire(value, references) as Tree[]);
    const [first] = list;
    setAt(wire, modeAt, first?.Target);
    const plain = list.filter(({ Target }) => !isFixedNetwork(Target as string));
    const settings = plain.map(({ Target, ...rest }): [string, Tree] => [String(Target), rest]);
    setAt(wire, endpointsAt, plain.length === 0 ? undefined : Object.fromEntries(settings));
  },
};
