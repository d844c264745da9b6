import { declare } from "../../../stack-files/convert";
import type { DeployModel, PortModel, ServiceModel, StackModel } from "../../../stack-files/model";
import { oneService, serviceModel, stackModel } from "./models";

const argsOf = (given: Partial<ServiceModel>, others: Partial<StackModel> = {}) => {
  const { declaration, findings } = declare(oneService(given, others), { name: "shop" });
  expect(findings).toEqual([]);
  return declaration.services.web?.args;
};

const problems = (model: StackModel, name = "shop"): string[] =>
  declare(model, { name }).findings.map(
    ({ severity, path, message }) => `${severity} ${path.join(".")}: ${message}`,
  );

const deploy = (given: Partial<DeployModel>): DeployModel => ({ labels: {}, ...given });
const namespace = { "com.docker.stack.namespace": "shop" };
const own = { driverOpts: {}, labels: {} };

describe("names and labels", () => {
  it("are Docker's", () => {
    const { declaration, findings } = declare(
      oneService(
        {
          image: "nginx:1.27",
          labels: { a: "1", "com.docker.stack.namespace": "other" },
          networks: {
            front: { aliases: ["www"], driverOpts: {} },
            out: { aliases: [], driverOpts: {} },
          },
          deploy: deploy({ labels: { b: "2" } }),
          secrets: [{ source: "key" }],
          configs: [{ source: "site" }],
        },
        {
          networks: { front: own, out: { external: { name: "backbone" } }, unused: own },
          secrets: {
            key: { ...own, content: Buffer.from("k") },
            unused: { ...own, content: Buffer.from([0xff]) },
            elsewhere: { external: { name: "x" } },
          },
          configs: { site: { external: { name: "site-2" } } },
        },
      ),
      { name: "shop" },
    );
    expect(findings).toEqual([]);
    expect(declaration).toEqual({
      networks: {
        front: { args: { name: "shop_front", labels: namespace } },
        out: { external: { name: "backbone" } },
      },
      secrets: {
        key: { args: { name: "shop_key", value: "k", labels: namespace } },
        unused: {
          args: { name: "shop_unused", value: "/w==", encoding: "base64", labels: namespace },
        },
      },
      configs: { site: { external: { name: "site-2" } } },
      services: {
        web: {
          dependsOn: {},
          args: {
            name: "shop_web",
            image: "nginx:1.27",
            labels: { b: "2", "com.docker.stack.image": "nginx:1.27", ...namespace },
            containerLabels: { a: "1", ...namespace },
            secrets: [{ source: "shop_key", target: "key" }],
            configs: [{ source: "site-2", target: "site" }],
            networks: [
              { target: "backbone", aliases: ["web"] },
              { target: "shop_front", aliases: ["www", "web"] },
            ],
          },
        },
      },
    });
  });

  it("are not given to the network of the nodes", () => {
    const networks = { n: { aliases: [], driverOpts: {} } };
    const others = { networks: { n: { external: { name: "host" } } } };
    expect(argsOf({ networks }, others)?.networks).toEqual([{ target: "host" }]);
  });

  it("may be any word that an object knows itself", () => {
    const networks = { constructor: { aliases: [], driverOpts: {} } };
    expect(argsOf({ networks }, { networks: { constructor: own } })?.networks).toEqual([
      { target: "shop_constructor", aliases: ["web"] },
    ]);
  });
});

describe("what a volume is when a node makes it", () => {
  const volumes = {
    data: { driver: "nfs", driverOpts: { o: "addr=10.0.0.1" }, labels: { k: "v" } },
    outside: { external: { name: "other" } },
  };
  it.each<[string, ServiceModel["mounts"][number], object]>([
    [
      "one of the stack",
      { type: "volume", source: "data", target: "/d", volumeNoCopy: true },
      {
        type: "volume",
        source: "shop_data",
        target: "/d",
        volumeLabels: { ...namespace, k: "v" },
        volumeDriver: "nfs",
        volumeOptions: { o: "addr=10.0.0.1" },
        volumeNoCopy: true,
      },
    ],
    [
      "one of others",
      { type: "volume", source: "outside", target: "/d" },
      { type: "volume", source: "other", target: "/d" },
    ],
    [
      "one without a name",
      { type: "volume", target: "/d", readOnly: true, volumeNoCopy: true },
      { type: "volume", target: "/d" },
    ],
    [
      "a group of them in the cluster",
      { type: "cluster", source: "group:g", target: "/d" },
      { type: "cluster", source: "group:g", target: "/d" },
    ],
  ])("%s", (_what, mount, expected) => {
    expect(argsOf({ mounts: [mount] }, { volumes })?.mounts).toEqual([expected]);
  });
});

