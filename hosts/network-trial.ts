import { randomBytes } from "node:crypto";
import { messageOf } from "./errors";
import { GOSSIP_PORT, gossips } from "./gossip";
import { besides, engineAt, listenOn, type Listening, type Place } from "./listening";
import type { Machine } from "./machine";
import { apart, blocked, nameOf, tooSmall, unsent, untried, withoutEsp } from "./network-finding";
import type { Finding, Ways } from "./network-finding";
import { readWays } from "./routes";
import reach from "./scripts/reach.sh";

/** A machine that takes part: it listens, and speaks to the others. */
export interface Peer {
  readonly host: string;
  /** The node's own address; empty where nobody knows it, so that nobody speaks to it. */
  readonly address: string;
  /** Its address for the traffic between containers. @default - `address` */
  readonly dataPathAddress?: string | undefined;
  /** Where it is spoken to as a manager. @default - it is none */
  readonly managerPort?: number | undefined;
  /** @default - nobody reaches it from here: its engine answers, and says nothing by itself */
  readonly machine?: Pick<Machine, "script"> | undefined;
  /**
   * It is in the swarm, or about to be: the ports are its engine's. One that finds a port taken, as at its start, does
   * without for good, so nobody else ever listens there. @default false
   */
  readonly isNode?: boolean;
}

/** What is tried, and between whom. */
export interface Attempt {
  /** Port of the data path. */
  readonly dataPathPort: number;
  /** ESP: `needed` where there is, or is to be, a network that encrypts what containers say to each other. */
  readonly esp: "needed" | "worth knowing" | "left out";
  /** ESP and nothing else. @default false */
  readonly isOnlyEsp?: boolean;
  /** Whether a way is of interest. @default - all are */
  readonly isMeant?: (from: Peer, to: Peer) => boolean;
}

/** What a trial came to. */
export interface Trial {
  readonly findings: readonly Finding[];
  /** From one machine to another: two for a pair. */
  readonly ways: number;
  readonly seconds: number;
}

/** A datagram that fills a frame of 1500 bytes, as packets of overlay networks do. */
const FULL = 1472;

const SMALL = 8;

/** Docker's own, where a swarm says none. */
export const DATA_PATH_PORT = 4789;

/** Where managers listen, where none says another. */
export const MANAGER_PORT = 2377;

/**
 * Tries from each machine to each other, all at once, whether what a swarm says gets through: 2377/tcp to managers, 7946
 * both ways, the port of the data path, whether a whole frame does on it, and ESP. A machine that is no node yet answers
 * on the ports itself for a moment; on a node it is the engine that answers, to what is a connection.
 */
export async function tryNetwork(peers: readonly Peer[], attempt: Attempt): Promise<Trial> {
  const began = Date.now();
  const { isMeant = () => true } = attempt;
  const ways = peers.flatMap((from) =>
    peers
      .filter((to) => to !== from && from.machine !== undefined && to.address !== "")
      .filter((to) => isMeant(from, to))
      .map((to) => ({ from, to })),
  );
  const mark = randomBytes(8).toString("hex");
  const targets = peers.filter((peer) => ways.some(({ to }) => to === peer));
  const answering = await Promise.all(
    targets.map(async (peer): Promise<Answering> => {
      const places = placesOf(peer, attempt);
      return { peer, places, listening: await listeningOf(peer, places, mark) };
    }),
  );
  try {
    const spoken = await Promise.all(
      peers.map(async (from) => {
        const met = ways.filter((way) => way.from === from).map(({ to }) => to);
        const others = answering.filter(({ peer }) => met.includes(peer));
        return speak(from, others, { ...attempt, mark });
      }),
    );
    const deaf = await deafAmong(spoken);
    const found = await Promise.all(spoken.map(async (one) => findingsOf(one, deaf, attempt)));
    const findings = [
      ...answering.flatMap(silenceOf),
      ...[...deaf].map(([to, hosts]) => apart(to, hosts)),
      ...found.flat(),
    ];
    return {
      findings: findings.sort((a, b) => (a.reason < b.reason ? -1 : 1)),
      ways: ways.length,
      seconds: (Date.now() - began) / 1000,
    };
  } finally {
    await Promise.all(answering.map(async ({ listening }) => listening.stop()));
  }
}

interface Answering {
  readonly peer: Peer;
  readonly places: readonly Place[];
  readonly listening: Listening;
}

async function listeningOf(
  { machine, isNode = false }: Peer,
  places: readonly Place[],
  mark: string,
): Promise<Listening> {
  if (machine === undefined) return engineAt(places);
  if (!isNode) return listenOn(machine, places, mark);
  // ESP has no port: whoever listens there takes nothing from the kernel, or from the engine.
  const esp = places.filter(({ port }) => port === "esp");
  const engine = engineAt(places);
  return esp.length === 0 ? engine : besides(engine, await listenOn(machine, esp, mark));
}

function placesOf(peer: Peer, { dataPathPort, esp: wish, isOnlyEsp = false }: Attempt): Place[] {
  const { address, dataPathAddress = address, managerPort } = peer;
  const esp = { address: dataPathAddress, port: "esp" };
  if (isOnlyEsp) return [esp];
  return [
    ...(managerPort === undefined ? [] : [{ address, port: `${managerPort}/tcp` }]),
    { address, port: GOSSIP_PORT },
    { address, port: "7946/udp" },
    { address: dataPathAddress, port: `${dataPathPort}/udp` },
    ...(wish === "left out" ? [] : [esp]),
  ];
}

