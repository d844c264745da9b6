import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/**
 * What may be amiss where a machine is reached by a name: it stands for several, and who answers is a matter of chance.
 *
 * @returns a sentence; empty where it stands for one, or for one of each family
 */
export async function severalBehind(address: string): Promise<string> {
  if (isIP(address) !== 0) return "";
  const found = await lookup(address, { all: true }).catch(() => []);
  const all = [...new Set(found.map((one) => one.address))].sort();
  const isOne = [4, 6].every((family) => all.filter((one) => isIP(one) === family).length < 2);
  return isOne
    ? ""
    : `The name ${address} stands for ${all.join(", ")}; expected one machine's address. Give that of this one instead of the name`;
}
