import type { Config, Network, Secret } from "@docker/node-sdk";
import type { Context } from "../context";
import type { ReferenceKind, References } from "../fields/form";

/** One thing that can be referred to. */
interface Named {
  readonly id: string;
  readonly name: string;
}

/** Names and ids out of lists. A name in the swarm goes before the same name on one node only. */
function referencesAmong(lists: Readonly<Record<ReferenceKind, readonly Named[]>>): References {
  return {
    id: (kind, name) => {
      const found = lists[kind].find((item) => item.name === name || item.id === name);
      if (found === undefined) {
        throw new Error(
          `${kind} "${name}" is not in the swarm. Declare it, or create it, before the service.`,
        );
      }
      return found.id;
    },
    name: (kind, id) => lists[kind].find((item) => item.id === id)?.name ?? id,
  };
}

/** Names of networks alone: enough to read a service, because Docker keeps the names of secrets and configs in it. */
export async function networkNames(context: Context): Promise<References> {
  const networks = (await context.managers.networks()).map(ofNetwork).sort(byScope);
  return referencesAmong({ network: networks, secret: [], config: [] });
}

/** Everything that a service can refer to, to write one. */
export async function allReferences(context: Context): Promise<References> {
  const { managers } = context;
  const [networks, secrets, configs] = await Promise.all([
    managers.networks(),
    managers.secrets(),
    managers.configs(),
  ]);
  return referencesAmong({
    network: networks.map(ofNetwork).sort(byScope),
    secret: secrets.map(ofPayload),
    config: configs.map(ofPayload),
  });
}

function ofNetwork({ Id, Name, Scope }: Network): Named & { scope: string } {
  return { id: Id ?? "", name: Name ?? "", scope: Scope ?? "" };
}

function byScope(one: { scope: string }, other: { scope: string }): number {
  return Number(other.scope === "swarm") - Number(one.scope === "swarm");
}

function ofPayload({ ID, Spec }: Secret | Config): Named {
  return { id: ID ?? "", name: Spec?.Name ?? "" };
}
