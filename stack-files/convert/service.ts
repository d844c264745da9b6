import type { ServiceArgs } from "../../resources/service";
import type { ServiceDeclaration } from "../declaration";
import type { ServiceModel } from "../model";
import { said } from "../said";
import { serviceMounts, servicePorts } from "./attachments";
import { containerArgs } from "./container";
import { filled, sortedRecord } from "./conversion";
import type { Conversion } from "./conversion";
import { deployArgs } from "./deploy";
import { serviceNetworks } from "./network";
import { serviceFiles } from "./payload";

/** Label of a service with its image as the file says it: Docker's CLI tells by it whether a tag was changed. */
export const imageLabel = "com.docker.stack.image";

type Args = ServiceArgs & { readonly name: string };

/** The services, by key. */
export function declareServices(conversion: Conversion): Record<string, ServiceDeclaration> {
  const entries = Object.entries(conversion.model.services).map(
    ([key, service]): [string, ServiceDeclaration] => [
      key,
      { args: serviceArgs(conversion, key, service), dependsOn: sortedRecord(service.dependsOn) },
    ],
  );
  return sortedRecord(Object.fromEntries(entries));
}

function serviceArgs(conversion: Conversion, key: string, service: ServiceModel): Args {
  const { image } = service;
  const own = conversion.isNamespaced ? { [imageLabel]: image } : {};
  const labels = { ...service.deploy.labels, ...own };
  const args = said({
    name: conversion.scoped(key),
    image,
    labels: conversion.labelled(labels),
    ...containerArgs(conversion, key, service),
    mounts: filled(serviceMounts(conversion, key, service)),
    secrets: filled(serviceFiles(conversion, key, "secrets", service.secrets)),
    configs: filled(serviceFiles(conversion, key, "configs", service.configs)),
    networks: filled(serviceNetworks(conversion, key, service)),
    ...deployArgs(conversion, key, service),
    ports: filled(servicePorts(service)),
  });
  checkJob(conversion, key, service, args);
  checkOrder(conversion, key, service);
  return args;
}

function checkJob(
  conversion: Conversion,
  key: string,
  { deploy, restart }: ServiceModel,
  { restartPolicy }: Args,
): void {
  const path = ["services", key, "deploy"];
  const { mode: word = "" } = deploy;
  if (!word.endsWith("-job")) return;
  const policies = { update_config: deploy.updateConfig, rollback_config: deploy.rollbackConfig };
  for (const [policy, value] of Object.entries(policies)) {
    if (value !== undefined)
      conversion.error(
        [...path, policy],
        `is not for mode "${word}": a job is not updated task by task. Leave it out.`,
      );
  }
  if (restartPolicy?.condition === "any") {
    const isPolicy = deploy.restartPolicy !== undefined;
    conversion.error(
      isPolicy ? [...path, "restart_policy", "condition"] : ["services", key, "restart"],
      `got ${isPolicy ? '"any"' : `"${restart ?? ""}"`} with mode "${word}"; expected "on-failure" or "none", because a job ends.`,
    );
  }
}

/** A port of the node is free only once the old task is gone; on every node there is one. */
function checkOrder(conversion: Conversion, key: string, { ports, deploy }: ServiceModel): void {
  const isHeld = ports.some(({ mode, published = 0 }) => mode === "host" && published !== 0);
  if (!isHeld || deploy.updateConfig?.order !== "start-first") return;
  const path = ["services", key, "deploy", "update_config", "order"];
  const got = 'got "start-first" with a published port of mode "host"';
  if (deploy.mode === "global")
    conversion.error(
      path,
      `${got} and mode "global"; expected "stop-first", because the old task holds the port that the new one waits for.`,
    );
  else
    conversion.warning(
      path,
      `${got}: an update waits for a node on which the port is free. Write "stop-first" where there may be none.`,
    );
}
