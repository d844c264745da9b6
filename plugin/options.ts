import * as pulumi from "@pulumi/pulumi";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";

/**
 * The options that a program gives a component: its parent and its providers, and what goes over to all that belongs to
 * it. Functions (transforms, hooks) stay in the program: its own SDK, or the engine, calls them.
 *
 * @param origins - URNs of what its inputs come from
 */
export function optionsOf(
  request: ConstructRequest,
  origins: readonly string[],
): pulumi.ComponentResourceOptions {
  const parent = request.getParent();
  const urns = [...new Set([...request.getDependenciesList(), ...origins])].sort();
  const dependsOn = urns.map((urn) => new pulumi.DependencyResource(urn));
  const protect = request.hasProtect() ? request.getProtect() : undefined;
  const retainOnDelete = request.hasRetainondelete() ? request.getRetainondelete() : undefined;
  const providers = [...request.getProvidersMap().entries()].map(
    ([name, reference]) => [name, new pulumi.DependencyProviderResource(reference)] as const,
  );
  return {
    ...(parent === "" ? {} : { parent: new pulumi.DependencyResource(parent) }),
    ...(protect === undefined ? {} : { protect }),
    ...(retainOnDelete === undefined ? {} : { retainOnDelete }),
    providers: Object.fromEntries(providers),
    dependsOn,
    transformations: dependsOn.length === 0 ? [] : [waitingFor(dependsOn)],
  };
}

/** All that belongs to the component goes before what the component waits for does. */
function waitingFor(dependsOn: pulumi.Resource[]): pulumi.ResourceTransformation {
  return ({ props, opts }) => ({ props, opts: pulumi.mergeOptions(opts, { dependsOn }) });
}
