import { isIP } from "node:net";
import { withoutPort } from "./endpoint";
import { MANAGER_PORT, type Peer } from "./network-trial";

/** What is declared of a node's addresses. */
export interface DeclaredNode {
  readonly role?: string | undefined;
  /** IP address or interface, with or without a port. */
  readonly advertiseAddr?: string | undefined;
  readonly dataPathAddr?: string | undefined;
  readonly listenAddr?: string | undefined;
}

/** Addresses of a machine, by where they are. */
type OwnAddresses = readonly { readonly interface: string; readonly address: string }[];

/**
 * The addresses that the others speak to a node at. Pure.
 *
 * @param own - addresses that the machine has, among which those of a named interface are found
 * @param fallback - the address of a node of which none is declared, or whose interface has none
 */
export function addressesOf(
  { role, advertiseAddr, dataPathAddr, listenAddr }: DeclaredNode,
  own: OwnAddresses,
  fallback: string,
): Pick<Peer, "address" | "dataPathAddress" | "managerPort"> {
  const managerPort = portOf(advertiseAddr) ?? portOf(listenAddr) ?? MANAGER_PORT;
  return {
    address: addressAt(advertiseAddr, own) ?? fallback,
    dataPathAddress: addressAt(dataPathAddr, own),
    ...(role === "manager" ? { managerPort } : {}),
  };
}

/** An address, or that of an interface: where there are IPv4 addresses Docker takes one of those. */
function addressAt(text: string | undefined, own: OwnAddresses): string | undefined {
  if (text === undefined) return undefined;
  const place = withoutPort(text);
  if (isIP(place) !== 0) return place;
  const all = own
    .filter((one) => one.interface === place && !one.address.startsWith("fe80:"))
    .map(({ address }) => address);
  return all.find((address) => isIP(address) === 4) ?? all[0];
}

function portOf(text = ""): number | undefined {
  if (isIP(text) !== 0) return undefined;
  const [, digits] = /:(\d{1,5})$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
