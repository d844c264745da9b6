/**
 * What runs → a stack file → what it declares. Does not prove: that Docker reads the file likewise (the recordings of
 * test/stack-cases hold the reader to that), nor that an engine has such a service.
 */
import fc from "fast-check";
import { liveService } from "../../../adoption/live";
import { prove } from "../../../adoption/proof";
import { setAt, type Tree } from "../../../provider/fields/paths";
import { withArguments } from "../../../provider/fields/table";
import { serviceTable } from "../../../provider/service/table";
import { declare } from "../../../stack-files/convert";
import { exportStack } from "../../../stack-files/export/export";
import type { ExportRequest } from "../../../stack-files/export/live";
import { readStackFiles } from "../../../stack-files/read";
import { references, rows } from "./services";

/** What `docker stack deploy` gives everything of the stack shop. */
const stacked = { "com.docker.stack.namespace": "shop" };

/** Arguments by row → a spec as the engine keeps it. */
function specOf(args: Readonly<Record<string, unknown>>, stack: string | undefined): Tree {
  const news: Tree = {};
  for (const [path, value] of Object.entries(args)) setAt(news, path, value);
  if (stack !== undefined) {
    const labels = { ...(news.labels as object), ...stacked, "com.docker.stack.image": news.image };
    Object.assign(news, { name: `${stack}_web`, labels });
    news.containerLabels = { ...(news.containerLabels as object), ...stacked };
    const networks = (news.networks ?? [{ target: "shop_default" }]) as { aliases?: string[] }[];
    news.networks = networks.map((one) => ({ ...one, aliases: [...(one.aliases ?? []), "web"] }));
  } else news.name = "web";
  return withArguments(serviceTable, {}, normal(news), references);
}

/** Without what no engine has together: it is refused, or says nothing beside the other. */
function normal(news: Tree): Tree {
  const { healthcheck, credentialSpec, ports, updateConfig } = news as Record<string, Tree>;
  const mode = typeof news.mode === "string" ? news.mode : "replicated";
  if (healthcheck?.disable === true) news.healthcheck = { disable: true };
  const [[key, value] = ["", ""]] = Object.entries(credentialSpec ?? {});
  if (credentialSpec !== undefined) news.credentialSpec = { [key]: value };
  if (mode.endsWith("-job")) {
    Reflect.deleteProperty(news, "updateConfig");
    Reflect.deleteProperty(news, "rollbackConfig");
    const policy = (news.restartPolicy ?? {}) as Tree;
    news.restartPolicy = { ...policy, condition: policy.condition ?? "on-failure" };
  }
  if (mode.startsWith("global")) Reflect.deleteProperty(news, "replicas");
  if (mode === "replicated-job") {
    news.replicas ??= 1;
    news.maxConcurrent ??= Math.max(Number(news.replicas), 1);
  }
  const isHost = JSON.stringify(ports ?? []).includes('"host"');
  // An ingress port has no address of a service that has none.
  if (
    JSON.stringify(ports ?? [])
      .replaceAll('"mode":"host"', "")
      .includes('target"')
  )
    Reflect.deleteProperty(news, "endpointMode");
  if (isHost) Reflect.deleteProperty(updateConfig ?? {}, "order");
  return news;
}

function requestOf(spec: Tree, stack: string | undefined): ExportRequest {
  const live = liveService({ Spec: spec }, references);
  const networks = stack === undefined ? [] : [{ name: "shop_default", labels: stacked }];
  return { services: [live], networks, configs: [], folder: "shop", ...(stack && { stack }) };
}

/** The spec that the exported file comes to, as a new service. */
function specOfFile(text: string, stack: string | undefined): Tree {
  const { model, findings } = readStackFiles({
    files: ["stack.yml"],
    disk: { home: "/", read: () => Buffer.from(text) },
    variables: {},
    environment: {},
    profiles: [],
  });
  if (model === undefined) throw new Error(JSON.stringify(findings));
  const names = { name: stack ?? "x", namespace: stack !== undefined };
  const args = declare(model, names).declaration.services.web?.args;
  return withArguments(serviceTable, {}, { ...args }, references);
}

const some = (from: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .subarray(Object.keys(from))
    .chain((keys) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, from[key] ?? fc.constant(0)]))),
    );

const image = rows.sayable.image ?? fc.constant("nginx");
const service = fc.tuple(image, some(rows.sayable as never), some(rows.dockersOwn as never));
const stack = fc.constantFrom("shop", undefined);

/** What Docker fills in, and the order of what has none, left out. */
function meaning(spec: Tree): Tree {
  const [own, ...sets] = ["ForceUpdate", "Platforms", "Constraints", "Networks", "Ports"];
  const walk = (value: unknown, key = ""): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((one) => walk(one));
      const isSet = [...sets, "Mounts", "Secrets", "Configs", "Ulimits", "Aliases"].includes(key);
      return isSet
        ? items
            .map((one) => JSON.stringify(one).replace(/ == | != /g, (sign) => sign.trim()))
            .sort()
        : items;
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([name]) => name !== own && name !== "Platforms");
    return Object.fromEntries(
      entries
        .map(([name, one]) => [name, walk(one, name)])
        .filter(([, one]) => !isNothing(one))
        .sort(),
    );
  };
  return walk(spec) as Tree;
}

/** Zero and nothing are the same to Docker, but in few places. */
function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

describe("a service as a stack file", () => {
  it("is the very same when it is read again, whatever a stack file can say of it", () => {
    fc.assert(
      fc.property(service, stack, ([shown, said, docker], owner) => {
        const spec = specOf({ ...said, ...docker, image: shown }, owner);
        const request = requestOf(spec, owner);
        const exported = exportStack(request);
        expect([exported.text, ...prove(exported, request).services]).toEqual([exported.text]);
        expect(meaning(specOfFile(exported.text, owner))).toEqual(meaning(spec));
      }),
      { numRuns: 150 },
    );
  });

  it.each(rows.unsayable)("or its export names what is missing: $paths", ({ args, paths }) => {
    fc.assert(
      fc.property(service, stack, ([shown, said], owner) => {
        const groups = new Set(Object.keys(args).map((path) => path.split(".")[0]));
        const others = Object.entries(said).filter(
          ([path]) =>
            !groups.has(path.split(".")[0]) && !["mode", "replicas", "env"].includes(path),
        );
        const spec = specOf({ ...Object.fromEntries(others), ...args, image: shown }, owner);
        const request = requestOf(spec, owner);
        const { services } = prove(exportStack(request), request);
        expect(services.get(owner === undefined ? "web" : "shop_web")).toEqual([...paths].sort());
      }),
      { numRuns: 10 },
    );
  });

  it("covers every property that a service has", () => {
    const covered = new Set([
      ...["name", ...Object.keys(rows.sayable), ...Object.keys(rows.dockersOwn)],
      ...rows.unsayable.flatMap(({ args }) => Object.keys(args)),
    ]);
    expect(Object.keys(serviceTable).filter((row) => !covered.has(row))).toEqual([]);
  });
});
