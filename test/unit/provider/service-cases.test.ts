import { join } from "node:path";
import ts from "typescript";
import type { References } from "../../../provider/fields/form";
import { getAt, isTree, setAt } from "../../../provider/fields/paths";
import type { Tree } from "../../../provider/fields/paths";
import { argumentsOf, compareTable, withArguments } from "../../../provider/fields/table";
import { serviceInputs } from "../../../provider/service/arguments";
import { guardService } from "../../../provider/service/guards";
import { serviceTable } from "../../../provider/service/table";
import { cases, declaration, neverKept, newerFields } from "../../service-cases/cases";
import { rowChanges } from "../../service-cases/rows";

const references: References = {
  id: (_kind, name) => `ID of ${name}`,
  name: (_kind, id) => id.replace("ID of ", ""),
};
const initAt = "TaskTemplate.ContainerSpec.Init";
const replicasAt = "Mode.Replicated.Replicas";
const specOf = (declared: object): Tree =>
  withArguments(serviceTable, {}, declared as Tree, references);

/** Paths of everything that a spec says; lists have no numbers: `TaskTemplate.Networks[].Target`. */
function leaves(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) {
    const below = value.flatMap((item) => (isTree(item) ? leaves(item, `${path}[]`) : []));
    return below.length > 0 ? below : [path];
  }
  if (!isTree(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, item]) =>
    leaves(item, path === "" ? key : `${path}.${key}`),
  );
}

