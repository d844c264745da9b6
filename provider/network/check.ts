import { reservedNames } from "../../cluster/predefined-networks";
import type { Failure } from "../resource";
import { childPath } from "../fields/paths";
import { isUnknown } from "../value";
import type { NetworkInputs } from "./network";
import { contains, includes, overlap, parseRange, type Range } from "../../units/ranges";
import { numberOption } from "./table";

type Subnet = NonNullable<NetworkInputs["subnets"]>[number];

/** What about a network as a whole could never work. Values that are not known yet break no rule. */
export function checkNetwork(inputs: NetworkInputs): Failure[] {
  const { subnets } = inputs;
  const failures = [...checkName(inputs), ...checkOptions(inputs)];
  if (subnets === undefined || isUnknown(subnets)) return failures;
  return [
    ...failures,
    ...subnets.flatMap((subnet, index) => checkSubnet(inputs, subnet, `subnets[${index}]`)),
    ...overlaps(subnets),
  ];
}

function checkName({ name }: NetworkInputs): Failure[] {
  if (name === undefined || !reservedNames.includes(name)) return [];
  const reason = `got "${name}", which every engine has of its own; expected another name. Services are put on "host" or "bridge" by that name alone.`;
  return [{ path: "name", reason }];
}

function checkOptions({ driverOpts, encrypted }: NetworkInputs): Failure[] {
  if (driverOpts === undefined || isUnknown(driverOpts)) return [];
  const failures: Failure[] = [];
  if (numberOption in driverOpts) {
    const path = childPath("driverOpts", numberOption);
    failures.push({ path, reason: "the managers choose these numbers. Leave it out." });
  }
  if ("encrypted" in driverOpts && encrypted === false) {
    const reason = `got the option beside encrypted: false; expected one of the two. Docker encrypts when it is there, whatever it says.`;
    failures.push({ path: "driverOpts.encrypted", reason });
  }
  return failures;
}

function checkSubnet(inputs: NetworkInputs, subnet: Subnet, path: string): Failure[] {
  const { subnet: text = "" } = subnet;
  if (isUnknown(text)) return [];
  const range = parseRange(text);
  if (range === undefined) return [notRange(`${path}.subnet`, text)];
  const failures = [...within(range, text, subnet, path), ...kept(inputs, subnet, path)];
  if (range.family === "ipv6" && inputs.ipv6 !== true && !isUnknown(inputs.ipv6)) {
    const reason = `got the IPv6 range "${text}" in a network without IPv6. Set ipv6: true, or leave the range out.`;
    failures.push({ path: `${path}.subnet`, reason });
  }
  return failures;
}

function within(range: Range, text: string, subnet: Subnet, path: string): Failure[] {
  const failures: Failure[] = [];
  const outside = (below: string, got: string): void => {
    const reason = `got "${got}"; expected an address within ${text}.`;
    failures.push({ path: `${path}.${below}`, reason });
  };
  const { gateway, ipRange, auxAddresses = {} } = subnet;
  if (gateway !== undefined && !isUnknown(gateway) && !contains(range, gateway))
    outside("gateway", gateway);
  if (ipRange !== undefined && !isUnknown(ipRange)) {
    const part = parseRange(ipRange);
    if (part === undefined) failures.push(notRange(`${path}.ipRange`, ipRange));
    else if (!includes(range, part)) outside("ipRange", ipRange);
  }
  if (isUnknown(auxAddresses)) return failures;
  for (const [name, address] of Object.entries(auxAddresses))
    if (!isUnknown(address) && !contains(range, address)) outside(`auxAddresses.${name}`, address);
  return failures;
}

/** @see https://github.com/moby/moby/blob/v26.1.5/daemon/cluster/convert/network.go */
function kept({ driver }: NetworkInputs, { auxAddresses }: Subnet, path: string): Failure[] {
  if (auxAddresses === undefined || isUnknown(driver)) return [];
  const reason =
    "Docker does not keep these for a network of the swarm: it would give the addresses to tasks. " +
    "Leave them out, and let ipRange end before them.";
  return [{ path: `${path}.auxAddresses`, reason }];
}

function notRange(path: string, got: string): Failure {
  return { path, reason: `got "${got}"; expected an address range such as "10.20.0.0/16".` };
}

function overlaps(subnets: readonly Subnet[]): Failure[] {
  const ranges = subnets.map(({ subnet = "" }) => parseRange(subnet));
  return ranges.flatMap((range, index) => {
    const other = ranges
      .slice(0, index)
      .findIndex((before) => range && before && overlap(before, range));
    if (other < 0) return [];
    const [one = "", two = ""] = [subnets[index]?.subnet, subnets[other]?.subnet];
    const reason = `got "${one}", which overlaps with "${two}" of subnets[${other}]; expected ranges apart.`;
    return [{ path: `subnets[${index}].subnet`, reason }];
  });
}
