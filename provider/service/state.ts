import type { Service } from "@docker/node-sdk";
import type { References } from "../fields/form";
import type { Tree } from "../fields/paths";
import { argumentsOf } from "../fields/table";
import { conductKeys } from "./arguments";
import type { PublishedPort, ServiceInputs, ServiceState } from "./arguments";
import { digestOf, withoutPin } from "../workload/image";
import { stoppedByDocker } from "./rollout";
import { serviceTable } from "./table";

/** The arguments that a live service comes from, in the spelling of the known ones. */
export function inputsOf(
  service: Service,
  known: ServiceInputs,
  references: References,
): ServiceInputs {
  const spec = (service.Spec ?? {}) as Tree;
  const found: ServiceInputs = argumentsOf(serviceTable, spec, known, references);
  if (known.image === undefined && found.image !== undefined) found.image = withoutPin(found.image);
  const own = conductKeys.filter((key) => known[key] !== undefined);
  return { ...found, ...Object.fromEntries(own.map((key) => [key, known[key]])) };
}

/** Arguments and outputs of a live service. */
export function stateOf(
  service: Service,
  known: ServiceInputs,
  references: References,
): ServiceState {
  return withOutputs(service, inputsOf(service, known, references));
}

/** The arguments that a live service comes from, and its outputs. */
export function withOutputs(service: Service, inputs: ServiceInputs): ServiceState {
  const imageDigest = digestOf(service.Spec?.TaskTemplate?.ContainerSpec?.Image ?? "");
  const stopped = stoppedByDocker(service);
  const isPaused = stopped !== undefined && service.UpdateStatus?.State === "paused";
  return {
    ...inputs,
    ...(imageDigest === undefined ? {} : { imageDigest }),
    publishedPorts: publishedPorts(service),
    ...(isPaused ? { rollout: stopped } : {}),
  };
}

/** Ports as Docker has published them, with those that it picked. */
export function publishedPorts({ Endpoint: endpoint }: Service): PublishedPort[] {
  return (endpoint?.Ports ?? []).map((port) => ({
    target: port.TargetPort ?? 0,
    published: port.PublishedPort ?? 0,
    protocol: port.Protocol ?? "tcp",
    mode: port.PublishMode ?? "ingress",
  }));
}
