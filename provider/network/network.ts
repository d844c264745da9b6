import { setTimeout as delay } from "node:timers/promises";
import type { Network, NetworkCreateResponse } from "@docker/node-sdk";
import { isNotFound } from "../../hosts/engine";
import type { Context } from "../context";
import { createOrAdopt } from "../fields/adoption";
import { withoutReferences } from "../fields/form";
import type { Tree } from "../fields/paths";
import { argumentsOf, compareTable, schemaOf, withArguments } from "../fields/table";
import type { Arguments } from "../fields/table";
import { replacing } from "../fields/replacement";
import { readOrKnown } from "../reading";
import type { ResourceType } from "../resource";
import { z } from "zod";
import { deleteWhenReleased, servicesUsing } from "../fields/release";
import { checkNetwork } from "./check";
import { encryptionGaps, withoutEncryptedOption } from "./encryption";
import { isPredefined } from "./predefined";
import { conflicts, isAllocated } from "./room";
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

/** Waits until the network has addresses; one that gets none is removed again, because no task on it could start. */
async function awaitAllocation(
  context: Context,
  id: string,
  news: NetworkInputs,
): Promise<Network> {
  const deadline = Date.now() + allocationSeconds * 1000;
  for (;;) {
    const network = await context.managers.use((engine) =>
      engine.request<Network>("GET", `/networks/${id}`, { signal: context.signal }),
    );
    if (isAllocated(network)) return network;
    if (Date.now() > deadline) break;
    context.progress("waiting for the managers to give it addresses");
    await delay(300, undefined, { signal: context.signal });
  }
  await removeNetwork(context, id, news.name ?? id);
  throw new Error(
    `network "${news.name ?? id}" got no addresses within ${allocationSeconds}s and is removed again. ` +
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
  const spec = withArguments(networkTable, {}, news, withoutReferences);
  context.managers.invalidate("networks");
  await refuse(context, news);
  const { id } = await createOrAdopt(context, {
    noun: `network "${name}"`,
    kind: "networks",
    find: async () => (await listed(context)).find((network) => network.Name === name),
    differences: (network: Network) => differences(network, news),
    idOf: (network) => network.Id,
    create: async (engine) => {
      const body = { ...spec, Scope: "swarm", CheckDuplicate: true };
      const made = await engine.request<NetworkCreateResponse>("POST", "/networks/create", {
        body,
        signal: context.signal,
      });
      return made.Id;
    },
    advice: `Docker cannot change a network: remove it (docker network rm ${name}), declare it as it is, or choose another name.`,
  });
  return { id, state: inputsOf(await awaitAllocation(context, id, news), news) };
}

async function removeNetwork(context: Context, id: string, name: string): Promise<void> {
  await deleteWhenReleased(context, {
    noun: `network "${name}"`,
    remove: async () => {
      await context.managers.use((engine) =>
        engine.request("DELETE", `/networks/${id}`, { signal: context.signal }),
      );
    },
    isGone: isNotFound,
    holders: () => servicesUsing(context, "network", id),
  });
  context.managers.invalidate("networks");
}

/** A network of the swarm. Every change makes a new one, after the old one is gone. */
export const networkType: ResourceType<NetworkInputs, NetworkState> = {
  token: "swarm:index:Network",
  description: "A network of the swarm, shared by services on all nodes.",
  inputs: schemaOf(networkTable),
  outputs: z.object({}),

  check: ({ news, name }) => {
    const inputs = { ...news, name: news.name ?? name };
    const { inputs: taken, warnings } = withoutEncryptedOption(inputs);
    return { inputs: taken, failures: checkNetwork(inputs), warnings };
  },

  diff: ({ old, news }) => ({
    changes: replacing(compareTable(networkTable, old, news)),
    deleteBeforeReplace: true,
  }),

  preview: async (news, _old, context) => {
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

  delete: (context, id, old) => removeNetwork(context, id, old.name ?? id),
};
