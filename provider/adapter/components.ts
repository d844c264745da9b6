import type { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";

/** What a plugin serves of components: their part of the schema, and whoever makes them. */
export interface Components {
  /** `resources` and `types` of the schema, by token. */
  readonly schema: ComponentsSchema;
  /**
   * The engine's Construct: makes a component with everything that belongs to it, for a program in any language.
   *
   * @param engineAddress - `host:port` of the engine, for what is said to the user
   * @throws a gRPC error with a text for the user
   */
  construct(request: ConstructRequest, engineAddress: string): Promise<ConstructResponse>;
}

/** A part of Pulumi's schema. */
export interface ComponentsSchema {
  readonly resources: Readonly<Record<string, object>>;
  readonly types: Readonly<Record<string, object>>;
}
