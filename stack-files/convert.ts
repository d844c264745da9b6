import { Conversion } from "./convert/conversion";
import { checkNames } from "./convert/names";
import { declareNetworks } from "./convert/network";
import { declarePayloads } from "./convert/payload";
import { declareServices } from "./convert/service";
import type { StackDeclaration } from "./declaration";
import type { Finding } from "./finding";
import type { StackModel } from "./model";

/** How things of a stack are named in Docker. */
export interface StackNames {
  readonly name: string;
  /** @default true */
  readonly namespace?: boolean;
}

/** Stack files as resources, and what is wrong with them. */
export interface Declared {
  /** As far as it can be said; not to be made while there are errors. */
  readonly declaration: StackDeclaration;
  /** What Docker's CLI or the engine would refuse, or could never run. */
  readonly findings: readonly Finding[];
}

/**
 * Turns what stack files say into the arguments of resources, as `docker stack deploy` turns it into calls: names,
 * labels, the network `default`, and Docker's rules where two things of a file meet.
 *
 * @param stack - its name, which goes before every name in Docker; with `namespace: false` names are as the files have
 * them, and nothing gets a label, an alias or a network that they do not say
 * @see https://docs.docker.com/reference/compose-file/legacy-versions/
 */
export function declare(model: StackModel, { name, namespace = true }: StackNames): Declared {
  const conversion = new Conversion(name, model, namespace);
  const declaration: StackDeclaration = {
    networks: declareNetworks(conversion),
    secrets: declarePayloads(conversion, "secrets"),
    configs: declarePayloads(conversion, "configs"),
    services: declareServices(conversion),
  };
  checkNames(conversion, declaration);
  return { declaration, findings: conversion.findings };
}
