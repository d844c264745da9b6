import { ENCRYPTION_MODULES, readFacts } from "../../hosts/facts";
import type { Context } from "../context";

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
