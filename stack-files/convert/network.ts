import type { NetworkArgs, Subnet } from "../../resources/network";
import type { ServiceNetwork } from "../../resources/service-deployment";
import type { Own, StackDeclaration } from "../declaration";
import type { Path } from "../finding";
import type { External, NetworkModel, ServiceModel } from "../model";
import { said } from "../said";
import { defaultNetwork, entryOf, filled, isExternal, sortedBy, sortedRecord } from "./conversion";
import type { Conversion } from "./conversion";

type OwnNetwork = Exclude<NetworkModel, External>;

/** An overlay network is encrypted when it has this option, whatever its value. */
const encryption = "encrypted";

/** Networks of every node; they know no names. */
const predefined = new Set(["host", "bridge", "none", "default"]);

/** The networks that services are in; nobody else's are made. */
export function declareNetworks(conversion: Conversion): StackDeclaration["networks"] {
  const services = Object.values(conversion.model.services);
  const used = new Set(
    services.flatMap((service) => Object.keys(attachmentsOf(conversion, service))),
  );
  const entries = [...used].sort().flatMap((key): [string, External | Own<NetworkArgs>][] => {
    const entry = entryOf(conversion.model.networks, key);
    if (entry === undefined && key !== defaultNetwork) return [];
    if (entry !== undefined && isExternal(entry)) return [[key, { external: entry.external }]];
    return [[key, { args: networkArgs(conversion, key, entry) }]];
  });
  return Object.fromEntries(entries);
}

/** The networks of a service by key: the stack's default one where it names none. */
function attachmentsOf(
  { isNamespaced }: Conversion,
  { networks }: ServiceModel,
): ServiceModel["networks"] {
  if (!isNamespaced) return networks;
  return filled(networks) ?? { [defaultNetwork]: { aliases: [], driverOpts: {} } };
}

function networkArgs(
  conversion: Conversion,
  key: string,
  entry: OwnNetwork | undefined,
): NetworkArgs & { name: string } {
  const { driver, driverOpts = {}, attachable, internal, enableIpv6, ipam } = entry ?? {};
  checkDriver(conversion, ["networks", key, "driver"], driver);
  const { [encryption]: encrypted, ...options } = driverOpts;
  return said({
    name: conversion.nameOf(key, entry),
    driver,
    attachable,
    internal,
    ipv6: enableIpv6,
    encrypted: encrypted === undefined ? undefined : true,
    driverOpts: filled(sortedRecord(options)),
    ipamDriver: ipam?.driver,
    ipamOptions: filled(sortedRecord(ipam?.options ?? {})),
    subnets: filled(subnetsOf(conversion, ["networks", key, "ipam", "config"], ipam)),
    labels: conversion.labelled(entry?.labels),
  });
}

/** Docker makes a network of these drivers on one manager alone, and then puts no service into it. */
function checkDriver(conversion: Conversion, path: Path, driver: string | undefined): void {
  if (driver === "bridge")
    conversion.error(
      path,
      'got "bridge", whose networks end at one node, so that no service can be in them; expected "overlay". Leave the driver out.',
    );
  else if (["host", "none", "null"].includes(driver ?? ""))
    conversion.error(
      path,
      `got "${driver ?? ""}", which a swarm makes no network of; expected "overlay". For the node's own network write external: true and name: host instead.`,
    );
  else if (["macvlan", "ipvlan"].includes(driver ?? ""))
    conversion.error(
      path,
      `got "${driver ?? ""}", which needs settings of its own on each node; expected "overlay". Make the network beside the stack (docker network create --scope swarm --config-from …), and call it external here.`,
    );
}

function subnetsOf(conversion: Conversion, path: Path, ipam: OwnNetwork["ipam"]): Subnet[] {
  return (ipam?.config ?? []).flatMap((config, index): Subnet[] => {
    const { subnet, gateway, ipRange, auxAddresses } = config;
    const at = [...path, index];
    checkAddress(conversion, [...at, "gateway"], gateway, address);
    checkAddress(conversion, [...at, "ip_range"], ipRange, range);
    if (subnet === undefined || !checkAddress(conversion, [...at, "subnet"], subnet, range)) {
      if (subnet === undefined)
        conversion.error(at, `got no subnet; expected ${range.shape}. Add one, or leave it out.`);
      return [];
    }
    return [said({ subnet, gateway, ipRange, auxAddresses })];
  });
}

const address = { pattern: /^[0-9a-fA-F:.]+$/, shape: 'an address such as "10.20.0.1"' };
const range = {
  pattern: /^[0-9a-fA-F:.]+\/\d{1,3}$/,
  shape: 'an address range such as "10.20.0.0/16"',
};

function checkAddress(
  conversion: Conversion,
  path: Path,
  text: string | undefined,
  { pattern, shape }: { readonly pattern: RegExp; readonly shape: string },
): boolean {
  if (text === undefined || pattern.test(text)) return true;
  conversion.error(
    path,
    `got "${text}"; expected ${shape}. Docker would take it for none without a word.`,
  );
  return false;
}

/** How a service is in its networks. Its key in a stack comes last of its names, as Docker does it. */
export function serviceNetworks(
  conversion: Conversion,
  key: string,
  service: ServiceModel,
): ServiceNetwork[] {
  const path = ["services", key, "networks"];
  const all = Object.entries(sortedRecord(attachmentsOf(conversion, service))).map(
    ([network, { aliases, driverOpts }]) => {
      const target = conversion.nameFor("networks", network);
      const isNamed = conversion.isNamespaced && !predefined.has(target);
      const names = isNamed ? [...aliases, key] : aliases;
      return said({
        target,
        aliases: filled([...new Set(names)]),
        driverOpts: filled(sortedRecord(driverOpts)),
      });
    },
  );
  const targets = new Set<string>();
  for (const { target } of all) {
    if (target === "none")
      conversion.error(
        path,
        `got the network "none"; expected another one: no engine takes it for services. For a network without a way out declare one with internal: true.`,
      );
    if (targets.has(target))
      conversion.error(
        path,
        `got the network "${target}" twice; expected each once. Remove one of the two.`,
      );
    targets.add(target);
  }
  return sortedBy(all, ({ target }) => target);
}
