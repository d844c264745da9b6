import type { NetworkSummary } from "@docker/node-sdk";
import { BlockList, isIPv4 } from "node:net";
import { namespaceOf } from "../provider/fields/takeover";
import { exportStack, type ExportedStack } from "../stack-files/export/export";
import type {
  ExportRequest,
  LiveConfig,
  LiveNetwork,
  LiveService,
} from "../stack-files/export/live";
import { liveConfig, liveNetwork, liveService } from "./live";
import { prove, type Unsaid } from "./proof";
import { namesIn, type Seen } from "./seen";

/** A stack file out of what runs. */
export interface Found extends ExportedStack {
  /** Name of the stack; undefined where its things belong to none. */
  readonly stack?: string;
  readonly services: readonly string[];
}

/** A service that no stack file can say, or not as a part of its stack. */
interface Odd {
  readonly service: LiveService;
  readonly unsaid: Unsaid;
}

/** What runs, put in order. */
export interface Sorted {
  /** By the label `com.docker.stack.namespace`. */
  readonly stacks: readonly Found[];
  /** What belongs to no stack; undefined where there is nothing. */
  readonly rest?: Found;
  /** What only a program can say. */
  readonly odd: readonly Odd[];
  /** Networks that only what is odd uses, and nobody else declares. */
  readonly oddNetworks: readonly LiveNetwork[];
  /** What is not as it is in a file, or left as it is, with the reason. */
  readonly notes: readonly string[];
}

type Running = Omit<Seen, "nodes">;

const stackName = /^[a-zA-Z0-9][\w-]{0,53}$/;

/** Puts what runs into stack files, one for each stack, one for what belongs to none; the rest is odd. */
export function sortOut(seen: Running): Sorted {
  const references = namesIn(seen);
  const services = seen.services.map((service) => liveService(service, references));
  const networks = networksOf(seen);
  const names = [...new Set(services.flatMap(stackOf))].sort();
  const notes: string[] = [];
  const strangers: LiveService[] = services.filter((service) => stackOf(service).length === 0);
  const stacks = names.map((stack): Found => {
    const request = requestFor(seen, stack, services, networks);
    const settled = settle(request, notes);
    strangers.push(...settled.odd.map(({ service }) => service));
    notes.push(...settled.odd.map((one) => `${oddLine(one)}; it is not in the file of its stack`));
    return settled.found;
  });
  const taken = new Set(names.flatMap((stack) => ownedBy(networks, stack).map(({ name }) => name)));
  const free = networks.filter(({ name }) => !taken.has(name));
  const used = (by: readonly LiveService[]): readonly LiveNetwork[] => usedBy(by, free);
  const rest = settle(
    { services: strangers, networks: used(strangers), configs: [], folder: "" },
    notes,
  );
  const said = strangers.filter(({ name }) => rest.found.services.includes(name));
  const known = new Set(used(said).map(({ name }) => name));
  const odd = rest.odd.map((one) => one);
  const oddNetworks = used(odd.map(({ service }) => service)).filter(
    ({ name }) => !known.has(name),
  );
  notes.push(...odd.map((one) => `${oddLine(one)}; it is in a program`));
  const isRest = rest.found.services.length > 0;
  return {
    stacks: stacks.filter(({ services: all }) => all.length > 0),
    ...(isRest ? { rest: rest.found } : {}),
    odd,
    oddNetworks,
    notes,
  };
}

/** Networks that services are on. */
function usedBy(
  services: readonly LiveService[],
  networks: readonly LiveNetwork[],
): readonly LiveNetwork[] {
  return networks.filter(({ name }) =>
    services.some(({ networks: on = [] }) => on.some(({ target }) => target === name)),
  );
}

/** Everything of one stack; undefined when no service is of it. */
export function stackRequest(seen: Running, stack: string): ExportRequest | undefined {
  const references = namesIn(seen);
  const services = seen.services.map((service) => liveService(service, references));
  const request = requestFor(seen, stack, services, networksOf(seen));
  return request.services.length === 0 ? undefined : request;
}

/** Names of the stacks that services are of, sorted. */
export function stackNames(seen: Running): string[] {
  const references = namesIn(seen);
  const services = seen.services.map((service) => liveService(service, references));
  return [...new Set(services.flatMap(stackOf))].sort();
}

function requestFor(
  seen: Running,
  stack: string,
  services: readonly LiveService[],
  networks: readonly LiveNetwork[],
): ExportRequest {
  const own = services.filter((service) => stackOf(service)[0] === stack);
  return { stack, services: own, folder: stack, ...ownObjects(seen, networks, stack, own) };
}

