import type { ServiceModel } from "../../../stack-files/model";
import { lines, modelOf, read, serviceOf } from "./sample";

const rest =
  "networks: {n: , m: }\nvolumes: {vol: }\nsecrets: {s: {external: true}, t: {external: true}}\n";

/** The service `web` of two files that say this of it, as YAML in braces. */
function both(first: string, second: string): readonly [string, string] {
  return [
    `services: {web: {image: x, ${first}}}\n${rest}`,
    `services: {web: {${second}}}\n${rest}`,
  ];
}

function merged(first: string, second: string): ServiceModel {
  return serviceOf(both(first, second));
}

/** What is said, without the places. */
function saidOf(first: string, second: string): readonly string[] {
  return read(both(first, second)).findings.map(({ message }) => message);
}

/** Two files, and what `docker stack config` made of them. */
const cases: readonly (readonly [string, string, Partial<ServiceModel>])[] = [
  [
    "command: [a], entrypoint: b c",
    "command: d e",
    { command: ["d", "e"], entrypoint: ["b", "c"] },
  ],
  [
    "environment: {A: '1', B: '1'}",
    "environment: [B=2, C]",
    { environment: { A: "1", B: "2", C: null } },
  ],
  ["environment: {A: ''}", "environment: [A]", { environment: { A: null } }],
  ["labels: {a: '1', b: '1'}", "labels: ['a=', 'c']", { labels: { a: "", b: "1", c: "" } }],
  [
    "dns: 1.1.1.1, cap_add: [A]",
    "dns: [2.2.2.2], cap_add: [B]",
    { dns: ["1.1.1.1", "2.2.2.2"], capAdd: ["CAP_A", "CAP_B"] },
  ],
  ["sysctls: {a: 1}", "sysctls: [b=2]", { sysctls: { a: "1", b: "2" } }],
  [
    "ulimits: {nofile: {soft: 1, hard: 2}, core: 3}",
    "ulimits: {nofile: 0}",
    {
      ulimits: [
        { name: "core", soft: 3, hard: 3 },
        { name: "nofile", soft: 0, hard: 0 },
      ],
    },
  ],
  [
    "logging: {driver: d, options: {a: '1'}}",
    "logging: {options: {a: '2', b: '3'}}",
    { logging: { driver: "d", options: { a: "2", b: "3" } } },
  ],
  [
    "logging: {driver: d, options: {a: '1'}}",
    "logging: {driver: e}",
    { logging: { driver: "e", options: {} } },
  ],
  [
    "healthcheck: {interval: 5s, retries: 3}",
    "healthcheck: {retries: 0, timeout: 1s}",
    { healthcheck: { interval: 5e9, retries: 0, timeout: 1e9 } },
  ],
  [
    "volumes: ['vol:/a', '/z']",
    "volumes: ['vol:/b:ro', '/srv:/a']",
    {
      mounts: [
        { type: "bind", source: "/srv", target: "/a" },
        { type: "volume", source: "vol", target: "/b", readOnly: true },
        { type: "volume", target: "/z" },
      ],
    },
  ],
  [
    "secrets: [s]",
    "secrets: [{source: s, target: x}, t]",
    { secrets: [{ source: "s", target: "x" }, { source: "t" }] },
  ],
  [
    "networks: [n]",
    "networks: {n: {aliases: [a]}, m: }",
    { networks: { n: { aliases: ["a"], driverOpts: {} }, m: { aliases: [], driverOpts: {} } } },
  ],
  [
    "networks: [n]",
    "networks: {n: {driver_opts: {a: b}}}",
    { networks: { n: { aliases: [], driverOpts: { a: "b" } } } },
  ],
  [
    "ports: ['80:80']",
    "ports: ['80:81', '79:79']",
    {
      ports: [
        { published: 79, target: 79, protocol: "tcp", mode: "ingress" },
        { published: 80, target: 81, protocol: "tcp", mode: "ingress" },
      ],
    },
  ],
  ["tty: false", "tty: true, user: b", { tty: true, user: "b" }],
];

