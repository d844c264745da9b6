import { setTimeout as delay } from "node:timers/promises";
import type { Network, NetworkCreateRequest } from "@docker/node-sdk";
import { z } from "zod";
import { isPredefined } from "../../cluster/predefined-networks";
import { isNotFound } from "../../hosts/engine";
import * as api from "../../hosts/engine-api";
import type { Context } from "../context";
import { belongsToAnother, createOrAdopt } from "../fields/adoption";
import type { Obtained } from "../fields/adoption";
import { withoutReferences } from "../fields/form";
import type { Tree } from "../fields/paths";
import { argumentsOf, compareTable, schemaOf } from "../fields/table";
import type { Arguments } from "../fields/table";
import { replacing } from "../fields/replacement";
import { namespaceOf, isOfSameStack, ownedBy, takeoverLine } from "../fields/takeover";
import { declaredVersions } from "../host/versions";
import { ifReachable, readOrKnown } from "../reading";
import type { CheckRequest, CheckResult, Failure, ResourceType } from "../resource";
import { containsUnknown } from "../value";
import { deleteWhenReleased, servicesUsing } from "../fields/release";
import { checkNetwork } from "./check";
import { foretellNetwork } from "./consequences";
import { encryptionGaps, tryEncryption, withoutEncryptedOption } from "./encryption";
import { ipv6Failures } from "./ipv6";
import { conflicts, isAllocated } from "./room";
import { networkSpec } from "./spec";
import { networkTable } from "./table";

/** The managers give out addresses in well under a second; there is no event for it. */
const allocationSeconds = 20;

/** Arguments of a network. */
export type NetworkInputs = Arguments<typeof networkTable>;

/** A network as it is. */
export type NetworkState = NetworkInputs;

function inputsOf(network: Network, known: NetworkInputs): NetworkInputs {
  return argumentsOf(networkTable, network as Tree, known, withoutReferences);
}

function differences(network: Network, news: NetworkInputs): string[] {
  return Object.keys(compareTable(networkTable, inputsOf(network, news), news));
}

async function listed(context: Context): Promise<readonly Network[]> {
  const all = await context.managers.networks();
  return all.filter((network) => network.Scope === "swarm" && !isPredefined(network));
}

/** @throws Error when its ranges are taken, or when there is another network for the routing mesh */
async function refuse(context: Context, news: NetworkInputs): Promise<void> {
  const [networks, nodes] = await Promise.all([listed(context), context.managers.nodes()]);
  const name = news.name ?? "";
  const reasons = conflicts(news, networks, nodes);
  const mesh = networks.find(({ Ingress, Name }) => Ingress === true && Name !== name);
  if (news.ingress === true && mesh !== undefined) {
    reasons.push(
      `ingress: the routing mesh has the network "${mesh.Name ?? ""}" already, and there is only one. ` +
        `Remove it first, while no service publishes a port: docker network rm ${mesh.Name ?? ""}`,
    );
  }
  if (reasons.length > 0) throw new Error(`network "${name}" ${reasons.join("\n")}`);
}

/** Waits until the network has addresses; a new one that gets none is removed: no task on it could start. */
async function awaitAllocation(
  context: Context,
  { id, taken }: Obtained,
  news: NetworkInputs,
): Promise<Network> {
  const deadline = Date.now() + allocationSeconds * 1000;
  for (;;) {
    const network = await context.managers.use((engine) =>
      api.inspectNetwork(engine, id, { signal: context.signal }),
    );
    if (isAllocated(network)) return network;
    if (Date.now() > deadline) break;
    context.progress("waiting for the managers to give it addresses");
    await delay(300, undefined, { signal: context.signal });
  }
  if (!taken) await removeNetwork(context, id, news.name ?? id);
  throw new Error(
    `network "${news.name ?? id}" got no addresses within ${allocationSeconds}s${taken ? "" : " and is removed again"}. ` +
      (news.subnets === undefined
        ? "The swarm's address pool (settings.defaultAddrPool) has no free range left: declare subnets, or remove a network."
        : `Its ranges are taken: ${news.subnets.map(({ subnet = "" }) => subnet).join(", ")}. Choose others.`),
  );
}

async function create(
  context: Context,
  news: NetworkInputs,
): Promise<{ id: string; state: NetworkState }> {
  const name = news.name ?? "";
  context.managers.invalidate("networks");
  await refuse(context, news);
  const find = async (): Promise<Network | undefined> =>
    (await listed(context)).find((network) => network.Name === name);
  if (news.encrypted === true && (await find()) === undefined) await tryEncryption(context, name);
  const obtained = await createOrAdopt(context, {
    noun: `network "${name}"`,
    kind: "networks",
    find,
    differences: (network: Network) => differences(network, news),
    idOf: (network) => network.Id,
    create: async (engine) => {
      const body = networkSpec(news) as unknown as NetworkCreateRequest;
      return (await api.createNetwork(engine, body, { signal: context.signal })).Id;
    },
    advice: `Docker cannot change a network: remove it (docker network rm ${name}), declare it as it is, or choose another name.`,
  });
  const network = await awaitAllocation(context, obtained, news);
  return { id: obtained.id, state: inputsOf(network, news) };
}

