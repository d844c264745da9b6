import type * as pulumi from "@pulumi/pulumi";
import type { Port } from "../resources/service-deployment";
import type { ServiceArgs } from "../resources/service";
import type { ExternalKind } from "./stack-bindings";
import type { StackObjects } from "./stack-objects";

/** A list of arguments. What a stack declares is plain; what a transform puts into it may be an output. */
type Entries<Entry> = pulumi.Input<pulumi.Input<Entry>[]> | undefined;

/** The arguments of a service with the resources' own names in place of those that the files come to. */
export function withNames(args: ServiceArgs, objects: Pick<StackObjects, "nameOf">): ServiceArgs {
  const config = args.credentialSpec?.config;
  return {
    ...args,
    ...named("networks", "target", args.networks, objects),
    ...named("secrets", "source", args.secrets, objects),
    ...named("configs", "source", args.configs, objects),
    ...(typeof config === "string"
      ? { credentialSpec: { ...args.credentialSpec, config: objects.nameOf("configs", config) } }
      : {}),
  };
}

function named<Entry extends object>(
  kind: ExternalKind,
  key: keyof Entry,
  entries: Entries<Entry>,
  objects: Pick<StackObjects, "nameOf">,
): Record<string, unknown> {
  if (!Array.isArray(entries)) return {};
  return {
    [kind]: entries.map((entry) => {
      const name: unknown = (entry as Entry)[key];
      return typeof name === "string"
        ? { ...(entry as Entry), [key]: objects.nameOf(kind, name) }
        : entry;
    }),
  };
}

/** TCP ports that a service has on every node. */
export function published({ ports }: ServiceArgs): number[] {
  if (!Array.isArray(ports)) return [];
  return (ports as readonly Port[])
    .filter(({ mode = "ingress", protocol = "tcp" }) => mode === "ingress" && protocol === "tcp")
    .flatMap(({ published: port }) => (typeof port === "number" && port > 0 ? [port] : []));
}
