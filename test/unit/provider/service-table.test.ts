import fc from "fast-check";
import type { References } from "../../../provider/fields/form";
import { argumentsOf, compareTable, withArguments } from "../../../provider/fields/table";
import type { Tree } from "../../../provider/fields/paths";
import { serviceInputs } from "../../../provider/service/arguments";
import { serviceTable } from "../../../provider/service/table";
import { UNKNOWN } from "../../../provider/value";

const references: References = {
  id: (kind, name) => `${kind}-id-of-${name}`,
  name: (kind, id) => id.replace(`${kind}-id-of-`, ""),
};

const spec = (inputs: Tree): Tree => withArguments(serviceTable, {}, inputs, references);
const read = (wire: Tree, known: Tree = {}): Tree =>
  argumentsOf(serviceTable, wire, known, references);
const compare = (old: Tree, news: Tree) => compareTable(serviceTable, old, news);

const port = (published: number) => ({ target: 7000, published });
const several = (published: readonly number[]) => published.map(port);

const minimal = { name: "web", image: "nginx:1.27" };

describe("the spec of a service", () => {
  it("has constraints as they are written, and leaves those that mean the same as they are", () => {
    const written = { ...minimal, placement: { constraints: ["node.role == manager", "a!=b"] } };
    const live = spec(written);
    expect(live).toMatchObject({
      TaskTemplate: { Placement: { Constraints: ["node.role == manager", "a!=b"] } },
    });
    const respelled = { ...minimal, placement: { constraints: ["a != b", "node.role==manager"] } };
    expect(withArguments(serviceTable, live, respelled as Tree, references)).toEqual(live);
  });

  it("says what is declared of Docker's defaults, as Docker's own command does, but only when it is new", () => {
    const said = {
      ...minimal,
      replicas: 1,
      stopGracePeriod: "10s",
      updateConfig: { order: "stop-first" },
    };
    const made = spec(said);
    expect(made).toMatchObject({
      Mode: { Replicated: { Replicas: 1 } },
      TaskTemplate: { ContainerSpec: { StopGracePeriod: 10_000_000_000 } },
      UpdateConfig: { Order: "stop-first", Parallelism: 1 },
    });
    const live = spec(minimal);
    expect(withArguments(serviceTable, live, said as Tree, references)).toEqual(live);
  });

  it("holds nothing that was not asked for, but the mode", () => {
    expect(spec(minimal)).toEqual({
      Name: "web",
      TaskTemplate: { ContainerSpec: { Image: "nginx:1.27" } },
      Mode: { Replicated: {} },
    });
  });

  it("says how many tasks are updated at a time as soon as it says anything of updates", () => {
    expect(spec({ ...minimal, updateConfig: { delay: "10s" } }).UpdateConfig).toEqual({
      Parallelism: 1,
      Delay: 10e9,
    });
  });

  it.each<[string, Tree, unknown]>([
    ["replicated", { mode: "replicated", replicas: 3 }, { Replicated: { Replicas: 3 } }],
    ["nothing", { replicas: 0 }, { Replicated: { Replicas: 0 } }],
    ["global", { mode: "global" }, { Global: {} }],
    [
      "a job",
      { mode: "replicated-job", replicas: 5, maxConcurrent: 2 },
      { ReplicatedJob: { TotalCompletions: 5, MaxConcurrent: 2 } },
    ],
    ["a global job", { mode: "global-job" }, { GlobalJob: {} }],
  ])("has the mode of %s", (_what, inputs, mode) => {
    expect(spec({ ...minimal, ...inputs }).Mode).toEqual(mode);
  });

  it("keeps what is as asked for byte for byte, and what it knows nothing of", () => {
    const live = {
      Name: "web",
      TaskTemplate: {
        ContainerSpec: { Image: "nginx:1.27", Env: ["B=2", "A=1"], StopGracePeriod: 10e9 },
        Runtime: "container",
        Placement: { Platforms: [{ OS: "linux", Architecture: "amd64" }] },
        ForceUpdate: 3,
      },
      Mode: { Replicated: { Replicas: 2 } },
    };
    const news = { ...minimal, env: { A: "1", B: "2" }, replicas: 4 };
    expect(withArguments(serviceTable, live, news, references)).toEqual({
      ...live,
      Mode: { Replicated: { Replicas: 4 } },
    });
  });

  it("keeps the order of the lines of /etc/hosts, whose first one counts", () => {
    const hosts = ["db:10.0.0.9", "10.0.0.1 db"];
    expect(spec({ ...minimal, hosts })).toMatchObject({
      TaskTemplate: { ContainerSpec: { Hosts: ["10.0.0.9 db", "10.0.0.1 db"] } },
    });
    const turned = { ...minimal, hosts: [...hosts].reverse() };
    expect(compare({ ...minimal, hosts }, turned)).toEqual({ hosts: "update" });
  });

  it("takes no time to refuse a name", () => {
    const started = Date.now();
    expect(serviceInputs.safeParse({ ...minimal, name: `${"a".repeat(60)}.` }).success).toBe(false);
    expect(Date.now() - started).toBeLessThan(1000);
  });

  it.each<[string, Tree, Tree]>([
    [
      "a variable taken away, beside an empty one",
      { env: { B: "" }, envUnset: ["A"] },
      { Env: ["A", "B="] },
    ],
    ["no init", { init: false }, { Init: false }],
    ["no grace", { stopGracePeriod: "0s" }, { StopGracePeriod: 0 }],
    [
      "a limit of nothing and one without end",
      { ulimits: [{ name: "core", soft: 0, hard: -1 }] },
      { Ulimits: [{ Name: "core", Soft: 0, Hard: -1 }] },
    ],
    [
      "a file that nobody may read",
      { secrets: [{ source: "s", mode: "0000" }] },
      {
        Secrets: [
          {
            SecretID: "secret-id-of-s",
            SecretName: "s",
            File: { Name: "s", UID: "0", GID: "0", Mode: 0 },
          },
        ],
      },
    ],
  ])("says %s, and reads it back", (_what, inputs, container) => {
    const wire = spec({ ...minimal, ...inputs });
    expect(wire.TaskTemplate).toEqual({ ContainerSpec: { Image: "nginx:1.27", ...container } });
    for (const known of [{ ...minimal, ...inputs }, {}])
      expect(compare(read(wire, known), { ...minimal, ...inputs })).toEqual({});
    expect(withArguments(serviceTable, wire, { ...minimal, ...inputs }, references)).toEqual(wire);
  });

  it("reads what Docker leaves out because it is zero", () => {
    const wire = { TaskTemplate: { ContainerSpec: { Ulimits: [{ Name: "core" }] } } };
    expect(read(wire).ulimits).toEqual([{ name: "core", soft: 0, hard: 0 }]);
  });

  it("keeps the init that Docker's command line has written, and takes one out that was declared", () => {
    const inits = [true, false].map((Init) => ({
      TaskTemplate: { ContainerSpec: { Image: "nginx:1.27", Init } },
    }));
    const written = inits.map((live) => withArguments(serviceTable, live, minimal, references));
    expect(written.map(({ TaskTemplate: task }) => task)).toEqual([
      { ContainerSpec: { Image: "nginx:1.27" } },
      { ContainerSpec: { Image: "nginx:1.27", Init: false } },
    ]);
  });

  it("takes out what is no longer declared", () => {
    const news = { ...minimal, env: { A: "1" }, limits: { memory: "1G" }, dns: ["10.0.0.1"] };
    const wire = withArguments(serviceTable, spec(news), minimal, references);
    expect(compare(read(wire), minimal)).toEqual({});
    expect(JSON.stringify(wire)).not.toMatch(/A=1|10\.0\.0\.1|MemoryBytes/);
  });
});

