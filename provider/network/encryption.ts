import { ENCRYPTION_MODULES, readFacts } from "../../hosts/facts";
import type { Context } from "../context";
import { isUnknown } from "../value";
import type { NetworkInputs } from "./network";

/**
 * The option `encrypted` of Docker's command line as the property that it is here. Docker encrypts when it is there,
 * whatever it says.
 */
export function withoutEncryptedOption(inputs: NetworkInputs): {
  readonly inputs: NetworkInputs;
  readonly warnings: readonly string[];
} {
  const { driverOpts } = inputs;
  if (driverOpts === undefined || isUnknown(driverOpts)) return { inputs, warnings: [] };
  const { encrypted: said, ...others } = driverOpts;
  if (said === undefined) return { inputs, warnings: [] };
  const warning = `driverOpts.encrypted: got "${said}", and Docker encrypts all the same: to it the option counts, not what it says. Leave it out for a network without encryption.`;
  return {
    inputs: { ...inputs, driverOpts: others, encrypted: true },
    warnings: /^(?:false|no|off|0)$/i.test(said) ? [warning] : [],
  };
}

/**
 * Hosts whose kernel cannot encrypt what tasks say to each other, as sentences. A host that cannot be asked, because it
 * is down or not made yet, says so itself when it is prepared.
 */
export async function encryptionGaps({ machines }: Context): Promise<string[]> {
  const hosts = [...machines.names].sort();
  const found = await Promise.allSettled(hosts.map(async (host) => readFacts(machines.get(host))));
  return found.flatMap((result, index) => {
    if (result.status === "rejected") return [];
    const { modules } = result.value;
    const missing = ENCRYPTION_MODULES.filter((name) => modules[name] === "missing");
    if (missing.length === 0) return [];
    return [`${hosts[index] ?? ""}: its kernel has no ${missing.join(" and no ")}`];
  });
}
