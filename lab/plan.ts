import { createHash } from "node:crypto";

/** An IPv4 network as numbers. */
export interface Route {
  /** First address, as an unsigned number. */
  readonly address: number;
  /** Number of leading bits that count, 0 to 32. */
  readonly prefix: number;
  /** Interface that it goes out by. */
  readonly interface: string;
}

/** What a lab has settled on and keeps for as long as one of its machines exists. */
export interface LabAddresses {
  /** `198.18.7.0/24`. */
  readonly subnet: string;
  /** Host name → last number of its address. */
  readonly hosts: Readonly<Record<string, number>>;
}

/** Names and addresses of a lab; known before anything exists. */
export interface LabPlan {
  /** Name of the lab on this machine, and of the only interface that the lab adds to it (at most 15 characters). */
  readonly namespace: string;
  /** `198.18.7.0/24`. */
  readonly subnet: string;
  /** Where the registry and the package repository answer. */
  readonly gateway: string;
  /** This machine's own address in the lab. */
  readonly machineAddress: string;
  /** What to keep once something is made. */
  readonly addresses: LabAddresses;
  /** @throws Error for a host that the lab does not know */
  addressOf(host: string): string;
  /** Ethernet address. */
  macOf(host: string): string;
  /** Name of the host's network interface inside the lab's namespace. */
  tapOf(host: string): string;
}

/**
 * The block for labs: 198.18.0.0/15, reserved for tests of network devices. No network in use has such addresses,
 * and none of the pools that Docker takes subnets from by itself (10/8, 172.17–31, 192.168/16) meets it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2544 appendix C.2.2
 */
const POOL = { first: toNumber("198.18.0.0"), subnets: 512 } as const;

const FIRST_HOST = 11;
const LAST_HOST = 254;

/**
 * Derives a lab's names and addresses.
 *
 * The subnet comes from the folder's path; where a route of the machine is in its way, the next free one is taken.
 * What is recorded stays. Hosts without a record get the next free numbers in the order of their names.
 *
 * @throws Error when the block is used up, or has no address left for a host
 */
export function planLab(options: {
  /** Absolute path of the lab's folder. */
  readonly directory: string;
  readonly routes: readonly Route[];
  readonly hosts: readonly string[];
  readonly recorded: LabAddresses | undefined;
}): LabPlan {
  const hash = createHash("sha256").update(options.directory).digest("hex");
  const namespace = `swarm-${hash.slice(0, 6)}`;
  const others = options.routes.filter((route) => route.interface !== namespace);
  const base =
    options.recorded === undefined
      ? freeSubnet(Number.parseInt(hash.slice(6, 12), 16), others)
      : toNumber(options.recorded.subnet.replace(/\/.*$/, ""));
  const subnet = `${toAddress(base)}/24`;
  const numbers = assignNumbers(options.hosts, options.recorded?.hosts ?? {}, subnet);
  const numberOf = (host: string): number => {
    const number = numbers[host];
    if (number === undefined) {
      const known = Object.keys(numbers).sort().join(", ");
      throw new Error(
        `lab: got the host "${host}"; expected one of the lab's hosts: ${known === "" ? "there are none" : known}.`,
      );
    }
    return number;
  };
  const addressOf = (host: string): string => toAddress(base + numberOf(host));
  return {
    namespace,
    subnet,
    gateway: toAddress(base + 1),
    machineAddress: toAddress(base + 2),
    addresses: { subnet, hosts: numbers },
    addressOf,
    macOf: (host) => {
      const octets = addressOf(host).split(".");
      // 02: locally administered, so that no real device has it.
      return [
        "02",
        "00",
        ...octets.map((octet) => Number(octet).toString(16).padStart(2, "0")),
      ].join(":");
    },
    tapOf: (host) => `tap${numberOf(host)}`,
  };
}

/** The route of the machine that a lab's subnet meets, if any; the lab's own interface does not count. */
export function conflictingRoute(plan: LabPlan, routes: readonly Route[]): Route | undefined {
  const base = toNumber(plan.gateway) - 1;
  return routes.find((route) => route.interface !== plan.namespace && overlaps(base, route));
}

/** Reads /proc/net/route, the machine's IPv4 routes. Default routes are left out: they meet everything. */
export function parseRoutes(text: string): readonly Route[] {
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap((fields) => {
      const [name, destination, , , , , , mask] = fields;
      if (name === undefined || destination === undefined || mask === undefined) return [];
      const prefix = bits(fromHostOrder(mask));
      return prefix === 0 ? [] : [{ interface: name, address: fromHostOrder(destination), prefix }];
    });
}

/** Reads a file that holds `LabAddresses`; undefined for anything else (a run killed while writing leaves none). */
export function parseAddresses(text: string): LabAddresses | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return undefined;
  const { subnet, hosts } = value as Partial<LabAddresses>;
  return subnet === undefined || hosts === undefined ? undefined : { subnet, hosts };
}

/** `198.18.0.1` as a number. */
export function toNumber(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** A number as `198.18.0.1`. */
export function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

function freeSubnet(start: number, routes: readonly Route[]): number {
  for (let step = 0; step < POOL.subnets; step++) {
    const base = POOL.first + ((start + step) % POOL.subnets) * 256;
    if (!routes.some((route) => overlaps(base, route))) return base;
  }
  throw new Error(
    "lab: routes of this machine meet every subnet of 198.18.0.0/15; expected a free /24 for the lab. " +
      "See `ip route` and remove what is not needed.",
  );
}

function overlaps(base: number, route: Route): boolean {
  const size = 2 ** (32 - route.prefix);
  return route.address < base + 256 && base < route.address + size;
}

function assignNumbers(
  hosts: readonly string[],
  recorded: Readonly<Record<string, number>>,
  subnet: string,
): Record<string, number> {
  const numbers: Record<string, number> = { ...recorded };
  const taken = new Set(Object.values(numbers));
  let next = FIRST_HOST;
  for (const host of [...hosts].sort()) {
    if (numbers[host] !== undefined) continue;
    while (taken.has(next)) next++;
    if (next > LAST_HOST) {
      throw new Error(
        `lab: got ${hosts.length} hosts; expected at most ${LAST_HOST - FIRST_HOST + 1}, the addresses of ${subnet}.`,
      );
    }
    numbers[host] = next;
    taken.add(next);
  }
  return Object.fromEntries(Object.entries(numbers).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The kernel prints addresses as numbers in the order of bytes that the processor uses: reversed on x86. */
function fromHostOrder(hex: string): number {
  const octets = hex.match(/../g) ?? [];
  return octets.reverse().reduce((sum, octet) => sum * 256 + Number.parseInt(octet, 16), 0);
}

function bits(mask: number): number {
  return mask.toString(2).replaceAll("0", "").length;
}
