import { said } from "../said";
import { nonEmpty } from "./forms";
import type { Keys } from "./keys";
import type { LiveNetwork } from "./live";
import type { Written } from "./yaml";

/** A network that the stack makes itself. */
export function networkPart(keys: Keys, network: LiveNetwork): Record<string, Written> {
  const { driver, driverOpts = {}, encrypted, ipamDriver, ipamOptions, subnets } = network;
  const options = { ...driverOpts, ...(encrypted === true ? { encrypted: "" } : {}) };
  return said({
    driver,
    driver_opts: nonEmpty(options),
    attachable: network.attachable,
    internal: network.internal,
    enable_ipv6: network.ipv6,
    ipam: nonEmpty({
      driver: ipamDriver,
      options: ipamOptions,
      config: subnets?.map(({ subnet, gateway, ipRange, auxAddresses }) =>
        said({ subnet, gateway, ip_range: ipRange, aux_addresses: auxAddresses }),
      ),
    }),
    labels: keys.labels(network.labels),
  });
}
