// Convention: `provider/<noun>/<noun>.ts` exports `<noun>Type` (`networkType`, `swarmType`, …); each is listed here.
import type { FunctionType } from "./function";
import { getNode } from "./functions/get-node";
import { getService } from "./functions/get-service";
import { getSwarm } from "./functions/get-swarm";
import { getTasks } from "./functions/get-tasks";
import { configType } from "./config/config";
import { containerType } from "./container/container";
import { hostType } from "./host/host";
import { namespaceType } from "./namespace/namespace";
import { networkType } from "./network/network";
import { nodeType } from "./node/node";
import { quorumType } from "./quorum/quorum";
import type { ResourceType } from "./resource";
import { secretType } from "./secret/secret";
import { serviceType } from "./service/service";
import { swarmType } from "./swarm/swarm";
import { volumeType } from "./volume/volume";

/** Any noun, whatever its inputs and state are. */
export type AnyResourceType = ResourceType<object, object>;

/** Every resource type that the provider serves, by name. */
export const resourceTypes: readonly AnyResourceType[] = [
  configType,
  containerType,
  hostType,
  namespaceType,
  networkType,
  nodeType,
  quorumType,
  secretType,
  serviceType,
  swarmType,
  volumeType,
];

/** Any function, whatever it asks for and answers. */
export type AnyFunctionType = FunctionType<object, object>;

/** Every function that the provider serves, by name. */
export const functionTypes: readonly AnyFunctionType[] = [getNode, getService, getSwarm, getTasks];
