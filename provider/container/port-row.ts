import { field } from "../fields/field";
import type { Place } from "../fields/field";
import { objectList } from "../fields/list";
import { getAt, isTree, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { choice, integer, text } from "../fields/scalars";

const bindingsAt = "HostConfig.PortBindings";

/** The published ports of a container. */
export const ports = objectList(
  {
    target: field(integer(1, 65535), "ContainerPort", "Port in the container.", {
      required: true,
    }),
    published: field(
      integer(0, 65535),
      "HostPort",
      "Port on the host. Default: one that Docker picks.",
    ),
    protocol: field(choice(["tcp", "udp", "sctp"]), "Protocol", "Protocol.", { fallback: "tcp" }),
    hostIp: field(
      text,
      "HostIp",
      "Address of the host on which it answers, `127.0.0.1`. Default: all of them.",
    ),
  },
  { keys: ["target", "protocol"], nearer: ["published", "hostIp"] },
);

type Ports = typeof ports extends { toUser(...args: never[]): infer List } ? List : never;

/** Docker's `80/tcp`, as a port and a protocol. */
export function portOf(key: string): { readonly target: number; readonly protocol: string } {
  const [target = "", protocol = "tcp"] = key.split("/");
  return { target: Number(target), protocol };
}

/** Docker keeps, by port of the container, where on the host it answers. */
export const portPlace: Place<Ports> = {
  read: (wire, references) => {
    const found = getAt(wire, bindingsAt);
    if (!isTree(found)) return undefined;
    const list = Object.entries(found).flatMap(([key, bindings]): Tree[] => {
      const { target, protocol } = portOf(key);
      const all = (bindings ?? []) as { HostIp?: string; HostPort?: string }[];
      return all.map(({ HostIp = "", HostPort = "" }) => ({
        ContainerPort: target,
        Protocol: protocol,
        ...(HostPort === "" || HostPort === "0" ? {} : { HostPort: Number(HostPort) }),
        ...(HostIp === "" ? {} : { HostIp }),
      }));
    });
    return list.length === 0 ? undefined : ports.toUser(list, references);
  },
  write: (wire, value, references) => {
    const list = value === undefined ? [] : (ports.toWire(value, references) as Tree[]);
    const bindings: Record<string, Tree[]> = {};
    for (const { ContainerPort, Protocol = "tcp", HostIp = "", HostPort = "" } of list) {
      const key = `${String(ContainerPort)}/${String(Protocol)}`;
      const port = HostPort === 0 ? "" : String(HostPort);
      (bindings[key] ??= []).push({ HostIp, HostPort: port });
    }
    const keys = Object.keys(bindings);
    setAt(wire, bindingsAt, keys.length === 0 ? undefined : bindings);
    const exposed = Object.fromEntries(keys.map((key) => [key, {}]));
    setAt(wire, "ExposedPorts", keys.length === 0 ? undefined : exposed);
  },
};
