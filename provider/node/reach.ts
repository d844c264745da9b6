import type { Node } from "@docker/node-sdk";
import type { EngineError } from "../../hosts/engine";
import { parseEndpoint } from "../../hosts/endpoint";
import type { Endpoint } from "../../hosts/endpoint";
import { messageOf } from "../../hosts/errors";
import type { Machine } from "../../hosts/machine";
import { plainAddress, readWays } from "../../hosts/routes";
import type { Context } from "../context";
import { joinAddresses } from "./membership";

/**
 * Fails when no connection to the address `$1`, port `$2`, comes about within 3 s. What a manager says of itself gets
 * there as words, never as a part of a script.
 */
export const PROBE =
  'timeout 3 bash -c \': <"/dev/tcp/$1/$2"\' probe "$1" "$2" 2>/dev/null || exit 1';

/** Seconds for `ip route get`. */
const ROUTE_SECONDS = 8;

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
  const targets: string[] = [];
  for (const address of addresses) {
    const endpoint = parseEndpoint(address);
    if (endpoint === undefined) {
      return (
        `The managers name ${JSON.stringify(address.slice(0, 100))} as the address of one of them; expected an IP ` +
        "address and a port. It was not tried: look at them"
      );
    }
    try {
      if (await reaches(machine, endpoint)) continue;
      blocked.push(address);
      targets.push(endpoint.address);
    } catch (error) {
      return `Whether it reaches the managers cannot be tried: ${messageOf(error)}`;
    }
  }
  if (blocked.length === 0 || (which === "all" && blocked.length < addresses.length)) return "";
  return (
    `${host} gets no connection to ${blocked.join(", ")}: expected port 2377/tcp of the managers to be open to it. ` +
    `${await speech(machine, targets)}Look at the firewalls between them and at hosts.*.advertiseAddr of the managers; ` +
    "where its address is translated on the way, the managers see another one: name that in firewall.sources"
  );
}

/** The error of a join that came to nothing at once, as where a firewall refuses what it does not know: with who is closed. */
export async function refusedJoin(
  context: Context,
  host: string,
  error: EngineError,
  nodes: readonly Node[],
): Promise<Error> {
  const blocked = await blockedManagers(context, host, nodes);
  if (blocked === "") return error;
  return new Error(`${host}: it could not join: ${error.reason}. ${blocked}`, { cause: error });
}

/** From which address a machine speaks to others: that is the one that firewalls see, if nobody translates it. */
async function speech(machine: Machine, targets: readonly string[]): Promise<string> {
  const options = { deadlineSeconds: ROUTE_SECONDS };
  const ways = await readWays(machine, targets, options).catch(() => undefined);
  if (ways === undefined) return "";
  const said = targets.map((target) => {
    const way = ways.get(plainAddress(target));
    return way === undefined
      ? `It has no route to ${target}. `
      : `It speaks to ${target} from ${way.from}. `;
  });
  return said.join("");
}

async function reaches(machine: Machine, { address, port }: Endpoint): Promise<boolean> {
  const words = [address, String(port)];
  const { code } = await machine.script(PROBE, words, { allowFailure: true, asUser: true });
  return code === 0;
}