describe("the difference between two services", () => {
  it.each<[string, Tree, Tree, Tree]>([
    ["spelling of durations", { stopGracePeriod: "90s" }, { stopGracePeriod: "1m30s" }, {}],
    ["spelling of sizes", { limits: { memory: "1G" } }, { limits: { memory: "1024MiB" } }, {}],
    ["Docker's default", {}, { stopGracePeriod: "10s", endpointMode: "vip", replicas: 1 }, {}],
    ["Docker's default of an update", {}, { updateConfig: { parallelism: 1, monitor: "5s" } }, {}],
    [
      "all at once",
      {},
      { updateConfig: { parallelism: 0 } },
      { "updateConfig.parallelism": "add" },
    ],
    ["order of capabilities", { capAdd: ["A", "CAP_B"] }, { capAdd: ["b", "cap_a"] }, {}],
    ["order of words", { args: ["a", "b"] }, { args: ["b", "a"] }, { args: "update" }],
    [
      "order of constraints",
      { placement: { constraints: ["node.role==manager", "node.labels.a != b"] } },
      { placement: { constraints: ["node.labels.a!=b", "node.role == manager"] } },
      {},
    ],
    [
      "order of preferences",
      { placement: { preferences: ["node.labels.a", "node.labels.b"] } },
      { placement: { preferences: ["node.labels.b", "node.labels.a"] } },
      { "placement.preferences": "update" },
    ],
    [
      "keys of maps",
      { labels: { "com.x": "1", a: "1", gone: "" } },
      { labels: { "com.x": "2", a: "1", new: "" } },
      { 'labels["com.x"]': "update", "labels.gone": "delete", "labels.new": "add" },
    ],
    [
      "order of ports",
      {
        ports: [
          { target: 80, published: 80 },
          { target: 443, published: 443 },
        ],
      },
      {
        ports: [
          { target: 443, published: 443, protocol: "tcp" },
          { target: 80, published: 80 },
        ],
      },
      {},
    ],
    [
      "one port",
      {
        ports: [
          { target: 443, published: 443 },
          { target: 80, published: 80 },
        ],
      },
      {
        ports: [
          { target: 80, published: 8080 },
          { target: 53, protocol: "udp" },
        ],
      },
      { "ports[0]": "update", "ports[1]": "add" },
    ],
    [
      "one port that also moved",
      {
        ports: [
          { target: 443, published: 443 },
          { target: 80, published: 80 },
        ],
      },
      {
        ports: [
          { target: 80, published: 8080 },
          { target: 443, published: 443 },
        ],
      },
      { "ports[0]": "update" },
    ],
    [
      "one of several published ports of one target",
      { ports: several([6000, 6001, 6002]) },
      { ports: several([6000, 6005, 6002]) },
      { "ports[1].published": "update" },
    ],
    [
      "one less of several published ports of one target",
      { ports: several([6000, 6001, 6002]) },
      { ports: several([6000, 6002]) },
      { "ports[1]": "delete" },
    ],
    [
      "another order of several published ports of one target",
      { ports: several([6000, 6001, 6002]) },
      { ports: several([6002, 6000, 6001]) },
      {},
    ],
    [
      "which of several published ports of one target has changed",
      { ports: several([6000, 6001]) },
      { ports: several([6001, 6000]).map((port) => ({ ...port, name: `p${port.published}` })) },
      { "ports[0]": "update", "ports[1]": "update" },
    ],
    [
      "the name of one of several published ports of one target",
      { ports: several([6000, 6001]) },
      {
        ports: [
          { ...port(6000), mode: "host" },
          { ...port(6001), name: "b" },
        ],
      },
      { "ports[0].mode": "add", "ports[1].name": "add" },
    ],
    ["spaces around capabilities", { capDrop: ["ALL"] }, { capDrop: [" all "] }, {}],
    ["an init that is said not to be", {}, { init: false }, { init: "add" }],
    ["an init that goes", { init: true }, {}, { init: "delete" }],
    ["no init, as Docker's command line says where nothing was asked for", { init: false }, {}, {}],
    ["an init that was switched off", { init: true }, { init: false }, { init: "update" }],
    ["no grace", {}, { stopGracePeriod: "0s" }, { stopGracePeriod: "add" }],
    [
      "an empty variable that is to be taken away",
      { env: { A: "" } },
      { envUnset: ["A"] },
      { env: "delete", envUnset: "add" },
    ],
    ["mode", { replicas: 3 }, { mode: "global" }, { mode: "add-replace", replicas: "delete" }],
    ["undeclared drift", { dns: ["10.0.0.1"] }, {}, { dns: "delete" }],
    ["platforms that Docker chose", { placement: { platforms: [{ os: "linux" }] } }, {}, {}],
    ["a restart by hand", { forceUpdate: 4 }, {}, {}],
    ["no swap", { limits: {} }, { limits: { memorySwap: "0" } }, { "limits.memorySwap": "add" }],
    [
      "spelling of a seccomp profile",
      { privileges: { seccomp: "custom", seccompProfile: '{"a": 1}' } },
      { privileges: { seccomp: "custom", seccompProfile: '{"a":1}' } },
      {},
    ],
    ["spelling of hosts", { hosts: ["db:10.0.0.9"] }, { hosts: ["10.0.0.9 db"] }, {}],
    [
      "secret target",
      { secrets: [{ source: "a" }] },
      { secrets: [{ source: "a", target: "a" }] },
      {},
    ],
    ["unknown", { env: { A: "1" } }, { env: { A: UNKNOWN } }, { "env.A": "update" }],
    ["all unknown", { env: { A: "1" } }, { env: UNKNOWN }, { env: "update" }],
    ["unknown group", { limits: { cpus: 1 } }, { limits: UNKNOWN }, { limits: "update" }],
  ])("shows %s", (_what, old, news, changes) => {
    expect(compare({ ...minimal, ...old }, { ...minimal, ...news })).toEqual(changes);
  });

  it.each<[string, string, Tree]>([
    ["nginx", "nginx:latest", {}],
    ["nginx", "docker.io/library/nginx:latest", {}],
    ["nginx:1", "nginx:2", { image: "update" }],
    ["acme/web:1", "registry.local:5000/acme/web:1", { image: "update" }],
    ["nginx@sha256:aa", "nginx@sha256:bb", { image: "update" }],
  ])("compares image %s with %s", (one, other, changes) => {
    expect(compare({ ...minimal, image: one }, { ...minimal, image: other })).toEqual(changes);
  });
});

