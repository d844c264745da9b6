import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageSchema } from "../../../provider/adapter/schema";
import { labFreeSchema } from "../../../cluster/configuration";
import { resourceTypes } from "../../../provider/types";
import { Declarations, type Properties, type Shape } from "../../../schema/declarations";

/** A property, type or resource of the served schema, as far as it is compared. */
interface Part {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Part;
  readonly additionalProperties?: Part;
  readonly oneOf?: readonly Part[];
  readonly enum?: readonly { readonly value: string }[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly required?: readonly string[];
}

interface Resource extends Part {
  readonly inputProperties: Readonly<Record<string, Part>>;
  readonly requiredInputs: readonly string[];
}

interface Served {
  readonly types: Readonly<Record<string, Part>>;
  readonly provider: Resource;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly functions: Readonly<Record<string, { readonly inputs: Part; readonly outputs: Part }>>;
}

const folder = join(__dirname, "../../../resources");
const declarations = new Declarations(
  readdirSync(folder)
    .filter((name) => !name.startsWith("lab-"))
    .map((name) => join(folder, name)),
);
const served = packageSchema({
  version: "1.2.3",
  types: resourceTypes,
  configuration: labFreeSchema,
}) as Served;

/** A file is read by the program: to the provider its content is the value. */
const inProgramOnly = ["Secret.file", "Config.file"];

/** Without hosts there is only the default provider, which no program makes. */
const givenByPrograms = ["Provider.hosts"];

function served_(name: string): Resource {
  const found = name === "Provider" ? served.provider : served.resources[`swarm:index:${name}`];
  if (found === undefined) throw new Error(`the schema has no ${name}`);
  return found;
}

/** What is declared otherwise than it is served, a line each. */
function differences(
  declared: Properties,
  properties: Readonly<Record<string, Part>>,
  required: readonly string[],
  path: string,
): string[] {
  const keys = [...new Set([...Object.keys(declared), ...Object.keys(properties)])].sort();
  return keys.flatMap((key) => {
    const at = `${path}.${key}`;
    const [mine, theirs] = [declared[key], properties[key]];
    if (mine === undefined) return [`${at}: served, and not declared`];
    if (theirs === undefined) return inProgramOnly.includes(at) ? [] : [`${at}: not served`];
    const isRequired = required.includes(key);
    return [
      ...(mine.optional === isRequired && !givenByPrograms.includes(at)
        ? [`${at}: ${isRequired ? "must" : "need not"} be given`]
        : []),
      ...shapeDifferences(mine.shape, theirs, at),
    ];
  });
}

function shapeDifferences(shape: Shape, part: Part, at: string): string[] {
  const is = kindOf(part);
  if (shape.kind !== is.kind) return [`${at}: ${shape.kind}, served as ${is.kind}`];
  if (shape.kind === "words") {
    const words = (is.part.enum ?? []).map(({ value }) => value).sort();
    const same = JSON.stringify(words) === JSON.stringify(shape.words);
    return same ? [] : [`${at}: ${shape.words.join(" ")}, served as ${words.join(" ")}`];
  }
  if (shape.kind === "list" || shape.kind === "map") {
    const below = (shape.kind === "list" ? part.items : part.additionalProperties) ?? {};
    return shapeDifferences(shape.of, below, at);
  }
  if (shape.kind === "object") {
    const { properties = {}, required = [] } = is.part;
    return differences(declarations.propertiesOf(shape.name), properties, required, at);
  }
  if (shape.kind !== "either") return [];
  const others = [...(part.oneOf ?? [])];
  return shape.of.flatMap((one) => {
    const same = others.find((other) => kindOf(other).kind === one.kind);
    return same === undefined
      ? [`${at}: ${one.kind}, not served`]
      : shapeDifferences(one, same, at);
  });
}

function kindOf(part: Part): { readonly kind: Shape["kind"]; readonly part: Part } {
  if (part.oneOf !== undefined) return { kind: "either", part };
  if (part.$ref?.startsWith("#/types/") === true) {
    const type = served.types[part.$ref.slice("#/types/".length)] ?? {};
    return { kind: type.enum === undefined ? "object" : "words", part: type };
  }
  if (part.$ref !== undefined) return { kind: "anything", part };
  if (part.additionalProperties !== undefined) return { kind: "map", part };
  const kinds: Readonly<Record<string, Shape["kind"]>> = {
    string: "text",
    integer: "number",
    number: "number",
    boolean: "truth",
    array: "list",
  };
  return { kind: kinds[part.type ?? ""] ?? "anything", part };
}

describe("the resources of a program", () => {
  it("are those that are served", () => {
    const nouns = Object.keys(served.resources).map((token) => token.split(":")[2]);
    expect(declarations.classes).toEqual([...nouns, "Provider"].sort());
  });

  it.each(declarations.classes)(
    "%s takes what is served: names, types and what must be given",
    (name) => {
      const { inputProperties, requiredInputs } = served_(name);
      const args = declarations.propertiesOf(`${name}Args`);
      expect(differences(args, inputProperties, requiredInputs, name)).toEqual([]);
    },
  );

  it.each(declarations.classes.filter((name) => name !== "Provider"))(
    "%s has outputs that are served, and says which may be missing",
    (name) => {
      const { properties = {}, required = [] } = served_(name);
      const outputs = declarations.outputsOf(name);
      const known = Object.keys(outputs).map((key) => [key, properties[key] ?? {}] as const);
      expect(Object.keys(outputs).filter((key) => properties[key] === undefined)).toEqual([]);
      expect(differences(outputs, Object.fromEntries(known), required, name)).toEqual([]);
    },
  );
});

describe("the functions of a program", () => {
  it.each(Object.entries(served.functions))(
    "%s asks for and answers what is served",
    (token, { inputs, outputs }) => {
      const name = (token.split(":")[2] ?? "").replace(/^g/, "G");
      const args = declarations.has(`${name}Args`) ? declarations.propertiesOf(`${name}Args`) : {};
      expect(differences(args, inputs.properties ?? {}, inputs.required ?? [], name)).toEqual([]);
      const result = declarations.propertiesOf(`${name}Result`);
      expect(differences(result, outputs.properties ?? {}, outputs.required ?? [], name)).toEqual(
        [],
      );
    },
  );
});

describe("the served schema", () => {
  const all = [
    ...Object.entries(served.types),
    ...Object.entries({ ...served.resources, provider: served.provider }).flatMap(
      ([token, { inputProperties, ...one }]): [string, Part][] => [
        [token, one],
        [`${token} (inputs)`, { properties: inputProperties, description: "" }],
      ],
    ),
    ...Object.entries(served.functions).flatMap(
      ([token, { inputs, outputs }]): [string, Part][] => [
        [`${token} (inputs)`, inputs],
        [token, outputs],
      ],
    ),
  ];

  it("describes every property, and no words in its text that could be a type", () => {
    const texts = all.flatMap(([token, { properties = {} }]) =>
      Object.entries(properties).map(
        ([key, { description = "" }]) => `${token}.${key}: ${description}`,
      ),
    );
    expect(texts.length).toBeGreaterThan(250);
    expect(texts.filter((text) => text.endsWith(": ") || text.includes("One of"))).toEqual([]);
  });

  it("has nothing of the provider's own, and names that say what things are", () => {
    const text = JSON.stringify(served);
    for (const own of ["leaving", "registryLogin", '"declared"', "Item", "Value", "Output"])
      expect(text).not.toContain(own);
    expect(Object.keys(served.types).filter((token) => /\d/.test(token))).toEqual([]);
  });

  it("marks what is secret, going in and coming out", () => {
    const secretIn = (noun: string) =>
      Object.entries(served_(noun).inputProperties)
        .filter(([, property]) => "secret" in property)
        .map(([key]) => key);
    expect(secretIn("Secret")).toEqual(["value"]);
    expect(secretIn("Config")).toEqual([]);
    expect(secretIn("Swarm")).toEqual(["caKey"]);
    const login = served.types["swarm:index:ProviderLogin"]?.properties ?? {};
    const secrets = Object.keys(login).filter((key) => "secret" in (login[key] ?? {}));
    expect(secrets).toEqual(["privateKey", "passphrase", "password", "sudoPassword"]);
  });
});
