import fc from "fast-check";
import { callsOf } from "../../../stack/calls";
import { declare } from "../../../stack-files/convert";
import type {
  AttachmentModel,
  DeployModel,
  FileModel,
  HealthcheckModel,
  MountModel,
  NetworkModel,
  PayloadModel,
  PolicyModel,
  PortModel,
  ServiceModel,
  StackModel,
  VolumeModel,
} from "../../../stack-files/model";
import { serviceModel, stackModel } from "./models";
import { refusalsOf } from "./refusals";

/** Mostly something good, seldom something that no engine takes. */
function mostly<Value>(good: readonly Value[], ...bad: readonly Value[]): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
}

/** Few, so that they collide. */
const keys = ["a", "b", "c", "web", "default", "constructor"] as const;
const key = fc.constantFrom(...keys);
const words = fc.array(fc.constantFrom("x", "", "--y=1"), { maxLength: 3 });
const texts = fc.dictionary(
  fc.constantFrom("k", "a.b", "Z", "__proto__"),
  fc.constantFrom("", "1", "ü"),
  { maxKeys: 3 },
);
const nanoseconds = fc.constantFrom(0, 1_000_000, 90e9);
const count = fc.constantFrom(0, 1, 2, 7);
const path = fc.constantFrom("/a", "/b", "/c", "C:\\d");

/** Any part of a record, the same for all: what is left out is left out. */
function some<Model extends object>(
  parts: { [Key in keyof Model]-?: fc.Arbitrary<NonNullable<Model[Key]>> },
  required: (keyof Model)[] = [],
): fc.Arbitrary<Model> {
  return fc.record(parts, { requiredKeys: required as never[] }) as unknown as fc.Arbitrary<Model>;
}

/** One of these words. */
const oneOf = (...known: string[]): fc.Arbitrary<string> => fc.constantFrom(...known);

const policy = some<PolicyModel>({
  parallelism: count,
  delay: nanoseconds,
  failureAction: oneOf("pause", "continue", "rollback"),
  monitor: nanoseconds,
  maxFailureRatio: fc.constantFrom(0, 0.5, 1),
  order: oneOf("stop-first", "start-first"),
});

const deploy = some<DeployModel>(
  {
    mode: oneOf("replicated", "global", "replicated-job", "global-job"),
    replicas: count,
    endpointMode: oneOf("vip", "dnsrr"),
    labels: texts,
    updateConfig: policy,
    rollbackConfig: policy,
    limits: some({
      nanoCpus: mostly([0, 1e6, 25e7], 1),
      memory: mostly([0, 2 ** 40], 1, 4_194_304),
      pids: fc.constantFrom(-1, 0, 5),
    }),
    reservations: some(
      {
        nanoCpus: fc.constantFrom(0, 1e6),
        memory: fc.constantFrom(0, 4_194_304, 2 ** 33),
        genericResources: fc.array(fc.record({ kind: key, value: count }), { maxLength: 2 }),
      },
      ["genericResources"],
    ),
    restartPolicy: some({
      condition: oneOf("none", "on-failure", "any"),
      delay: nanoseconds,
      maxAttempts: count,
      window: nanoseconds,
    }),
    placement: some(
      {
        constraints: fc.array(mostly(["node.role == manager", "a.b!=c"], "c1"), {
          maxLength: 2,
        }),
        preferences: fc.array(fc.constantFrom("node.labels.a", "b"), { maxLength: 2 }),
        maxReplicasPerNode: count,
      },
      ["constraints", "preferences"],
    ),
  },
  ["labels"],
);

const healthcheck = some<HealthcheckModel>({
  disable: fc.boolean(),
  test: fc.oneof(fc.constant(["CMD", "x"]), fc.constant(["NONE"]), fc.constant([])),
  interval: nanoseconds,
  timeout: nanoseconds,
  startPeriod: nanoseconds,
  startInterval: nanoseconds,
  retries: count,
});

const file = some<FileModel>(
  {
    source: key,
    target: path,
    uid: mostly(["0", "33", ""], "www-data"),
    gid: fc.constantFrom("0", "33"),
    mode: fc.constantFrom(0, 0o400, 0o444, 400),
  },
  ["source"],
);

const port = some<PortModel>(
  {
    target: fc.constantFrom(80, 81, 8000),
    published: fc.constantFrom(0, 80, 81, 443, 8080),
    protocol: oneOf("tcp", "udp"),
    mode: oneOf("ingress", "host"),
  },
  ["target"],
);

const mount = fc.oneof(
  fc.record({ type: fc.constant("volume"), source: key, target: path, volumeNoCopy: fc.boolean() }),
  fc.record({ type: fc.constant("volume"), target: path, readOnly: fc.boolean() }),
  fc.record({
    type: fc.constant("bind"),
    source: path,
    target: path,
    bindPropagation: oneOf("rslave"),
  }),
  fc.record({ type: fc.constant("tmpfs"), target: path, tmpfsSize: count, tmpfsMode: count }),
  fc.record({ type: fc.constant("cluster"), source: key, target: path }),
  fc.record({ type: fc.constant("image"), source: key, target: path }),
);
const attachment: fc.Arbitrary<AttachmentModel> = fc.record({
  aliases: fc.array(key, { maxLength: 2 }),
  driverOpts: texts,
});

const list = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> =>
  fc.array(item, { maxLength: 2 });