describe("restart", () => {
  it.each<[string, unknown]>([
    ["no", undefined],
    ["always", { condition: "any" }],
    ["unless-stopped", { condition: "any" }],
    ["on-failure", { condition: "on-failure" }],
    ["on-failure:3", { condition: "on-failure", maxAttempts: 3 }],
  ])("%s", (restart, expected) => {
    expect(argsOf({ restart })?.restartPolicy).toEqual(expected);
  });

  it("says nothing beside deploy.restart_policy", () => {
    const policy = { restart: "always", deploy: deploy({ restartPolicy: { condition: "none" } }) };
    expect(argsOf(policy)?.restartPolicy).toEqual({ condition: "none" });
  });
});

describe("the rest of a service", () => {
  it("says zero where zero is something", () => {
    const args = argsOf({
      stopGracePeriod: 0,
      deploy: deploy({ replicas: 0, updateConfig: { parallelism: 0 }, rollbackConfig: {} }),
      environment: { EMPTY: "", GONE: null },
    });
    expect(args).toMatchObject({
      stopGracePeriod: "0s",
      replicas: 0,
      updateConfig: { parallelism: 0 },
      rollbackConfig: { parallelism: 1 },
      env: { EMPTY: "" },
      envUnset: ["GONE"],
    });
  });

  it("has sizes and durations as people write them", () => {
    const args = argsOf({
      stopGracePeriod: 90e9,
      healthcheck: { test: ["CMD", "true"], interval: 5e9 },
      deploy: deploy({
        limits: { nanoCpus: 250_000_000, memory: 64 * 1024 ** 2, pids: -1 },
        reservations: { genericResources: [{ kind: "gpu", value: 2 }] },
      }),
    });
    expect(args).toMatchObject({
      stopGracePeriod: "1m30s",
      healthcheck: { test: ["CMD", "true"], interval: "5s" },
      limits: { cpus: 0.25, memory: "64M" },
      reservations: { genericResources: { gpu: "2" } },
    });
    expect(args?.limits).not.toHaveProperty("pids");
  });

  it("has its health check switched off by both of Docker's words for it", () => {
    const off = { disable: true };
    expect(argsOf({ healthcheck: { disable: true, interval: 5 } })?.healthcheck).toEqual(off);
    expect(argsOf({ healthcheck: { test: ["NONE"] } })?.healthcheck).toEqual(off);
    expect(argsOf({ healthcheck: { disable: false } })?.healthcheck).toBeUndefined();
  });
});

