import type { ContainerInspectResponse } from "@docker/node-sdk";
import { withoutReferences } from "../fields/form";
import { argumentsOf } from "../fields/table";
import { digestOf, withoutPin } from "../workload/image";
import { conductKeys } from "./arguments";
import type { Asked, ContainerInputs, ContainerState, HostPort } from "./arguments";
import { definitionOf } from "./definition";
import type { Sight } from "./definition";
import { portOf } from "./port-row";
import { containerTable } from "./table";

/** What a container is asked to be. */
export function askedOf({ job }: Pick<ContainerInputs, "job">): Asked {
  return job === true ? "complete" : "running";
}

/** Where a container stands, in Docker's words; `complete` is a job that ended well. */
export function wordFor({ State: state }: ContainerInspectResponse, isJob: boolean): string {
  const { Status: status = "unknown", ExitCode: code = 0 } = state ?? {};
  const word: string = status;
  if (word !== "exited" && word !== "dead") return word;
  return isJob && code === 0 ? "complete" : `${word} (${code})`;
}

/** The arguments that a live container comes from, in the spelling of the known ones. */
export function inputsOf(sight: Sight, known: ContainerInputs): ContainerInputs {
  const wire = definitionOf(sight, known);
  const found: ContainerInputs = argumentsOf(containerTable, wire, known, withoutReferences);
  if (known.image === undefined && found.image !== undefined) found.image = withoutPin(found.image);
  const own = conductKeys.filter((key) => known[key] !== undefined);
  const conduct = Object.fromEntries(own.map((key) => [key, known[key]]));
  return { ...found, ...conduct, state: askedOf(known) };
}

/** Arguments and outputs of a live container. */
export function stateOf(sight: Sight, known: ContainerInputs): ContainerState {
  const { container } = sight;
  const digest = digestOf(String(definitionOf(sight, known).Image));
  return {
    ...inputsOf(sight, known),
    state: wordFor(container, known.job === true),
    containerId: container.Id ?? "",
    ...(digest === undefined ? {} : { imageDigest: digest }),
    publishedPorts: publishedPorts(container),
  };
}

function publishedPorts({ NetworkSettings: shown }: ContainerInspectResponse): HostPort[] {
  return Object.entries(shown?.Ports ?? {})
    .flatMap(([key, bindings]) =>
      ((bindings ?? []) as { HostIp?: string; HostPort?: string }[]).map(
        ({ HostIp: hostIp = "", HostPort: port = "0" }): HostPort => ({
          ...portOf(key),
          published: Number(port),
          hostIp,
        }),
      ),
    )
    .sort((one, other) => (textOf(one) < textOf(other) ? -1 : 1));
}

const textOf = ({ target, protocol, hostIp, published }: HostPort): string =>
  `${String(target).padStart(5, "0")}/${protocol} ${hostIp} ${published}`;