const service: fc.Arbitrary<ServiceModel> = some<ServiceModel>({
  image: fc.constantFrom("nginx", "r:5000/a/b:1@sha256:aa"),
  entrypoint: words,
  command: words,
  environment: fc.dictionary(fc.constantFrom("A", "B"), fc.constantFrom("", "1", null)),
  labels: texts,
  hostname: key,
  user: key,
  workingDir: path,
  tty: fc.boolean(),
  stdinOpen: fc.boolean(),
  readOnly: fc.boolean(),
  init: fc.boolean(),
  stopSignal: key,
  stopGracePeriod: nanoseconds,
  isolation: mostly(["default", "Process"], "other"),
  groupAdd: list(key),
  dns: list(fc.constantFrom("1.1.1.1", "8.8.8.8")),
  dnsSearch: list(key),
  dnsOptions: list(key),
  extraHosts: list(fc.constantFrom("1.2.3.4 a", "::1 b", "host-gateway c")),
  capAdd: list(fc.constantFrom("ALL", "CAP_KILL")),
  capDrop: list(fc.constantFrom("CAP_CHOWN")),
  sysctls: texts,
  ulimits: list(
    fc.record({
      name: fc.constantFrom("nofile", "core"),
      soft: fc.constantFrom(-1, 0, 9),
      hard: fc.constantFrom(-1, 9),
    }),
  ),
  logging: some({ driver: key, options: texts }, ["options"]),
  healthcheck,
  credentialSpec: mostly<{ config?: string; file?: string; registry?: string }>(
    [{ config: "a" }, { file: "f" }, { registry: "r" }],
    { file: "f", registry: "r" },
  ),
  networks: fc.dictionary(key, attachment, { maxKeys: 3 }),
  ports: list(port),
  mounts: list(mount as fc.Arbitrary<MountModel>),
  secrets: list(file),
  configs: list(file),
  dependsOn: fc.dictionary(key, fc.constant("service_started"), { maxKeys: 1 }),
  restart: fc.constantFrom("no", "always", "unless-stopped", "on-failure:3"),
  deploy,
}).map((given) => serviceModel(given));

const external = fc.record({
  external: fc.record({ name: mostly(["out", "elsewhere", "host"], "none") }),
});
const name = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 1e6 }).map((number) => `own-${number}`) },
  { weight: 1, arbitrary: fc.constantFrom("own", "bad.", "x".repeat(60)) },
);
const network: fc.Arbitrary<NetworkModel> = fc.oneof(
  external,
  some<Exclude<NetworkModel, { external: unknown }>>(
    {
      name,
      driver: fc.constantFrom("overlay", "macvlan"),
      driverOpts: fc.dictionary(fc.constantFrom("encrypted", "mtu"), fc.constantFrom("", "1")),
      attachable: fc.boolean(),
      internal: fc.boolean(),
      enableIpv6: fc.boolean(),
      labels: texts,
      ipam: some(
        {
          driver: fc.constantFrom("default"),
          options: texts,
          config: list(
            some(
              {
                subnet: mostly(["10.0.0.0/24"], "no"),
                gateway: mostly(["10.0.0.1"], "no"),
                ipRange: mostly(["10.0.0.0/25"], "10"),
                auxAddresses: fc.constant({ a: "10.0.0.9" }),
              },
              ["subnet"],
            ),
          ),
        },
        ["options", "config"],
      ),
    },
    ["driverOpts", "labels"],
  ),
);
const volume: fc.Arbitrary<VolumeModel> = fc.oneof(
  external,
  some<Exclude<VolumeModel, { external: unknown }>>(
    { name, driver: key, driverOpts: texts, labels: texts },
    ["driverOpts", "labels"],
  ),
);
const payload: fc.Arbitrary<PayloadModel> = fc.oneof(
  external,
  fc.record({
    content: fc.constantFrom(Buffer.from("x"), Buffer.from([0xff])),
    labels: texts,
    driverOpts: fc.constant({}),
    templateDriver: fc.constant("golang"),
  }),
  fc.record({ name, content: fc.constant(Buffer.from("y")), labels: texts, driverOpts: texts }),
);
/** All keys are there: what is referred to and missing has tests of its own. */
const entries = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> =>
  fc.record(Object.fromEntries(keys.map((each) => [each, value])));

const model: fc.Arbitrary<StackModel> = fc
  .record({
    services: fc.dictionary(key, service, { maxKeys: 2 }),
    networks: entries(network),
    volumes: entries(volume),
    secrets: entries(payload),
    configs: entries(payload),
  })
  .map((given) => stackModel(given));

/** What the reader of stack files says itself, before they are converted. */
const readers =
  /again, as in|with endpointMode "dnsrr"|number with mode "global|expected one of the three/;

/** The same value with the keys of all its records the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  const all = Object.entries(value).map(([name, inner]) => [name, turned(inner)]);
  return Object.fromEntries(all.reverse());
}

const hasError = ({ findings }: ReturnType<typeof declare>): boolean =>
  findings.some(({ severity }) => severity === "error");

describe("every stack", () => {
  it("that nothing is said against is one that the resources take", () => {
    let taken = 0;
    fc.assert(
      fc.property(model, (one) => {
        const declared = declare(one, { name: "shop" });
        if (hasError(declared)) return;
        taken += 1;
        const refusals = refusalsOf(declared.declaration).filter((one) => !readers.test(one));
        expect(refusals).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(400);
  });

  it("is the same in whatever order its files say it", () => {
    fc.assert(
      fc.property(model, (one) => {
        const [declared, again] = [one, turned(one) as StackModel].map((each) => {
          const { declaration, findings } = declare(each, { name: "shop" });
          const said = findings.map(({ path: at, message }) => `${at.join(".")} ${message}`);
          return {
            declaration,
            said: said.sort(),
            calls: hasError({ declaration, findings }) ? [] : callsOf(declaration),
          };
        });
        expect(JSON.stringify(again)).toBe(JSON.stringify(declared));
      }),
      { numRuns: 300 },
    );
  });
});
