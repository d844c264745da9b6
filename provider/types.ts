// Convention: `provider/<noun>/<noun>.ts` exports `<noun>Type` (`networkType`, `swarmType`, …); each is listed here.
import { configType } from "./config/config";
import { labMachineType } from "./lab-machine";
import { labServicesType } from "./lab-services";
import { networkType } from "./network/network";
import type { ResourceType } from "./resource";
import { secretType } from "./secret/secret";
import { serviceType } from "./service/service";
import { volumeType } from "./volume/volume";

/** Any noun, whatever its inputs and state are. */
export type AnyResourceType = ResourceType<object, object>;

/** Every resource type that the provider serves, by name. */
export const resourceTypes: readonly AnyResourceType[] = [
  configType,
  labMachineType,
  labServicesType,
  networkType,
  secretType,
  serviceType,
  volumeType,
];