/** The stack that a service is of, as its label and its name say; none where they differ. */
function stackOf({ name, labels }: LiveService): string[] {
  const stack = namespaceOf(labels);
  const isNamed = stack !== undefined && stackName.test(stack) && name.startsWith(`${stack}_`);
  return isNamed ? [stack] : [];
}

/** Networks of the swarm that somebody made. */
function networksOf({ networks, swarm }: Running): LiveNetwork[] {
  return networks
    .filter(isMade)
    .map((network) => liveNetwork(network, fromPool(swarm)))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function isMade({ Scope, Ingress, Name }: NetworkSummary): boolean {
  return (
    Scope === "swarm" &&
    Ingress !== true &&
    !["host", "bridge", "none", "null"].includes(Name ?? "")
  );
}

/** Whether Docker may have chosen a subnet: it is in the swarm's pool, and as large as those are. */
function fromPool({
  DefaultAddrPool: pools,
  SubnetSize: size,
}: Seen["swarm"]): (subnet: string) => boolean {
  const list = new BlockList();
  for (const pool of pools ?? ["10.0.0.0/8"]) {
    const [address = "", prefix = ""] = pool.split("/");
    if (isIPv4(address)) list.addSubnet(address, Number(prefix));
  }
  return (subnet) => {
    const [address = "", prefix] = subnet.split("/");
    return isIPv4(address) && Number(prefix) === (size ?? 24) && list.check(address);
  };
}

function ownedBy<One extends { readonly labels?: Readonly<Record<string, string>> }>(
  all: readonly One[],
  stack: string,
): One[] {
  return all.filter(({ labels }) => namespaceOf(labels) === stack);
}

/** Docker allows 64 characters, of which nine are for the digits of the next version. */
const longestConfig = 55;

function ownObjects(
  { configs }: Running,
  networks: readonly LiveNetwork[],
  stack: string,
  services: readonly LiveService[],
): Pick<ExportRequest, "configs" | "networks"> {
  const own: LiveConfig[] = ownedBy(configs.map(liveConfig), stack).filter(
    ({ name, content }) => name.length <= longestConfig && content.length > 0,
  );
  return {
    networks: usedBy(services, ownedBy(networks, stack)),
    configs: own.sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

interface Settled {
  readonly found: Found;
  readonly odd: readonly Odd[];
}

/**
 * A file that says all that is in it: what it cannot say leaves it. A network or a config then is external, and a
 * service odd; labels of a service can differ, because a changed one restarts nothing, which is said.
 */
function settle(request: ExportRequest, notes: string[]): Settled {
  const exported = exportStack(request);
  const proof = prove(exported, request);
  const odd = request.services.flatMap((service): Odd[] => {
    const unsaid = (proof.services.get(service.name) ?? []).filter((path) => !isLabel(path));
    return unsaid.length === 0 ? [] : [{ service, unsaid }];
  });
  const services = request.services.filter(
    (service) => !odd.some((one) => one.service === service),
  );
  const without = {
    services,
    // What only odd services use is for whoever declares those.
    networks: usedBy(services, request.networks).filter(({ name }) => !proof.networks.has(name)),
    configs: request.configs.filter(({ name }) => !proof.configs.has(name)),
  };
  const kinds = ["services", "networks", "configs"] as const;
  if (kinds.every((kind) => without[kind].length === request[kind].length)) {
    notes.push(...labelNotes(proof.services));
    const { stack, services } = request;
    const names = services.map(({ name }) => name).sort();
    return {
      found: { ...exported, services: names, ...(stack === undefined ? {} : { stack }) },
      odd,
    };
  }
  notes.push(
    ...externalNotes("network", proof.networks),
    ...externalNotes("config", proof.configs),
  );
  const { found, odd: more } = settle({ ...request, ...without }, notes);
  return { found, odd: [...odd, ...more] };
}

function isLabel(path: string): boolean {
  return /^labels\b/.test(path);
}

function labelNotes(services: ReadonlyMap<string, Unsaid>): string[] {
  return [...services].map(
    ([name, unsaid]) =>
      `service ${name}: the first up changes its ${unsaid.join(", ")}; no task of it restarts`,
  );
}

function externalNotes(noun: string, all: ReadonlyMap<string, Unsaid>): string[] {
  return [...all].map(
    ([name, unsaid]) =>
      `${noun} ${name}: a stack file cannot say its ${unsaid.join(", ")}; it is called external, and stays as it is`,
  );
}

function oddLine({ service, unsaid }: Odd): string {
  return `service ${service.name}: a stack file cannot say its ${unsaid.join(", ")}`;
}
