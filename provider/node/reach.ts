import type { Node } from "@docker/node-sdk";
import { parseEndpoint } from "../../hosts/endpoint";
import type { Endpoint } from "../../hosts/endpoint";
import { messageOf } from "../../hosts/errors";
import type { Machine } from "../../hosts/machine";
import type { Context } from "../context";
import { joinAddresses } from "./membership";

/**
 * Fails when no connection to the address `$1`, port `$2`, comes about within 3 s. What a manager says of itself gets
 * there as words, never as a part of a script.
 */
export const PROBE =
  'timeout 3 bash -c \': <"/dev/tcp/$1/$2"\' probe "$1" "$2" 2>/dev/null || exit 1';

/**
 * Which managers a machine cannot open a connection to: the usual reason of a join that hangs.
 *
 * @param which - `all`: only when it reaches none of them
 * @returns a sentence; empty when there is nothing to say
 */
export async function blockedManagers(
  context: Context,
  host: string,
  nodes: readonly Node[],
  which: "any" | "all" = "any",
): Promise<string> {
  const machine = context.machines.get(host);
  const addresses = joinAddresses(nodes);
  const blocked: string[] = [];
  for (const address of addresses) {
    const endpoint = parseEndpoint(address);
    if (endpoint === undefined) {
      return (
        `The managers name ${JSON.stringify(address.slice(0, 100))} as the address of one of them; expected an IP ` +
        "address and a port. It was not tried: look at them"
      );
    }
    try {
      if (!(await reaches(machine, endpoint))) blocked.push(address);
    } catch (error) {
      return `Whether it reaches the managers cannot be tried: ${messageOf(error)}`;
    }
  }
  if (blocked.length === 0 || (which === "all" && blocked.length < addresses.length)) return "";
  return (
    `${host} gets no connection to ${blocked.join(", ")}: expected port 2377/tcp of the managers to be open to it. ` +
    `Look at the firewalls between them and at hosts.*.advertiseAddr of the managers`
  );
}

async function reaches(machine: Machine, { address, port }: Endpoint): Promise<boolean> {
  const words = [address, String(port)];
  const { code } = await machine.script(PROBE, words, { allowFailure: true, asUser: true });
  return code === 0;
}
