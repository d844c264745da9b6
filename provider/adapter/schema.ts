import { z } from "zod";
import type { AnyResourceType } from "../types";

/** A JSON Schema, as far as it is read here. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly secret?: boolean;
}

/** A property or type of a Pulumi schema. Rule: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/ */
interface PulumiType {
  type?: string;
  $ref?: string;
  items?: PulumiType;
  additionalProperties?: PulumiType;
  oneOf?: PulumiType[];
  description?: string;
  default?: unknown;
  secret?: boolean;
}

interface PulumiObject {
  readonly type: "object";
  readonly properties: Readonly<Record<string, PulumiType>>;
  readonly required: readonly string[];
  readonly description?: string;
}

const ANY: PulumiType = { $ref: "pulumi.json#/Any" };
const PRIMITIVES = new Set(["string", "number", "integer", "boolean"]);

/** What the schema is made of. */
export interface SchemaSource {
  readonly version: string;
  readonly types: readonly AnyResourceType[];
  /** The provider's own configuration. */
  readonly configuration: z.ZodObject;
}

/** The Pulumi schema of the package, from the nouns' own schemas. Nested objects become types with names of their own. */
export function packageSchema({ version, types, configuration }: SchemaSource): object {
  const named: Record<string, PulumiObject> = {};
  const provider = objectOf(jsonSchema(configuration, "input"), "ProviderConfig", named);
  const resources = Object.fromEntries(
    types.map((type) => [type.token, resourceSchema(type, named)]),
  );
  return {
    name: "swarm",
    version,
    description: "Docker Swarm from bare hosts to running stacks, previewed property by property",
    license: "Apache-2.0",
    types: named,
    provider: {
      description: "How to reach the machines of the swarm.",
      inputProperties: provider.properties,
      requiredInputs: provider.required,
    },
    resources,
  };
}

function resourceSchema(type: AnyResourceType, named: Record<string, PulumiObject>): object {
  const noun = type.token.split(":")[2] ?? type.token;
  const inputs = objectOf(jsonSchema(type.inputs, "input"), noun, named);
  const outputs = objectOf(jsonSchema(type.outputs, "output"), `${noun}Output`, named);
  const secret = new Set(type.secretOutputs);
  const properties = Object.fromEntries(
    Object.entries({ ...inputs.properties, ...outputs.properties }).map(([key, property]) => {
      const output = { ...property };
      Reflect.deleteProperty(output, "default");
      return [key, secret.has(key) ? { ...output, secret: true } : output];
    }),
  );
  return {
    description: type.description,
    inputProperties: inputs.properties,
    requiredInputs: inputs.required,
    properties,
    required: [...new Set([...inputs.required, ...outputs.required])].sort(),
  };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonSchema;
}

function objectOf(
  schema: JsonSchema,
  name: string,
  named: Record<string, PulumiObject>,
): PulumiObject {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([key, property]) => [
      key,
      propertyOf(property, `${name}${capital(key)}`, named),
    ]),
  );
  return {
    type: "object",
    properties,
    required: [...(schema.required ?? [])].sort(),
    ...(schema.description === undefined ? {} : { description: schema.description }),
  };
}

function propertyOf(
  schema: JsonSchema,
  name: string,
  named: Record<string, PulumiObject>,
): PulumiType {
  const property: PulumiType = { ...typeOf(schema, name, named) };
  const choice = schema.enum === undefined ? "" : `One of ${schema.enum.map(String).join(", ")}.`;
  const description = [schema.description, choice].filter(Boolean).join(" ");
  if (description !== "") property.description = description;
  if (schema.secret === true) property.secret = true;
  const isPlain = property.type !== undefined && PRIMITIVES.has(property.type);
  if (isPlain && schema.default !== undefined) property.default = schema.default;
  return property;
}

function typeOf(schema: JsonSchema, name: string, named: Record<string, PulumiObject>): PulumiType {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined)
    return unionOf(alternatives.map((one, i) => typeOf(one, `${name}${i + 1}`, named)));
  if (schema.const !== undefined) return { type: typeof schema.const };
  if (Array.isArray(schema.type))
    return unionOf(schema.type.map((type: string) => typeOf({ ...schema, type }, name, named)));
  if (schema.type === "array")
    return { type: "array", items: typeOf(schema.items ?? {}, `${name}Item`, named) };
  if (schema.type === "object") return objectType(schema, name, named);
  return typeof schema.type === "string" && PRIMITIVES.has(schema.type)
    ? { type: schema.type }
    : ANY;
}

function objectType(
  schema: JsonSchema,
  name: string,
  named: Record<string, PulumiObject>,
): PulumiType {
  if (schema.properties === undefined) {
    const { additionalProperties } = schema;
    const value = typeof additionalProperties === "object" ? additionalProperties : {};
    return { type: "object", additionalProperties: typeOf(value, `${name}Value`, named) };
  }
  const token = `swarm:index:${name}`;
  named[token] = objectOf(schema, name, named);
  return { type: "object", $ref: `#/types/${token}` };
}

function unionOf(types: readonly PulumiType[]): PulumiType {
  const different = [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
  return different.length === 1 ? (different[0] ?? ANY) : { oneOf: different };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
