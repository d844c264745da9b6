import { sameMeaning } from "../fields/form";
import { compareTable } from "../fields/table";
import { readOrKnown } from "../reading";
import type { ChangeKind, ResourceType } from "../resource";
import { isUnknown, UNKNOWN } from "../value";
import { createService, deleteService, updateService } from "./acting";
import { serviceInputs, serviceOutputs } from "./arguments";
import type { PublishedPort, ServiceInputs, ServiceState } from "./arguments";
import { foretellService, noteOwned } from "./consequences";
import { adviseService, guardService } from "./guards";
import { digestOf, isSameTag } from "../workload/image";
import { networkNames } from "./references";
import { resolveService } from "./resolve";
import { inputsOf, withOutputs } from "./state";
import { serviceTable } from "./table";

function compare(old: ServiceState, news: ServiceInputs): Record<string, ChangeKind> {
  const changes = compareTable(serviceTable, old, news);
  // The engine asks what happens to services when their network is replaced by making it unknown: a network can only
  // go when nothing uses it, so they go first and come back after it.
  if (isUnknown(news.networks) && old.networks !== undefined) changes.networks = "update-replace";
  if (old.rollout !== undefined) changes.rollout = "delete";
  if (news.registryLogin !== undefined && news.registryLogin !== old.registryLogin) {
    changes.registryLogin = old.registryLogin === undefined ? "add" : "update";
  }
  return changes;
}

/** As with Docker's command line and in stack files, a job that says nothing runs all its tasks at once. */
export function maxConcurrentOf({
  mode,
  replicas = 1,
  maxConcurrent,
}: ServiceInputs): number | undefined {
  if (mode !== "replicated-job" || maxConcurrent !== undefined) return maxConcurrent;
  return isUnknown(replicas) ? replicas : Math.max(replicas, 1);
}

/** Ports as they will be published, when the arguments alone tell. */
function foreseenPorts(news: ServiceInputs): PublishedPort[] | undefined {
  if (isUnknown(news.ports)) return undefined;
  const ports = news.ports ?? [];
  if (ports.some(({ published }) => published === undefined || published === 0)) return undefined;
  return ports.map(({ target = 0, published = 0, protocol = "tcp", mode = "ingress" }) => ({
    target,
    published,
    protocol,
    mode,
  }));
}

/**
 * A service of the swarm. Whatever the Engine API can say about one can be declared; only what is declared, and
 * Docker's documented defaults for the rest, is compared.
 *
 * @see https://docs.docker.com/reference/cli/docker/service/create/
 */
export const serviceType: ResourceType<ServiceInputs, ServiceState> = {
  token: "swarm:index:Service",
  description: "A service of the swarm: tasks of one image, kept running on its nodes.",
  inputs: serviceInputs,
  outputs: serviceOutputs,
  alwaysSet: ["name"],
  internal: ["registryLogin", "rollout"],

  check: ({ news, name }) => {
    const maxConcurrent = maxConcurrentOf(news);
    const concurrent = maxConcurrent === undefined ? {} : { maxConcurrent };
    const inputs = { ...news, ...concurrent, name: news.name ?? name };
    return { inputs, failures: guardService(inputs), warnings: adviseService(inputs) };
  },

  resolve: resolveService,

  // Two services can share neither a name nor a published port.
  diff: ({ old, news }) => ({ changes: compare(old, news), deleteBeforeReplace: true }),

  preview: async (news, old, context) => {
    await foretellService(context, news, old);
    const samePorts =
      old !== undefined && sameMeaning(serviceTable.ports.form, old.ports ?? [], news.ports ?? []);
    const ports = foreseenPorts(news) ?? (samePorts ? old.publishedPorts : UNKNOWN);
    const isSameImage =
      old?.image !== undefined && news.image !== undefined && isSameTag(old.image, news.image);
    const given = news.image === undefined ? undefined : digestOf(news.image);
    const digest = given ?? (isSameImage ? old.imageDigest : UNKNOWN);
    const foreseen = { publishedPorts: ports, imageDigest: digest, rollout: undefined };
    return foreseen as unknown as Partial<ServiceState>;
  },

  create: createService,

  read: (context, id, known) =>
    readOrKnown(context, id, known, async () => {
      noteOwned(context, known?.state.name);
      const [services, references] = await Promise.all([
        context.managers.services(),
        networkNames(context),
      ]);
      const byId = services.find((service) => service.ID === id);
      const byName = services.find((service) => service.Spec?.Name === id);
      const service = byId ?? (known === undefined ? byName : undefined);
      if (service?.ID === undefined) return undefined;
      const inputs = inputsOf(service, known?.inputs ?? {}, references);
      return { id: service.ID, inputs, state: withOutputs(service, inputs) };
    }),

  update: updateService,

  delete: deleteService,
};