describe("a live service", () => {
  it("shows in the spelling that was declared, with what differs", () => {
    const declared = {
      ...minimal,
      stopGracePeriod: "90s",
      ports: [
        { target: 443, published: 443 },
        { target: 80, published: 80, protocol: "tcp" },
      ],
      replicas: 3,
    };
    const live = spec({
      ...declared,
      image: "nginx:1.27@sha256:aa",
      ports: [
        { target: 80, published: 80 },
        { target: 443, published: 444 },
      ],
      replicas: 5,
      user: "root",
    });
    expect(read(live, declared)).toEqual({
      ...declared,
      ports: [
        { target: 443, published: 444 },
        { target: 80, published: 80, protocol: "tcp" },
      ],
      replicas: 5,
      user: "root",
    });
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const map = fc.dictionary(
  word,
  fc.string({ maxLength: 10 }).map((text) => text.replace(/=/g, "")),
  {
    minKeys: 1,
    maxKeys: 4,
    noNullPrototype: true,
  },
);
const list = fc.uniqueArray(word, { minLength: 1, maxLength: 4 });
const durations = fc.integer({ min: 1, max: 1e6 }).map((ms) => `${ms}ms`);
const sizes = fc.integer({ min: 4, max: 4096 }).map((mebibytes) => `${mebibytes}M`);
const some = (model: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(model, { requiredKeys: [], noNullPrototype: true });

const services = some({
  labels: map,
  env: map,
  command: list,
  args: list,
  user: word,
  dns: list,
  capAdd: list.map((names) => names.map((name) => `CAP_${name.toUpperCase()}`)),
  sysctls: map,
  init: fc.constant(true),
  stopGracePeriod: durations,
  healthcheck: some({ test: list, interval: durations, retries: fc.integer({ min: 1, max: 9 }) }),
  limits: some({ cpus: fc.integer({ min: 1, max: 99 }).map((n) => n / 10), memory: sizes }),
  reservations: some({ memory: sizes, genericResources: fc.constant({ GPU: "2", SSD: "id" }) }),
  mounts: fc.uniqueArray(
    fc.record({ type: fc.constant("volume"), source: word, target: word.map((w) => `/${w}`) }),
    { selector: (mount) => mount.target, minLength: 1, maxLength: 3 },
  ),
  secrets: fc.uniqueArray(fc.record({ source: word, target: word, mode: fc.constant("0400") }), {
    selector: (secret) => secret.target,
    minLength: 1,
    maxLength: 3,
  }),
  networks: fc.uniqueArray(fc.record({ target: word, aliases: list }), {
    selector: (network) => network.target,
    minLength: 1,
    maxLength: 3,
  }),
  ports: fc.uniqueArray(
    fc.record({
      target: fc.integer({ min: 1, max: 65535 }),
      published: fc.integer({ min: 1, max: 65535 }),
      protocol: fc.constantFrom("tcp", "udp", "sctp"),
      mode: fc.constantFrom("ingress", "host"),
    }),
    { selector: (port) => port.published, minLength: 1, maxLength: 4 },
  ),
  replicas: fc.integer({ min: 0, max: 99 }),
  updateConfig: some({ parallelism: fc.integer({ min: 0, max: 9 }), delay: durations }),
  placement: some({ constraints: list, preferences: list }),
});

describe("any service", () => {
  it("passes the schema", () => {
    fc.assert(
      fc.property(services, (inputs) => {
        expect(serviceInputs.safeParse({ ...minimal, ...inputs }).error).toBeUndefined();
      }),
    );
  });

  it("comes back from its spec as it was declared", () => {
    fc.assert(
      fc.property(services, (inputs) => {
        const declared = { ...minimal, ...inputs };
        const live = read(spec(declared), declared);
        expect(compare(live, declared)).toEqual({});
        expect(compare(read(spec(declared)), declared)).toEqual({});
      }),
    );
  });

  it("becomes any other in one step", () => {
    fc.assert(
      fc.property(services, services, (one, other) => {
        const news = { ...minimal, ...other };
        const wire = withArguments(serviceTable, spec({ ...minimal, ...one }), news, references);
        expect(compare(read(wire), news)).toEqual({});
      }),
    );
  });
});
