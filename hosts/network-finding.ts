import { plainAddress } from "./endpoint";
import type { Peer } from "./network-trial";
import type { readWays } from "./routes";

/** What does not get from one machine to another, or why that is not known. */
export interface Finding {
  /** The machine that is to let it in. */
  readonly host: string;
  /** Everyone concerned. */
  readonly hosts: readonly string[];
  /** A swarm would not work; else it is worth knowing. */
  readonly isBlocked: boolean;
  readonly reason: string;
}

/** What a machine has said of its ways to others. */
export type Ways = Awaited<ReturnType<typeof readWays>>;

/** From one machine to another. */
interface Way {
  readonly from: Peer;
  readonly to: Peer;
  /** The one that was tried. */
  readonly address: string;
  readonly ports: readonly string[];
}

/** What a swarm needs does not get there. */
export function blocked({ from, to, address, ports }: Way, ways: Ways | undefined): Finding {
  const way = ways?.get(plainAddress(address));
  const source = way?.from ?? (from.address === "" ? from.host : from.address);
  const what = ports.join(", ");
  const hasWay = ways === undefined || way !== undefined;
  return {
    host: to.host,
    hosts: [from.host, to.host],
    isBlocked: true,
    reason: hasWay
      ? `network: ${what} from ${from.host} to ${to.host} (${address}) does not get there; expected a rule that lets it in from ${source}. Look at what is between the two (security group, router), and at firewalls on ${to.host} that are not looked after here; where ${source} is translated on the way, name the address that arrives in firewall.sources.`
      : `network: ${what} from ${from.host} to ${to.host} (${address}) does not get there; expected a way, and ${from.host} has no route to that address. Give it one, or give ${to.host} an address that the others have a route to (advertiseAddr, dataPathAddr).`,
  };
}

/**
 * A node's engine does not listen for what the others tell it of the networks.
 *
 * @param hosts - that found it so
 */
export function apart(to: Peer, hosts: readonly string[]): Finding {
  return {
    host: to.host,
    hosts: [...hosts, to.host],
    isBlocked: true,
    reason: `network: nothing listens on 7946/tcp of ${to.host}: its engine takes no part in the swarm's networks, as one may that has started without a leader. Start it anew (\`systemctl restart docker\` there), then run this again.`,
  };
}

/** ESP does not, which no network needs yet. */
export function withoutEsp(from: Peer, to: Peer): Finding {
  return {
    host: to.host,
    hosts: [from.host, to.host],
    isBlocked: false,
    reason: `network: protocol 50 (ESP) from ${from.host} to ${to.host} (${to.dataPathAddress ?? to.address}) does not get there, which only networks with \`encrypted\` need: let it in before you declare one.`,
  };
}

/** Whether ESP does was not tried, because it cannot be sent. */
export function unsent(from: Peer, to: Peer): Finding {
  const reason = `network: whether protocol 50 (ESP) from ${from.host} gets to ${to.host} was not tried: ${from.host} cannot send it`;
  return { host: from.host, hosts: [from.host, to.host], isBlocked: false, reason };
}

/** Packets of the usual size do not. */
export function tooSmall(from: Peer, to: Peer, dataPathPort: number): Finding {
  return {
    host: to.host,
    hosts: [from.host, to.host],
    isBlocked: false,
    reason: `network: a packet of 1500 bytes from ${from.host} does not get to ${to.dataPathAddress ?? to.address} on ${dataPathPort}/udp, and smaller ones do: containers might connect and then hang. Let packets of that size through, or give overlay networks a smaller one (driverOpts: com.docker.network.driver.mtu).`,
  };
}

/** Why something was not tried. */
export function untried(host: string, reason: string): Finding {
  return { host, hosts: [host], isBlocked: false, reason };
}

/** A port or protocol, for people. */
export function nameOf(port: string): string {
  return port === "esp" ? "protocol 50 (ESP)" : port;
}