/** Removes a network once nothing is on it any more. */
export async function removeNetwork(context: Context, id: string, name: string): Promise<void> {
  await deleteWhenReleased(context, {
    noun: `network "${name}"`,
    remove: async () => {
      await context.managers.use((engine) =>
        api.removeNetwork(engine, id, { signal: context.signal }),
      );
    },
    isGone: isNotFound,
    holders: () => servicesUsing(context, "network", id),
  });
  context.managers.invalidate("networks");
}

/** A network of somebody else's that is not as declared. One that is may be what a run that was killed has left. */
function ofAnother({ name = "" }: NetworkInputs, found: Network, paths: string[]): Failure {
  const reason =
    `got "${name}"; expected a name that is free: ${ownedBy("network", found.Labels)} has that name and differs in ` +
    `${paths.sort().join(", ")}. Docker cannot change a network: choose another name, declare it as it is, or remove ` +
    `it (docker network rm ${name}).`;
  return { path: "name", reason };
}

/** Ranges that the managers, as they are to be, cannot give out. */
async function rangesWithoutEngine(context: Context, news: NetworkInputs): Promise<Failure[]> {
  if (news.ipv6 !== true) return [];
  const nodes = await ifReachable(() => context.managers.nodes(), []);
  const managers = [...context.roles].filter(([, role]) => role === "manager");
  const versions = declaredVersions(context);
  return ipv6Failures(news, nodes, { versions, managers: managers.map(([name]) => name) });
}

/**
 * What becomes of a network of the same stack that is there already. It stays when it is as declared; Docker cannot
 * change one, and everything on it would have to go first, which nobody expects of a takeover.
 */
async function resolve(
  { news, olds, replaced }: CheckRequest<NetworkInputs>,
  context: Context,
): Promise<CheckResult<NetworkInputs>> {
  const asDeclared = { inputs: news, failures: await rangesWithoutEngine(context, news) };
  if (asDeclared.failures.length > 0) return asDeclared;
  if (olds !== undefined || replaced?.name === news.name) return asDeclared;
  // What is not known yet cannot be compared; the run itself will.
  if (containsUnknown(news)) return asDeclared;
  const networks = await ifReachable(() => listed(context), []);
  const found = networks.find(({ Name }) => Name === news.name);
  if (found === undefined) return asDeclared;
  const noun = `network "${news.name ?? ""}"`;
  const paths = differences(found, news);
  const isOfStack = isOfSameStack(news.labels, found.Labels);
  if (paths.length === 0) {
    context.info(takeoverLine({ noun, isOfStack, paths, news }));
    return asDeclared;
  }
  if (!isOfStack) return { inputs: news, failures: [ofAnother(news, found, paths)] };
  const reason =
    `${noun} was made by docker stack deploy and differs in ${paths.join(", ")}; expected it as declared, because Docker cannot change a network. ` +
    `Declare it as it is, or take the stack down first (docker stack rm ${namespaceOf(news.labels) ?? ""}; its volumes stay).`;
  return { inputs: news, failures: [{ path: "", reason }] };
}

/** A network of the swarm. Every change makes a new one, after the old one is gone. */
export const networkType: ResourceType<NetworkInputs, NetworkState> = {
  token: "swarm:index:Network",
  description: "A network of the swarm, shared by services on all nodes.",
  inputs: schemaOf(networkTable),
  outputs: z.object({}),
  alwaysSet: ["name"],

  check: ({ news, name }) => {
    const inputs = { ...news, name: news.name ?? name };
    const { inputs: taken, warnings } = withoutEncryptedOption(inputs);
    return { inputs: taken, failures: checkNetwork(inputs), warnings };
  },

  diff: ({ old, news }) => ({
    changes: replacing(compareTable(networkTable, old, news)),
    deleteBeforeReplace: true,
  }),

  resolve,

  preview: async (news, old, context) => {
    if (old === undefined && context.isReplacement) await foretellNetwork(context, news.name ?? "");
    if (news.encrypted !== true) return news;
    for (const gap of await encryptionGaps(context))
      context.warn(
        `${gap}. Tasks of an encrypted network on it could not speak to those on other nodes. Boot a kernel that has it.`,
      );
    return news;
  },

  create,

  read: (context, id, known) =>
    readOrKnown(context, id, known, async () => {
      const all = await listed(context);
      const byId = all.find((network) => network.Id === id);
      const found = byId ?? (known === undefined ? all.find(({ Name }) => Name === id) : undefined);
      if (found?.Id === undefined) return undefined;
      const inputs = inputsOf(found, known?.inputs ?? {});
      return { id: found.Id, inputs, state: inputs };
    }),

  // Every change is a replacement, so there is nothing to change in place.
  update: (_context, _id, _old, news) => Promise.resolve(news),

  delete: async (context, id, old) => {
    const name = old.name ?? id;
    if (!belongsToAnother(context, `network "${name}"`, id)) await removeNetwork(context, id, name);
  },
};