describe("what could never run", () => {
  const gb = 1024 ** 3;
  it.each<[string, Partial<ServiceModel>, string]>([
    [
      "a mount of an image",
      { mounts: [{ type: "image", source: "x", target: "/v" }] },
      'volumes.0.type: got "image"; expected another type',
    ],
    [
      "an owner by name",
      { secrets: [{ source: "s", uid: "root" }] },
      'secrets.0.uid: got "root"; expected a number',
    ],
    [
      "no network at all",
      { networks: { n: { aliases: [], driverOpts: {} } } },
      'networks: got the network "none"',
    ],
    [
      "too little memory",
      { deploy: deploy({ limits: { memory: 1 } }) },
      "deploy.resources.limits.memory: got 1 bytes; expected at least 4M",
    ],
    [
      "too little of a CPU",
      { deploy: deploy({ reservations: { nanoCpus: 1, genericResources: [] } }) },
      "deploy.resources.reservations.cpus: got 1e-9; expected at least 0.001",
    ],
    [
      "a job without an end",
      { restart: "always", deploy: deploy({ mode: "global-job" }) },
      'restart: got "always" with mode "global-job"',
    ],
    [
      "an update of a job",
      { deploy: deploy({ mode: "global-job", updateConfig: {} }) },
      "deploy.update_config: is not for mode",
    ],
    [
      "a constraint without an operator",
      { deploy: deploy({ placement: { constraints: ["node.role=manager"], preferences: [] } }) },
      'deploy.placement.constraints.0: got "node.role=manager"',
    ],
    [
      "two constraints in one",
      {
        deploy: deploy({
          placement: { constraints: ["node.id == a && node.role == b"], preferences: [] },
        }),
      },
      'deploy.placement.constraints.0: got "node.id == a && node.role == b"; expected one constraint',
    ],
    [
      "a constraint on what no node has",
      { deploy: deploy({ placement: { constraints: ["labels.a == b"], preferences: [] } }) },
      'deploy.placement.constraints.0: got "labels.a", which no node has',
    ],
  ])("%s", (_what, given, expected) => {
    const networks = { n: { external: { name: "none" } } };
    expect(problems(oneService(given, { networks }))).toEqual([
      expect.stringContaining(`error services.web.${expected}`),
    ]);
  });

  it.each(["bridge", "host", "macvlan"])("a network of driver %s", (driver) => {
    const networks = { n: { ...own, driver }, unused: { ...own, driver } };
    const used = { networks: { n: { aliases: [], driverOpts: {} } } };
    expect(problems(oneService(used, { networks }))).toEqual([
      expect.stringMatching(
        new RegExp(`^error networks\\.n\\.driver: got "${driver}", .* expected "overlay"`),
      ),
    ]);
  });

  const memory = deploy({
    limits: { memory: gb },
    reservations: { memory: 2 * gb, genericResources: [] },
  });

  it("is not what Docker takes and runs, of which nobody is likely to mean all", () => {
    const port = (published?: number): PortModel => ({
      target: 80,
      mode: "host",
      ...(published === undefined ? {} : { published }),
    });
    const order = (mode: string) => deploy({ mode, updateConfig: { order: "start-first" } });
    const said = (given: Partial<ServiceModel>) => problems(oneService(given));
    expect(said({ deploy: memory })).toEqual([
      expect.stringMatching(/^warning .*reservations\.memory: got 2147483648 bytes, more than the/),
    ]);
    expect(said({ ports: [port(80)], deploy: order("replicated") })).toEqual([
      expect.stringMatching(/^warning .*update_config\.order: .* a node on which the port is free/),
    ]);
    expect(said({ ports: [port()], deploy: order("global") })).toEqual([]);
    expect(said({ ports: [port(80)], deploy: order("global") })).toEqual([
      expect.stringMatching(/^error .*update_config\.order: .* and mode "global"; expected/),
    ]);
  });

  it("says where", () => {
    const { findings } = declare(oneService({ isolation: "other" }), { name: "shop" });
    expect(findings).toEqual([
      {
        severity: "error",
        path: ["services", "web", "isolation"],
        at: { file: "stack.yml", line: 3, column: 1 },
        message: 'got "other"; expected one of "default", "process", "hyperv".',
      },
    ]);
  });

  it("names that Docker does not take", () => {
    const long = "s".repeat(51);
    const content = Buffer.from("x");
    const model = stackModel({
      services: { "a.b": serviceModel() },
      secrets: { [long]: { ...own, content }, a: { ...own, name: "x", content } },
      configs: { a: { ...own, name: "-", content }, b: { external: { name: "-" } } },
    });
    expect(problems(model)).toEqual([
      expect.stringContaining(
        `error secrets.${long}: got "shop_${long}", 56 characters; expected at most 55`,
      ),
      expect.stringContaining('error configs.a: got "-"; expected letters'),
      expect.stringContaining('error services.a.b: got "shop_a.b"; expected letters'),
    ]);
  });

  it("two things of one name", () => {
    const content = Buffer.from("x");
    const secrets = {
      a: { ...own, name: "same", content },
      b: { ...own, name: "same", content },
      c: { external: { name: "same" } },
    };
    expect(problems(oneService({ secrets: [{ source: "c" }] }, { secrets }))).toEqual([
      expect.stringContaining('error secrets.b: got "same", which is a already'),
      expect.stringContaining('error secrets.c: got "same", which is a already'),
    ]);
  });
});
