import { sameMeaning } from "../fields/form";
import { readOrKnown } from "../reading";
import type { ChangeKind, ResourceType } from "../resource";
import { containsUnknown, isUnknown, UNKNOWN } from "../value";
import { digestOf, isSameTag } from "../workload/image";
import { updateContainer } from "./acting";
import { containerInputs, containerOutputs } from "./arguments";
import type { ContainerInputs, ContainerState, HostPort } from "./arguments";
import { changesBetween } from "./changes";
import { foretellContainer } from "./consequences";
import { guardContainer } from "./guards";
import { engineOf, lookAt, lookFor, partsOf } from "./looking";
import { deleteContainer } from "./removal";
import { resolveContainer } from "./resolve";
import { askedOf, inputsOf, stateOf } from "./state";
import { containerTable } from "./table";
import { createContainer } from "./takeover";

function compare(old: ContainerState, news: ContainerInputs): Record<string, ChangeKind> {
  const changes = changesBetween(old, news);
  if (old.state !== news.state) changes.state = "update";
  return changes;
}

/** Ports as they will be published, where the old ones tell. */
function foreseenPorts(
  news: ContainerInputs,
  old: ContainerState | undefined,
): HostPort[] | undefined {
  if (containsUnknown(news.ports)) return undefined;
  if ((news.ports ?? []).length === 0) return [];
  const isSame = old && sameMeaning(containerTable.ports.form, old.ports ?? [], news.ports ?? []);
  return isSame === true && old.state === "running" ? old.publishedPorts : undefined;
}

/**
 * A plain container on one host, beside the swarm. Only what is declared, and Docker's documented defaults for the rest,
 * is compared; what comes from the image is the image's.
 *
 * @see https://docs.docker.com/reference/cli/docker/container/create/
 */
export const containerType: ResourceType<ContainerInputs, ContainerState> = {
  token: "swarm:index:Container",
  description: "A plain container on one host, beside the swarm.",
  inputs: containerInputs,
  outputs: containerOutputs,
  computed: ["state"],
  alwaysSet: ["name"],

  check: ({ news, name }, context) => {
    const { host = "" } = news;
    const isHost = isUnknown(host) || context.machines.has(host);
    const reason = `got "${host}"; expected one of the configured hosts: ${[...context.machines.names].sort().join(", ")}.`;
    const inputs = { ...news, name: news.name ?? name, state: askedOf(news) };
    return {
      inputs,
      failures: [...(isHost ? [] : [{ path: "host", reason }]), ...guardContainer(inputs)],
    };
  },

  resolve: resolveContainer,

  // Two containers can share neither a name nor a published port.
  diff: ({ old, news }) => ({ changes: compare(old, news), deleteBeforeReplace: true }),

  preview: async (news, old, context) => {
    await foretellContainer(context, news, old);
    const isSameImage =
      old?.image !== undefined && news.image !== undefined && isSameTag(old.image, news.image);
    const given = news.image === undefined ? undefined : digestOf(news.image);
    const digest = given ?? (isSameImage ? old.imageDigest : UNKNOWN);
    const foreseen = {
      state: news.state,
      containerId: old?.containerId ?? UNKNOWN,
      publishedPorts: foreseenPorts(news, old) ?? UNKNOWN,
      imageDigest: digest,
    };
    return foreseen as unknown as Partial<ContainerState>;
  },

  create: createContainer,

  read: (context, id, known) =>
    readOrKnown(context, id, known, async () => {
      const { host, container } = partsOf(id);
      const engine = engineOf(context, host);
      const byId = await lookAt(engine, container, context.signal);
      const isIt = byId?.container.Id === container;
      const byName =
        known === undefined && !isIt ? await lookFor(engine, container, context.signal) : undefined;
      const sight = isIt ? byId : byName;
      if (sight === undefined) return undefined;
      const declared = { ...known?.inputs, host };
      return {
        id: `${host}/${sight.container.Id ?? ""}`,
        inputs: inputsOf(sight, declared),
        state: stateOf(sight, declared),
      };
    }),

  update: (context, id, _old, news) => updateContainer(context, id, news),

  delete: deleteContainer,
};
