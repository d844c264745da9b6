import type { Network, Node } from "@docker/node-sdk";
import { nameOf } from "../../cluster/members";
import { withoutPort } from "../../hosts/endpoint";
import type { NetworkInputs } from "./network";
import { contains, overlap, parseRange, type Range } from "../../units/ranges";
import { numberOption } from "./table";

/** Whether the managers have given a network its addresses: until then not even its driver is told. */
export function isAllocated({ Driver: driver = "", Options: options }: Network): boolean {
  return driver !== "" && (driver !== "overlay" || options?.[numberOption] !== undefined);
}

/**
 * Why the declared ranges cannot be used in this swarm, if so: Docker takes them without a word, and the network never
 * gets an address, or the nodes no longer reach each other.
 */
export function conflicts(
  inputs: NetworkInputs,
  networks: readonly Network[],
  nodes: readonly Node[],
): string[] {
  return (inputs.subnets ?? []).flatMap(({ subnet = "" }, index) => {
    const range = parseRange(subnet);
    if (range === undefined) return [];
    const path = `subnets[${index}].subnet: got "${subnet}"`;
    const others = networks
      .filter(({ Name }) => Name !== inputs.name)
      .flatMap((network) => rangesOf(network).map((other) => ({ network, ...other })))
      .filter((other) => overlap(range, other.range));
    const members = nodes.filter((node) => addressesOf(node).some((one) => contains(range, one)));
    return [
      ...others.map(
        ({ network, text }) =>
          `${path}, which overlaps with ${text} of network "${network.Name ?? ""}"; expected a range of its own.`,
      ),
      ...members.map(
        (node) =>
          `${path}, in which node ${nameOf(node)} has its address ` +
          `${addressesOf(node).join(" and ")}; expected a range that is used nowhere else on the nodes.`,
      ),
    ];
  });
}

function rangesOf({ IPAM: ipam }: Network): { range: Range; text: string }[] {
  return (ipam?.Config ?? []).flatMap(({ Subnet: text = "" }) => {
    const range = parseRange(text);
    return range === undefined ? [] : [{ range, text }];
  });
}

function addressesOf({ Status: status, ManagerStatus: manager }: Node): string[] {
  const advertised = manager?.Addr === undefined ? undefined : withoutPort(manager.Addr);
  return [...new Set([status?.Addr, advertised].filter((one) => one !== undefined))];
}
