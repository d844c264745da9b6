import type { NetworkArgs } from "../resources/network";
import type { PayloadArgs } from "../resources/payload";
import type { SecretArgs } from "../resources/secret";
import type { ServiceArgs } from "../resources/service";
import type { External } from "./model";

/**
 * What a stack declares, as arguments of resources, by the keys of its files, sorted. Services refer to networks,
 * secrets and configs by their names in Docker (`shop_front`): whoever makes the resources puts the outputs of those
 * that are the stack's own in their place.
 */
export interface StackDeclaration {
  readonly networks: Readonly<Record<string, External | Own<NetworkArgs>>>;
  readonly secrets: Readonly<Record<string, External | Own<Omit<SecretArgs, "file">>>>;
  readonly configs: Readonly<Record<string, External | Own<Omit<PayloadArgs, "file">>>>;
  readonly services: Readonly<Record<string, ServiceDeclaration>>;
}

/** An object that the stack makes. `args.name` is its name in Docker. */
export interface Own<Args> {
  readonly args: Args & { readonly name: string };
}

export interface ServiceDeclaration {
  readonly args: ServiceArgs & { readonly name: string };
  /** Keys of services → `service_started`, `service_healthy` or `service_completed_successfully`. */
  readonly dependsOn: Readonly<Record<string, string>>;
}
