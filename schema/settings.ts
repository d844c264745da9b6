import { join } from "node:path";
import { componentChecks } from "../components/catalogue-args";
import { stackSchema } from "../components/stack-settings";
import { isMap } from "../settings/loose";
import { settingsSchema } from "../settings/schema";
import { Declarations } from "./declarations";
import { describe, jsonOf, type Json } from "./describe";

/** Where the configuration's doc comments are. */
const FILES = [
  "components/application.ts",
  "components/cluster-args.ts",
  "components/lab-args.ts",
  "components/stack-args.ts",
  "components/word-press-args.ts",
  "settings/schema.ts",
];

/** What a value is that Pulumi has encrypted. */
const SECURE = {
  type: "object",
  properties: {
    secure: { type: "string", description: "Written by `pulumi config set --secret`." },
  },
  required: ["secure"],
  additionalProperties: false,
};

/**
 * The JSON Schema of a stack's configuration file, for editors: the shapes are those that the program checks, the
 * descriptions are the doc comments of its arguments.
 *
 * @param root - folder of this project
 * @param hasLab - whether the lab's settings are part of it; the package has none
 */
export function settingsJsonSchema(root: string, hasLab: boolean): Json {
  const declarations = new Declarations(FILES.map((file) => join(root, file)));
  const all = jsonOf(settingsSchema);
  const properties = {
    ...(all.properties as Record<string, Json>),
    stacks: stacksOf(declarations),
  };
  describe({ ...all, properties }, declarations.propertiesOf("Settings"), declarations);
  if (!hasLab) dropLab(properties);
  const keys = Object.entries(properties).map(([key, part]) => {
    const { description, ...rest } = secured(part);
    const or = { anyOf: [rest, { $ref: "#/definitions/secure" }] };
    return [`swarm:${key}`, description === undefined ? or : { description, ...or }] as const;
  });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of a stack with a swarm",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys),
        // Other namespaces are not ours.
        patternProperties: { "^(?!swarm:)": {} },
        additionalProperties: false,
      },
    },
    definitions: { secure: SECURE },
  };
}

/** An application is one of three: files, a component with its arguments, or a program. */
function stacksOf(declarations: Declarations): Json {
  const files = jsonOf(stackSchema);
  describe(files, declarations.propertiesOf("StackArgs"), declarations);
  const components = Object.entries(componentChecks).map(([name, { schema }]) => {
    const json = jsonOf(schema);
    describe(json, declarations.propertiesOf(`${name}Args`), declarations);
    const properties = { component: { const: name }, ...(json.properties as Json) };
    return { ...json, properties, required: ["component"] };
  });
  const program = {
    type: "object",
    properties: { program: { type: "string" } },
    required: ["program"],
    additionalProperties: false,
  };
  describe(program, declarations.propertiesOf("ApplicationDeclaration"), declarations);
  return { type: "object", additionalProperties: { anyOf: [files, ...components, program] } };
}

/** Any text may be encrypted instead. */
function secured(json: Json): Json {
  if (json.type === "string" && json.enum === undefined && json.const === undefined) {
    const { description, ...rest } = json;
    const or = { anyOf: [rest, { $ref: "#/definitions/secure" }] };
    return description === undefined ? or : { description, ...or };
  }
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (key === "propertyNames") return [key, value];
      if (Array.isArray(value))
        return [key, value.map((one: unknown) => (isMap(one) ? secured(one) : one))];
      return [key, isMap(value) ? secured(value) : value];
    }),
  );
}

function dropLab(properties: Record<string, Json>): void {
  Reflect.deleteProperty(properties, "lab");
  const host = properties.hosts?.additionalProperties;
  if (isMap(host) && isMap(host.properties)) Reflect.deleteProperty(host.properties, "memory");
}
