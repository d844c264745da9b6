import { messageOf } from "./errors";
import type { Machine } from "./machine";
import { plainAddress } from "./routes";
import listen from "./scripts/listen.sh";
import reach from "./scripts/reach.sh";

/** A machine that takes part: it listens, and speaks to all the others. */
export interface Peer {
  readonly host: string;
  /** The node's own address. */
  readonly address: string;
  /** Its address for the traffic between containers. @default - `address` */
  readonly dataPathAddress?: string | undefined;
  readonly isManager: boolean;
  /** The addresses that it speaks from, by the one that it speaks to, in {@link plainAddress one spelling}. @default - `address` */
  readonly sources?: ReadonlyMap<string, string> | undefined;
  readonly machine: Pick<Machine, "script">;
}

/** Ports of a swarm. @see https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts */
interface Ports {
  readonly dataPathPort: number;
}

/** What does not get from one machine to another, or why that is not known. */
export interface Blocked {
  /** The machine that is to let it in. */
  readonly host: string;
  /** Something is in the way, and nobody knows otherwise. */
  readonly isCertain: boolean;
  readonly reason: string;
}

/** Seconds that a machine answers for: all of the tries together. */
const LISTEN_SECONDS = 40;

/** A datagram that fills a frame of 1500 bytes, as packets of overlay networks do. */
const FULL = 1472;

const SMALL = 8;

/**
 * Tries from each machine to each other, all at once, whether what a swarm says gets through: 2377/tcp to managers, 7946
 * both ways, the port of the data path, and whether a whole frame does on it. Every machine answers on the ports itself for
 * a moment; where an engine is at work already, that one answers, to what is a connection.
 */
export async function tryNetwork(peers: readonly Peer[], ports: Ports): Promise<Blocked[]> {
  const stop = new AbortController();
  try {
    const listening = await Promise.all(
      peers.map(async (peer) => ({
        peer,
        ...(await answer(peer, portsOf(peer, ports), stop.signal)),
      })),
    );
    const silent = listening.flatMap(({ peer, reason }) =>
      reason === undefined ? [] : [{ host: peer.host, isCertain: false, reason }],
    );
    const tried = await Promise.all(
      peers.map(async (from) =>
        speak(
          from,
          listening.filter(({ peer, reason }) => peer !== from && reason === undefined),
          ports,
        ),
      ),
    );
    return [...silent, ...tried.flat()].sort((a, b) => (a.reason < b.reason ? -1 : 1));
  } finally {
    stop.abort(new Error("all was tried"));
  }
}

function portsOf({ isManager }: Peer, { dataPathPort }: Ports): string[] {
  return [...(isManager ? ["2377/tcp"] : []), "7946/tcp", "7946/udp", `${dataPathPort}/udp`];
}

interface Listening {
  /** Ports that it answers on: one that an engine has says nothing to a datagram. */
  readonly open: readonly string[];
  /** Why it answers on none. */
  readonly reason?: string;
}

/** Resolves once the machine listens; it goes on until the signal. */
async function answer(
  peer: Peer,
  ports: readonly string[],
  signal: AbortSignal,
): Promise<Listening> {
  const open: string[] = [];
  return new Promise((resolve) => {
    const onLine = (line: string): void => {
      const [word = "", port = ""] = line.split(" ");
      if (word === "open" || (word === "taken" && port.endsWith("/tcp"))) open.push(port);
      if (word === "ready") resolve({ open });
    };
    const options = { title: "listening", deadlineSeconds: LISTEN_SECONDS + 20, signal, onLine };
    peer.machine.script(listen, [String(LISTEN_SECONDS), ...ports], options).then(
      () => {
        resolve({ open });
      },
      (error: unknown) => {
        const reason = `whether the others reach it was not tried: ${messageOf(error)}`;
        resolve({ open, reason });
      },
    );
  });
}

async function speak(
  from: Peer,
  others: readonly ({ readonly peer: Peer } & Listening)[],
  ports: Ports,
): Promise<Blocked[]> {
  const isData = (port: string): boolean => port === `${ports.dataPathPort}/udp`;
  const at = (peer: Peer, port: string): string =>
    isData(port) ? (peer.dataPathAddress ?? peer.address) : peer.address;
  const words = others.flatMap(({ peer, open }) =>
    open.flatMap((port) =>
      (isData(port) ? [SMALL, FULL] : [SMALL]).flatMap((size) => [at(peer, port), port, `${size}`]),
    ),
  );
  if (words.length === 0) return [];
  try {
    const options = { title: "trying the network", deadlineSeconds: 30 };
    const { stdout } = await from.machine.script(reach, words, options);
    const said = new Map(stdout.split("\n").map((line) => [line.replace(/^\w+ /, ""), line]));
    const came = (...key: readonly (string | number)[]): boolean =>
      said.get(key.join(" "))?.startsWith("yes ") === true;
    return others.flatMap(({ peer, open }) =>
      open.flatMap((port) => {
        const address = at(peer, port);
        if (!came(address, port, SMALL)) return [blocked({ from, to: peer, address, port })];
        const isWhole = !isData(port) || came(address, port, FULL);
        return isWhole ? [] : [tooSmall({ from, to: peer, address, port })];
      }),
    );
  } catch (error) {
    const reason = `whether it reaches the others was not tried: ${messageOf(error)}`;
    return [{ host: from.host, isCertain: false, reason }];
  }
}

interface Way {
  readonly from: Peer;
  readonly to: Peer;
  /** The one that was tried. */
  readonly address: string;
  readonly port: string;
}

function blocked({ from, to, address, port }: Way): Blocked {
  const source = from.sources?.get(plainAddress(address)) ?? from.address;
  return {
    host: to.host,
    isCertain: true,
    reason: `network: ${port} from ${from.host} does not get to ${address}; expected a rule that lets ${port} in from ${source}. Look at what is between the two (security group, router), and at firewalls on ${to.host} that are not looked after here; where ${source} is translated on the way, name the address that arrives in firewall.sources.`,
  };
}

function tooSmall({ from, to, address, port }: Way): Blocked {
  return {
    host: to.host,
    isCertain: true,
    reason: `network: a packet of 1500 bytes from ${from.host} does not get to ${address} on ${port}, and smaller ones do: containers would connect and then hang. Let packets of that size through, or give overlay networks a smaller one (driverOpts: com.docker.network.driver.mtu).`,
  };
}
