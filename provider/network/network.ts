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
import { networkTable } from "./table";

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
  return (await context.managers.networks()).filter((network) => network.Scope === "swarm");
}

async function create(
  context: Context,
  news: NetworkInputs,
): Promise<{ id: string; state: NetworkState }> {
  const name = news.name ?? "";
  const spec = withArguments(networkTable, {}, news, withoutReferences);
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
  const made = (await listed(context)).find((network) => network.Id === id);
  return { id, state: made === undefined ? news : inputsOf(made, news) };
}

/** A network of the swarm. Every change makes a new one, after the old one is gone. */
export const networkType: ResourceType<NetworkInputs, NetworkState> = {
  token: "swarm:index:Network",
  description: "A network of the swarm, shared by services on all nodes.",
  inputs: schemaOf(networkTable),
  outputs: z.object({}),

  check: ({ news, name }) => ({ inputs: { ...news, name: news.name ?? name }, failures: [] }),

  diff: ({ old, news }) => ({
    changes: replacing(compareTable(networkTable, old, news)),
    deleteBeforeReplace: true,
  }),

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
    await deleteWhenReleased(context, {
      noun: `network "${old.name ?? id}"`,
      remove: async () => {
        await context.managers.use((engine) =>
          engine.request("DELETE", `/networks/${id}`, { signal: context.signal }),
        );
      },
      isGone: isNotFound,
      holders: () => servicesUsing(context, "network", id),
    });
    context.managers.invalidate("networks");
  },
};