/** The same for Docker's own description of a ServiceSpec, as its SDK was generated from it. */
function documented(): string[] {
  const folder = join(__dirname, "../../../node_modules/@docker/node-sdk/lib/types");
  const file = join(folder, "ServiceSpec.ts");
  const program = ts.createProgram([file], {
    strict: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file}: cannot be read`);
  const walk = (type: ts.Type, path: string, depth: number): string[] => {
    const bare = checker.getNonNullableType(type);
    const element = checker.isArrayType(bare)
      ? checker.getTypeArguments(bare as ts.TypeReference)[0]
      : undefined;
    if (element !== undefined) {
      const below = walk(element, `${path}[]`, depth + 1);
      return below.length === 1 && below[0] === `${path}[]` ? [path] : below;
    }
    const isObject = (bare.flags & ts.TypeFlags.Object) !== 0;
    const properties = isObject ? bare.getProperties() : [];
    if (properties.length === 0 || depth > 9) return [path];
    return properties.flatMap((property) =>
      walk(
        checker.getTypeOfSymbol(property),
        path === "" ? property.name : `${path}.${property.name}`,
        depth + 1,
      ),
    );
  };
  const module = checker.getSymbolAtLocation(source);
  const [symbol] = module === undefined ? [] : checker.getExportsOfModule(module);
  if (symbol === undefined) throw new Error(`${file}: exports nothing`);
  // Docker's description writes HealthCheck, its engine answers Healthcheck.
  return walk(checker.getDeclaredTypeOfSymbol(symbol), "", 0)
    .map((path) => path.replace("HealthCheck", "Healthcheck"))
    .sort();
}

describe.each(Object.entries(cases))("the case %s", (name, one) => {
  const [from, to] = [declaration(one, "from"), declaration(one, "to")];

  it("is valid before and after", () => {
    for (const inputs of [from, to]) {
      expect(serviceInputs.safeParse(inputs).error).toBeUndefined();
      expect(guardService({ name, ...inputs })).toEqual([]);
    }
  });

  it("differs in exactly what it says", () => {
    expect(compareTable(serviceTable, from as Tree, to as Tree)).toEqual(one.changes);
  });

  it("comes back from Docker's spec as it was declared", () => {
    for (const declared of [from, to] as Tree[]) {
      const spec = specOf(declared);
      expect(
        compareTable(serviceTable, argumentsOf(serviceTable, spec, declared, references), declared),
      ).toEqual({});
      expect(
        compareTable(serviceTable, argumentsOf(serviceTable, spec, {}, references), declared),
      ).toEqual({});
    }
  });

  it("leaves nothing behind in Docker's spec when it is declared no more", () => {
    const bare = { image: "redis" };
    const left = withArguments(serviceTable, specOf(to), bare, references);
    // Docker's command line writes `Init: false` for whoever asks for nothing, so that one means nothing.
    if (getAt(left, initAt) === false) setAt(left, initAt, undefined);
    // One replica is what the engine makes of none said.
    if (getAt(left, replicasAt) === 1)
      setAt(getAt(left, "Mode.Replicated") as Tree, "Replicas", undefined);
    expect(left).toEqual({ ...specOf(bare), TaskTemplate: left.TaskTemplate });
    // Docker adds the placement's platforms and counts forced updates.
    const byDocker = ["Placement", "ForceUpdate"];
    const task = Object.entries(left.TaskTemplate as Tree).filter(
      ([key]) => !byDocker.includes(key),
    );
    expect(Object.fromEntries(task)).toEqual(specOf(bare).TaskTemplate);
  });

  it("is in Docker's words what it should be", () => {
    // The digest is a registry's to say.
    if (name !== "image") expect(specOf(to)).toMatchObject(one.docker);
  });
});

describe("the cases", () => {
  it("have every property of a service in them", () => {
    const declared = [
      ...Object.values(cases).flatMap((one) => [declaration(one, "from"), declaration(one, "to")]),
      newerFields.declared,
      neverKept.declared,
    ] as Tree[];
    const without = Object.keys(serviceTable).filter(
      (path) => !declared.some((inputs) => getAt(inputs, path) !== undefined),
    );
    expect(without).toEqual([]);
  });

  it("change every property alone somewhere, but for those that make a new service", () => {
    const changed = new Set(rowChanges(Infinity).map(({ name }) => name.split(" ").at(-1)));
    const without = Object.entries(serviceTable)
      .filter(([path, { replace }]) => replace !== true && !changed.has(path))
      .map(([path]) => path);
    expect(without).toEqual([]);
  });

  it("reach everything that Docker's API can say of a service", () => {
    const specs = [
      ...Object.values(cases).map((one) => declaration(one, "to")),
      { credentialSpec: { file: "f" } },
      newerFields.declared,
      neverKept.declared,
    ].map(specOf);
    const reached = new Set(
      specs
        .flatMap((spec) => leaves(spec))
        .flatMap((path) => {
          const parts = path.split(".");
          return parts.map((_, index) => parts.slice(0, index + 1).join("."));
        }),
    );
    const elsewhere = [
      /^Networks/, // Docker's older place for what TaskTemplate.Networks says; read, never written
      /^TaskTemplate\.(PluginSpec|NetworkAttachmentSpec|Runtime)/, // not services of containers
    ];
    const missing = documented().filter(
      (path) => !reached.has(path) && !elsewhere.some((pattern) => pattern.test(path)),
    );
    expect(missing).toEqual([]);
  });

  it("name a credential spec's config from the spec alone", () => {
    const knowsNothing = { ...references, name: (_kind: string, id: string) => id };
    const spec = specOf({ image: "redis", credentialSpec: { config: "C1" } });
    const found = argumentsOf(serviceTable, spec, {}, knowsNothing);
    expect(found.credentialSpec).toEqual({ config: "C1" });
    expect(found.configs).toBeUndefined();
  });

  it("know what newer engines can", () => {
    expect(specOf({ image: "redis", ...newerFields.declared })).toMatchObject(newerFields.docker);
  });

  it("know what no engine keeps, and have it refused", () => {
    const declared = { image: "redis", ...neverKept.declared };
    expect(specOf(declared)).toMatchObject(neverKept.docker);
    expect(guardService(declared).map(({ path }) => path)).toEqual(neverKept.paths);
    const defaults = { consistency: "default", bindCreateMountpoint: false } as const;
    const harmless = { type: "bind", source: "/srv", target: "/b", ...defaults } as const;
    expect(guardService({ image: "redis", mounts: [harmless] })).toEqual([]);
  });
});
