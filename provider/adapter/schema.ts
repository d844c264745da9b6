import { z } from "zod";
import { functionTypes, type AnyFunctionType, type AnyResourceType } from "../types";
import type { ComponentsSchema } from "./components";
import { filledIn, SchemaTypes, type PulumiType } from "./schema-types";

/** What the schema is made of. */
export interface SchemaSource {
  readonly version: string;
  readonly types: readonly AnyResourceType[];
  /** The provider's own configuration. */
  readonly configuration: z.ZodObject;
  /** Made by the plugin for programs in other languages. */
  readonly components?: ComponentsSchema | undefined;
}

/** The provider's own, which no program sets. */
const INTERNAL_CONFIGURATION = ["leaving"];

/** Names of types that would otherwise be called after the place where they stand. */
const NAMES: Readonly<Record<string, string>> = {
  ProviderLoginJump: "ProviderJump",
  ProviderHostJump: "ProviderJump",
  ProviderSsh: "ProviderLogin",
  TasksTask: "Task",
};

/** The Pulumi schema of the package, from the nouns' own schemas. The same for the same sources, byte for byte. */
export function packageSchema(source: SchemaSource): object {
  const { version, types, configuration, components } = source;
  const named = new SchemaTypes(NAMES);
  const known = omit(configuration, INTERNAL_CONFIGURATION);
  const provider = named.objectOf(known, "input", "Provider");
  const resources = Object.fromEntries(
    types.map((type) => [type.token, resourceSchema(type, named)]),
  );
  const functions = Object.fromEntries(
    functionTypes.map((type) => [type.token, functionSchema(type, named)]),
  );
  return {
    name: "swarm",
    displayName: "Docker Swarm",
    version,
    description: "Docker Swarm from bare hosts to running stacks, previewed property by property",
    keywords: ["pulumi", "docker", "swarm", "kind/native", "category/infrastructure"],
    license: "Apache-2.0",
    meta: { moduleFormat: "(.*)", supportPack: true },
    language: {
      csharp: { respectSchemaVersion: true },
      go: { respectSchemaVersion: true, generateResourceContainerTypes: true },
      nodejs: { respectSchemaVersion: true },
      python: { respectSchemaVersion: true, pyproject: { enabled: true } },
    },
    config: { variables: provider.properties },
    types: { ...named.named, ...components?.types },
    provider: {
      description: "How to reach the machines of the swarm.",
      inputProperties: provider.properties,
      requiredInputs: provider.required,
    },
    resources: { ...resources, ...components?.resources },
    functions,
  };
}

function resourceSchema(type: AnyResourceType, named: SchemaTypes): object {
  const noun = type.token.split(":")[2] ?? type.token;
  const { internal = [], computed = [], alwaysSet = [], secretOutputs = [] } = type;
  const given = named.objectOf(type.inputs, "input", noun);
  const found = named.objectOf(omit(type.outputs, internal), "output", noun);
  const inputs = marked(without(given.properties, computed), secretOutputs);
  const all = { ...given.properties, ...found.properties };
  const required = [...filledIn(type.inputs), ...found.required, ...alwaysSet];
  return {
    description: type.description,
    inputProperties: inputs,
    requiredInputs: given.required.filter((key) => key in inputs),
    properties: marked(Object.fromEntries(Object.entries(all).map(asOutput)), secretOutputs),
    required: [...new Set(required)].sort(),
  };
}

/** Types are named after what is answered: `getTasks` answers a `Task`. */
function functionSchema(
  { token, description, inputs, outputs }: AnyFunctionType,
  named: SchemaTypes,
) {
  const noun = (token.split(":")[2] ?? token).replace(/^get/, "");
  const [given, found] = [
    named.objectOf(inputs, "input", noun),
    named.objectOf(outputs, "output", noun),
  ];
  return { description, inputs: given, outputs: found };
}

function marked(
  properties: Readonly<Record<string, PulumiType>>,
  secret: readonly string[],
): Record<string, PulumiType> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [
      key,
      secret.includes(key) ? { ...property, secret: true } : property,
    ]),
  );
}

/** What was found has no default. */
function asOutput([key, property]: [string, PulumiType]): [string, PulumiType] {
  return [key, without(property, ["default"])];
}

function without<T extends object>(properties: T, keys: readonly string[]): T {
  const entries = Object.entries(properties).filter(([key]) => !keys.includes(key));
  return Object.fromEntries(entries) as T;
}

function omit({ shape }: z.ZodObject, keys: readonly string[]): z.ZodObject {
  return z.object(without({ ...shape }, keys));
}