describe("two files", () => {
  it.each(cases)("{%s} and {%s}", (first, second, expected) => {
    expect(merged(first, second)).toMatchObject(expected);
    expect(saidOf(first, second).filter((message) => message.includes("lost"))).toEqual([]);
  });

  it("merge what deploy says", () => {
    const { deploy } = merged(
      "deploy: {replicas: 3, labels: [a=1], placement: {constraints: [c]}, resources: {limits: {cpus: '1', memory: 1M}}, update_config: {parallelism: 3, delay: 5s}}",
      "deploy: {replicas: 0, labels: {b: '2'}, placement: {constraints: [d], preferences: [{spread: e}]}, resources: {limits: {cpus: '0'}}, update_config: {parallelism: 0}, restart_policy: {max_attempts: 2}}",
    );
    expect(deploy).toEqual({
      replicas: 0,
      labels: { a: "1", b: "2" },
      placement: { constraints: ["c", "d"], preferences: ["e"] },
      limits: { nanoCpus: 0, memory: 1024 ** 2 },
      updateConfig: { parallelism: 0, delay: 5e9 },
      restartPolicy: { maxAttempts: 2 },
    });
  });

  it("have their services by name, and the names of the last", () => {
    const { services, name } = modelOf([
      "name: a\nservices: {b: {image: x}, a: {image: x}}",
      "name: b\nversion: '3.8'\nservices: {c: {image: y}, a: {image: z}}",
    ]);
    expect(name).toBe("b");
    expect(Object.entries(services).map(([key, { image }]) => [key, image])).toEqual([
      ["a", "z"],
      ["b", "x"],
      ["c", "y"],
    ]);
  });

  it("take relative paths from the first one's folder", () => {
    const files = ["services: {}", "configs: {c: {file: conf/c.txt}}"];
    expect(modelOf(files, { more: { "stacks/conf/c.txt": "text" } }).configs.c).toMatchObject({
      content: Buffer.from("text"),
    });
  });

  it("say where a value is written", () => {
    const model = modelOf([
      "services:\n  web:\n    image: x\n    user: a\n    ports: ['80:80', '81:81']\n",
      "services:\n  web:\n    user: b\n    ports:\n      - '79:79'\n      - '80:8080'\n",
    ]);
    const place = (...path: readonly (string | number)[]): string => {
      const { file = "", line = 0, column = 0 } = model.at(path) ?? {};
      return `${file}:${line}:${column}`;
    };
    expect(place("services", "web", "image")).toBe("stacks/a.yml:3:12");
    expect(place("services", "web", "user")).toBe("stacks/b.yml:3:11");
    expect(model.services.web?.ports.map(({ published }) => published)).toEqual([79, 80, 81]);
    expect(place("services", "web", "ports", 0)).toBe("stacks/b.yml:5:9");
    expect(place("services", "web", "ports", 1, "target")).toBe("stacks/b.yml:6:9");
    expect(place("services", "web", "ports", 2)).toBe("stacks/a.yml:5:22");
    expect(place("services", "web", "deploy", "replicas")).toBe("stacks/b.yml:3:5");
    expect(model.at(["networks"])).toBeUndefined();
  });
});

describe("what a merge does otherwise than it looks", () => {
  it.each([
    ["tty: true", "tty: false", { tty: true }],
    ["user: a", "user: ''", { user: "a" }],
    ["stop_grace_period: 5s", "stop_grace_period: 0s", { stopGracePeriod: 5e9 }],
    ["command: [a]", "command: []", { command: ["a"] }],
    ["environment: {A: '1'}", "environment: {A: ''}", { environment: { A: "1" } }],
    [
      "healthcheck: {disable: true}",
      "healthcheck: {disable: false}",
      { healthcheck: { disable: true } },
    ],
  ])("{%s} is not undone by {%s}", (first, second, expected) => {
    expect(merged(first, second)).toMatchObject(expected);
    expect(saidOf(first, second)).toEqual([
      expect.stringMatching(
        /does not undo .* of an earlier file|does not undo what an earlier file/,
      ),
    ]);
  });

  it("places its warning in the later file", () => {
    expect(lines(both("tty: true", "tty: false"))).toEqual([
      "warning stacks/b.yml:1:23 services.web.tty: got false, which does not undo the true of an earlier file: Docker reads over it. Change it there.",
    ]);
  });

  it("puts one test behind the other", () => {
    const [first, second] = ["healthcheck: {test: [CMD, a]}", "healthcheck: {test: b}"];
    expect(merged(first, second).healthcheck?.test).toEqual(["CMD", "a", "CMD-SHELL", "b"]);
    expect(saidOf(first, second)).toEqual([expect.stringContaining("Write the test in one file")]);
  });

  it("keeps one port of each published number", () => {
    const [first, second] = ["ports: ['53:53/tcp', '53:53/udp', '5000', '5001']", "tty: true"];
    expect(merged(first, second).ports).toEqual([
      { target: 5001, protocol: "tcp", mode: "ingress" },
      { target: 53, published: 53, protocol: "udp", mode: "ingress" },
    ]);
    expect(lines(both(first, second))).toEqual([
      expect.stringMatching(/^warning stacks\/a\.yml:1:36 .*the port 53:53\/tcp is lost/),
      expect.stringMatching(/^warning stacks\/a\.yml:1:62 .*the port 5000\/tcp is lost/),
    ]);
  });

  it("keeps all ports of a service that stands in one file alone", () => {
    const files = both("ports: ['53:53/tcp', '53:53/udp']", "tty: true");
    const other = files[1].replace("web:", "other:").replace("tty: true", "image: x");
    expect(serviceOf([files[0], other]).ports).toHaveLength(2);
    expect(lines([files[0], other])).toEqual([]);
  });

  it.each([
    ["networks: {n: {aliases: [a]}}", "networks: {n: {}}", "aliases of an earlier file are lost"],
    ["networks: {n: {}}", "networks: {n: {driver_opts: {a: b}}}", "driver_opts are lost"],
    ["logging: {driver: d}", "logging: {options: {a: b}}", "are lost in the merge"],
    ["secrets: [s, {source: s, target: b}]", "tty: true", 'this use of "s" is lost'],
  ])("loses of {%s} and {%s}, and says so", (first, second, message) => {
    expect(saidOf(first, second)).toEqual([expect.stringContaining(message)]);
  });

  it("replaces a network, volume, secret or config as a whole", () => {
    const files = [
      "services: {}\nnetworks: {n: {attachable: true, labels: {a: b}}}\nvolumes: {v: {driver: d}}",
      "networks: {n: }\nvolumes: {v: {driver: e}}",
    ];
    const { networks, volumes } = modelOf(files);
    expect(networks.n).toEqual({ driverOpts: {}, labels: {} });
    expect(volumes.v).toMatchObject({ driver: "e" });
    expect(lines(files)).toEqual([
      "warning stacks/b.yml:1:12 networks.n: replaces the whole entry of an earlier file: its labels, attachable are lost. Write all of it here.",
    ]);
  });
});