function silenceOf({ peer, listening: { closed, reason } }: Answering): Finding[] {
  const { host, isNode = false } = peer;
  // On a node the engine answers on the ports; ESP alone is what the machine itself listens for.
  const unknown = isNode ? `${nameOf("esp")} gets to ${host}` : `the others reach ${host}`;
  if (reason !== undefined)
    return [untried(host, `network: whether ${unknown} was not tried: ${reason}`)];
  if (closed.length === 0) return [];
  const ports = closed.map(nameOf).join(", ");
  return [
    untried(
      host,
      `network: whether ${ports} gets to ${host} was not tried: the machine cannot answer there`,
    ),
  ];
}

/** One thing that was said, and whether it got there; undefined where that is not known. */
interface Try extends Place {
  readonly to: Peer;
  readonly size: number;
  readonly came: boolean | undefined;
}

/** What a machine said to others, or why it did not. */
interface Spoken {
  readonly from: Peer;
  readonly tries: readonly Try[];
  readonly failure?: string;
}

async function speak(
  from: Peer,
  others: readonly Answering[],
  attempt: Attempt & { readonly mark: string },
): Promise<Spoken> {
  if (from.machine === undefined || others.every(({ listening }) => listening.open.length === 0))
    return { from, tries: [] };
  try {
    return { from, tries: await triesOf(from.machine, from.host, others, attempt) };
  } catch (error) {
    return { from, tries: [], failure: messageOf(error) };
  }
}

async function triesOf(
  machine: Pick<Machine, "script">,
  host: string,
  others: readonly Answering[],
  { dataPathPort, mark }: Attempt & { readonly mark: string },
): Promise<Try[]> {
  const said = `${mark} ${host}`;
  const meant = others.flatMap(({ peer: to, places, listening }) =>
    places
      .filter(({ port }) => listening.open.includes(port))
      .flatMap((place) => {
        const sizes = place.port === `${dataPathPort}/udp` ? [SMALL, FULL] : [SMALL];
        return sizes.map((size) => ({ ...place, to, listening, size }));
      }),
  );
  const words = meant.flatMap(({ address, port, size }) => [
    address,
    port,
    port === "esp" ? said : String(size),
  ]);
  // The script's turns: a hundred connections at once, each of which may take 15 s.
  const turns = Math.ceil(meant.filter(({ port }) => port.endsWith("/tcp")).length / 100);
  const options = { title: "trying the network", deadlineSeconds: 15 + 15 * Math.max(turns, 1) };
  const { stdout } = await machine.script(reach, words, options);
  const lines = new Set(stdout.split("\n"));
  return Promise.all(
    meant.map(async ({ listening, ...one }): Promise<Try> => {
      const { address, port, size } = one;
      if (port !== "esp") return { ...one, came: lines.has(`yes ${address} ${port} ${size}`) };
      const isSent = lines.has(`sent ${address} esp ${said}`);
      return { ...one, came: isSent ? (await listening.heard([host])).has(host) : undefined };
    }),
  );
}

const isClosed = ({ came, size }: Try): boolean => came === false && size === SMALL;

/** The nodes that nobody reaches because they do not listen, each asked once, and who found that. */
async function deafAmong(spoken: readonly Spoken[]): Promise<ReadonlyMap<Peer, string[]>> {
  const met = new Map<Peer, string[]>();
  for (const { from, tries } of spoken)
    for (const { to } of tries.filter((one) => isClosed(one) && one.port === GOSSIP_PORT))
      met.set(to, [...(met.get(to) ?? []), from.host]);
  const asked = [...met].map(async (one) => ((await isApart(one[0])) ? [one] : []));
  return new Map((await Promise.all(asked)).flat());
}

async function findingsOf(
  { from, tries, failure }: Spoken,
  deaf: ReadonlyMap<Peer, unknown>,
  attempt: Attempt,
): Promise<Finding[]> {
  if (failure !== undefined) {
    const what = `network: whether ${from.host} reaches the others was not tried: ${failure}`;
    return [untried(from.host, what)];
  }
  const closed = tries.filter(isClosed);
  const ways = closed.length === 0 ? undefined : await waysOf(from, closed);
  const findings: Finding[] = [];
  for (const to of new Set(tries.map((one) => one.to))) {
    const own = tries.filter((one) => one.to === to);
    const lost = closed.filter((one) => one.to === to && isNeeded(one, attempt));
    const needed = deaf.has(to) ? lost.filter(({ port }) => port !== GOSSIP_PORT) : lost;
    for (const address of new Set(needed.map((one) => one.address))) {
      const ports = needed.filter((one) => one.address === address).map(({ port }) => nameOf(port));
      findings.push(blocked({ from, to, address, ports }, ways));
    }
    if (lost.length > 0) continue;
    if (closed.some((one) => one.to === to)) findings.push(withoutEsp(from, to));
    if (own.some(({ came, size }) => came === false && size === FULL))
      findings.push(tooSmall(from, to, attempt.dataPathPort));
    if (own.some(({ came }) => came === undefined)) findings.push(unsent(from, to));
  }
  return findings;
}

/** Whether nothing is in the way to a node but its engine, which takes no part in the networks. */
async function isApart({ machine, isNode = false }: Peer): Promise<boolean> {
  return isNode && machine !== undefined && !(await gossips(machine, 0).catch(() => true));
}

function isNeeded({ port }: Place, { esp }: Attempt): boolean {
  return port !== "esp" || esp === "needed";
}

/** From where it speaks to those that it does not reach: that is what firewalls see, if nobody translates it. */
async function waysOf({ machine }: Peer, closed: readonly Try[]): Promise<Ways | undefined> {
  const addresses = closed.map(({ address }) => address);
  const options = { deadlineSeconds: 8 };
  return machine && readWays(machine, addresses, options).catch(() => undefined);
}
