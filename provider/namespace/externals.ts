import type { Failure } from "../resource";
import { containsUnknown } from "../value";
import type { Seen } from "./others";

/** What a stack uses and does not make. */
export interface External {
  readonly kind: "network" | "secret" | "config";
  /** Name in Docker. */
  readonly name: string;
  /** What the stack's files call it. */
  readonly key: string;
}

/** What may be shown on a terminal as it is. */
const speakable = /^[\w.-]+$/;

/** How each can be made by hand. */
const commands = {
  network: (name: string) => `docker network create --driver overlay ${name}`,
  secret: (name: string) => `docker secret create ${name} FILE`,
  config: (name: string) => `docker config create ${name} FILE`,
} as const;

const bindings = {
  network: (key: string) => `networks: { ${key}: NAME }`,
  secret: (key: string) => `secrets: { ${key}: { generate: 32 } }`,
  config: (key: string) => `configs: { ${key}: { file: PATH } }`,
} as const;

/** What is not in the swarm of what has to be. A network on one node alone is none that services can use. */
export function missingExternals(
  { networks, secrets, configs }: Pick<Seen, "networks" | "secrets" | "configs">,
  externals: readonly External[],
): Failure[] {
  const known = {
    network: networks.filter(({ Scope }) => Scope === "swarm").map(({ Name }) => Name),
    secret: secrets.map(({ Spec }) => Spec?.Name),
    config: configs.map(({ Spec }) => Spec?.Name),
  };
  return [...externals.entries()].flatMap(([index, { kind, name, key }]) => {
    if (containsUnknown([kind, name, key]) || known[kind].includes(name)) return [];
    if (![name, key].every((word) => speakable.test(word)))
      return [
        {
          path: `externals[${index}]`,
          reason: `got a ${kind} whose name no ${kind} in Docker can have; expected letters, digits and . _ -`,
        },
      ];
    const reason =
      `got ${kind} "${name}", which the files call external and which is not in the swarm; expected it there. ` +
      `Give it to the stack (${bindings[kind](key)}), or make it by hand first (${commands[kind](name)}).`;
    return [{ path: `externals[${index}]`, reason }];
  });
}
