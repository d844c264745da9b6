import { z } from "zod";

/** A JSON Schema, as far as it is read here. */
export interface JsonSchema {
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
  /** What a nested object is called, where it has a name of its own. */
  readonly title?: string;
}

/** A property of a Pulumi schema. Rule: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/ */
export interface PulumiType {
  type?: string;
  $ref?: string;
  items?: PulumiType;
  additionalProperties?: PulumiType;
  oneOf?: PulumiType[];
  description?: string;
  default?: unknown;
  secret?: boolean;
}

/** Properties with a name in common. */
export interface PulumiObject {
  readonly type: "object";
  readonly properties: Readonly<Record<string, PulumiType>>;
  readonly required: readonly string[];
  readonly description?: string;
}

/** Words that a text may be. */
interface PulumiEnum {
  readonly type: "string";
  readonly enum: readonly { readonly name: string; readonly value: string }[];
}

const ANY: PulumiType = { $ref: "pulumi.json#/Any" };
const PRIMITIVES = new Set(["string", "number", "integer", "boolean"]);

/** Turns the nouns' own schemas into Pulumi's, in which every nested object and every choice of words has a name. */
export class SchemaTypes {
  /** By token, sorted. */
  get named(): Record<string, PulumiObject | PulumiEnum> {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  readonly #named = new Map<string, PulumiObject | PulumiEnum>();
  readonly #names: Readonly<Record<string, string>>;

  /** @param names - of types that would be called otherwise */
  constructor(names: Readonly<Record<string, string>>) {
    this.#names = names;
  }

  /** @param name - what the names of nested types begin with */
  objectOf(schema: z.ZodType, io: "input" | "output", name: string): PulumiObject {
    return this.objectIn(jsonSchema(schema, io), name);
  }

  /** The same of a JSON Schema. */
  objectIn(schema: JsonSchema, name: string): PulumiObject {
    return this.#object(schema, name);
  }

  #object(schema: JsonSchema, name: string): PulumiObject {
    const properties = Object.entries(schema.properties ?? {}).map(
      ([key, property]) => [key, this.#property(property, `${name}${capital(key)}`)] as const,
    );
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      required: [...(schema.required ?? [])].sort(),
      ...(schema.description === undefined ? {} : { description: schema.description }),
    };
  }

  #property(schema: JsonSchema, name: string): PulumiType {
    const property: PulumiType = { ...this.#type(schema, name) };
    if (schema.description !== undefined) property.description = schema.description;
    if (schema.secret === true) property.secret = true;
    const isPlain = schema.type !== undefined && PRIMITIVES.has(String(schema.type));
    if (isPlain && schema.default !== undefined) property.default = schema.default;
    return property;
  }

  #type(schema: JsonSchema, name: string): PulumiType {
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives !== undefined)
      return unionOf(alternatives.map((one) => this.#type(one, name)));
    if (schema.const !== undefined) return { type: typeof schema.const };
    if (schema.enum !== undefined) return this.#choice(schema, name);
    if (Array.isArray(schema.type))
      return unionOf(schema.type.map((type: string) => this.#type({ ...schema, type }, name)));
    if (schema.type === "array")
      return { type: "array", items: this.#type(schema.items ?? {}, singular(name)) };
    if (schema.type === "object") return this.#map(schema, name);
    return typeof schema.type === "string" && PRIMITIVES.has(schema.type)
      ? { type: schema.type }
      : ANY;
  }

  #map(schema: JsonSchema, name: string): PulumiType {
    if (schema.properties !== undefined) {
      const { title } = schema;
      const own = title ?? this.#names[name] ?? name;
      // What has a name of its own may stand in several places, and is described in each.
      const one = title === undefined ? schema : unnamed(schema);
      return this.#reference("object", own, this.#object(one, own));
    }
    const { additionalProperties } = schema;
    const value = typeof additionalProperties === "object" ? additionalProperties : {};
    return { type: "object", additionalProperties: this.#type(value, singular(name)) };
  }

  /** Two properties may share a choice: each has its description for itself. */
  #choice({ enum: words = [] }: JsonSchema, name: string): PulumiType {
    const values = words.map(String);
    return this.#reference("string", this.#names[name] ?? name, {
      type: "string",
      enum: values.map((value) => ({ name: wordName(value), value })),
    });
  }

  #reference(type: string, name: string, named: PulumiObject | PulumiEnum): PulumiType {
    const token = `swarm:index:${name}`;
    const before = this.#named.get(token);
    // Two properties may share a type, but never a name alone.
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(named))
      throw new Error(`schema: two types are called ${token}; expected a name of its own for each`);
    this.#named.set(token, named);
    return { type, $ref: `#/types/${token}` };
  }
}

/** Properties of an object that are there once its defaults are filled in. */
export function filledIn(schema: z.ZodType): readonly string[] {
  return jsonSchema(schema, "output").required ?? [];
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonSchema;
}

function unionOf(types: readonly PulumiType[]): PulumiType {
  const different = [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
  return different.length === 1 ? (different[0] ?? ANY) : { oneOf: different };
}

/** What one of them is called: `ServicePorts` → `ServicePort`. */
function singular(name: string): string {
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`;
  return /[^s]s$/.test(name) ? name.slice(0, -1) : `${name}Item`;
}

/** `on-failure` → `OnFailure`. */
function wordName(word: string): string {
  return word
    .split(/[^A-Za-z0-9]+/)
    .map(capital)
    .join("");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unnamed(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).filter(
    ([key]) => key !== "title" && key !== "description",
  );
  return Object.fromEntries(entries);
}
