import type { ServiceInputs } from "../../../provider/service/arguments";
import { serviceInputs } from "../../../provider/service/arguments";
import { adviseService, guardService } from "../../../provider/service/guards";
import { serviceType } from "../../../provider/service/service";
import type { Context } from "../../../provider/context";
import { UNKNOWN } from "../../../provider/value";

const told = (inputs: ServiceInputs): string[] =>
  guardService({ image: "nginx", ...inputs }).map(({ path, reason }) => `${path}: ${reason}`);

describe("start-first", () => {
  const startFirst = (published: number | undefined, mode = "global"): ServiceInputs => ({
    image: "x",
    mode,
    updateConfig: { order: "start-first" },
    ports: [{ target: 80, mode: "host", ...(published === undefined ? {} : { published }) }],
  });

  it("goes with a host-mode port that Docker picks anew for each task", () => {
    expect(told(startFirst(undefined))).toEqual([]);
    expect(told(startFirst(0))).toEqual([]);
    expect(told(startFirst(UNKNOWN as never))).toEqual([]);
    expect(told(startFirst(80))).toHaveLength(1);
    expect(adviseService(startFirst(80))).toEqual([]);
  });

  it("needs another node where a task has a port of its node, which is said", () => {
    expect(told(startFirst(80, "replicated"))).toEqual([]);
    expect(adviseService(startFirst(80, "replicated"))).toEqual([
      'updateConfig.order: got "start-first" with the host-mode port ports[0]: an update waits for a node on which the port is free. Write "stop-first" where there may be none.',
    ]);
    expect(adviseService(startFirst(0, "replicated"))).toEqual([]);
  });
});

it("more reserved than allowed is said, and taken as Docker takes it", () => {
  const inputs = { image: "x", limits: { memory: "64M" }, reservations: { memory: "1G" } };
  expect(guardService(inputs)).toEqual([]);
  expect(adviseService(inputs)).toEqual([
    'reservations.memory: got "1G", more than limits.memory "64M": a node must spare what no task of it may use. Lower it to the limit.',
  ]);
  expect(adviseService({ ...inputs, reservations: { memory: "64M" } })).toEqual([]);
});

describe("tasks of a job at a time", () => {
  const concurrent = (inputs: ServiceInputs): unknown => {
    const request = { news: inputs, olds: undefined, name: "job", randomSeed: new Uint8Array() };
    return serviceType.check?.(request, {} as Context).inputs.maxConcurrent;
  };

  it.each<[string, ServiceInputs, unknown]>([
    ["as many as are to end well, when nothing is said", { replicas: 5 }, 5],
    ["what is said", { replicas: 5, maxConcurrent: 2 }, 2],
    ["one, when there is one", {}, 1],
    ["one at least", { replicas: 0 }, 1],
    ["unknown with the number of tasks", { replicas: UNKNOWN as never }, UNKNOWN],
    ["none of a service", { mode: "replicated", replicas: 5 }, undefined],
  ])("are %s", (_what, inputs, expected) => {
    expect(concurrent({ mode: "replicated-job", ...inputs })).toBe(expected);
  });
});

describe("a service as a whole", () => {
  it.each<[string, ServiceInputs, string[]]>([
    [
      "a name that is too long",
      { name: "a".repeat(64) },
      ["name: got 64 characters; expected at most 63, as in DNS. Choose a shorter name."],
    ],
    [
      "replicas of a global service",
      { mode: "global", replicas: 2 },
      [
        'replicas: got a number with mode "global"; expected none, because Docker runs one task on each node. Leave it out, or use mode "replicated".',
      ],
    ],
    [
      "a variable that is set and taken away",
      { env: { A: "", B: "1" }, envUnset: ["C", "A", "D=1"] },
      [
        'envUnset[1]: got "A", which env sets; expected it in one of the two. Remove one.',
        'envUnset[2]: got "D=1"; expected a variable\'s name alone. To give it a value use env.',
      ],
    ],
    [
      "an ingress port with dnsrr",
      { endpointMode: "dnsrr", ports: [{ target: 80, published: 80 }] },
      [
        'ports[0].mode: got "ingress" with endpointMode "dnsrr"; expected "host", because the routing mesh needs a virtual address. Use mode "host" or endpointMode "vip".',
      ],
    ],
    [
      "start-first with a host-mode port on every node",
      {
        mode: "global",
        updateConfig: { order: "start-first" },
        ports: [{ target: 80, published: 80, mode: "host" }],
      },
      [
        'updateConfig.order: got "start-first" with the host-mode port ports[0] and mode "global"; expected "stop-first", because the old task holds the port that the new one waits for.',
      ],
    ],
    [
      "one port twice",
      {
        ports: [
          { target: 80, published: 80 },
          { target: 81, published: 80 },
        ],
      },
      [
        "ports[1]: got published port 80/tcp again, as in ports[0]; expected each once. Remove one.",
      ],
    ],
    [
      "a seccomp profile that nobody asks for",
      { privileges: { seccompProfile: "{}" } },
      [
        'privileges.seccompProfile: got a profile with seccomp "default"; expected it with "custom" only. Leave it out, or say seccomp: custom.',
      ],
    ],
    [
      "no seccomp profile where one is asked for",
      { privileges: { seccomp: "custom" } },
      [
        'privileges.seccompProfile: got nothing with seccomp "custom"; expected the profile\'s JSON text.',
      ],
    ],
    [
      "two Windows accounts",
      { credentialSpec: { file: "a", registry: "b" } },
      ["credentialSpec: got file and registry; expected one of the three. Remove the others."],
    ],
    [
      "swap without memory",
      { limits: { memorySwap: "1G" } },
      [
        'limits.memorySwap: got "1G" without limits.memory; expected both, because Docker limits swap beside memory only.',
      ],
    ],
    [
      "one target twice",
      { secrets: [{ source: "a" }, { source: "b", target: "a" }] },
      ["secrets[1]: got target a again, as in secrets[0]; expected each once. Remove one."],
    ],
    [
      "options of another type of mount",
      { mounts: [{ type: "bind", source: "/a", target: "/b", tmpfsSize: "1M" }] },
      [
        'mounts[0].tmpfsSize: is for mounts of type "tmpfs"; this one is "bind". Leave it out, or change the type.',
      ],
    ],
    [
      "a bind mount of a name",
      { mounts: [{ type: "bind", source: "data", target: "/b" }] },
      [
        'mounts[0].source: got "data" with type "bind"; expected an absolute path on the node. For a named volume use type "volume".',
      ],
    ],
    [
      "too little memory",
      { limits: { memory: "1M" } },
      ['limits.memory: got "1M"; expected at least "4M", which is the least that Docker takes.'],
    ],
    [
      "a network that services cannot have",
      { networks: [{ target: "host" }, { target: "none" }] },
      [
        'networks[1].target: got "none", which Docker takes for containers but not for services; expected a network of the swarm, "host" or "bridge". Use a network with internal: true.',
      ],
    ],
    [
      "an update policy of a job",
      { mode: "global-job", updateConfig: {}, restartPolicy: { condition: "any" } },
      [
        'updateConfig: is not for mode "global-job": a job is not updated task by task. Leave it out.',
        'restartPolicy.condition: got "any" with mode "global-job"; expected "on-failure" or "none", because a job ends.',
      ],
    ],
    [
      "a check without its kind",
      { healthcheck: { test: ["curl", "localhost"] } },
      [
        'healthcheck.test[0]: got "curl"; expected "CMD" or "CMD-SHELL" first. To switch the check off use disable.',
      ],
    ],
  ])("fails with %s", (_what, inputs, reasons) => {
    expect(told(inputs)).toEqual(reasons);
  });

  it("passes when all is well", () => {
    const inputs: ServiceInputs = {
      ports: [
        { target: 53, published: 53, protocol: "udp" },
        { target: 53, published: 53, protocol: "tcp" },
        { target: 80 },
        { target: 81 },
      ],
      mounts: [
        { source: "a", target: "/a" },
        { type: "tmpfs", target: "/t", tmpfsSize: "64M" },
      ],
      limits: { memory: "64M" },
      healthcheck: { test: ["CMD", "true"] },
    };
    expect(told(inputs)).toEqual([]);
  });

  it("says nothing about what is not known yet", () => {
    const unknown = {
      name: UNKNOWN,
      mode: UNKNOWN,
      replicas: UNKNOWN,
      ports: [
        { target: UNKNOWN, published: UNKNOWN },
        { target: UNKNOWN, published: UNKNOWN },
      ],
      mounts: UNKNOWN,
      limits: { memory: UNKNOWN, cpus: UNKNOWN },
      healthcheck: { test: UNKNOWN, interval: UNKNOWN },
    } as unknown as ServiceInputs;
    expect(told(unknown)).toEqual([]);
  });
});

describe("one property", () => {
  it.each<[object, string]>([
    [{ stopGracePeriod: "soon" }, 'expected a duration such as "1m30s" or "500ms"'],
    [{ limits: { memory: "lots" } }, 'expected a size such as "512M" or "1.5GiB"'],
    [{ ports: [{ target: 0 }] }, "expected a whole number from 1 to 65535"],
    [{ mode: "boss" }, 'expected one of "replicated", "global", "replicated-job", "global-job"'],
    [{ secrets: [{ source: "a", mode: "9" }] }, 'expected octal permission bits such as "0440"'],
    [
      { name: "-web" },
      "expected letters, digits, - and _, starting and ending with a letter or digit",
    ],
  ])("fails with %j", (inputs, message) => {
    const { error } = serviceInputs.safeParse({ image: "nginx", ...inputs });
    expect(error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it("fails without an image, and with a key that there is none of", () => {
    const { error } = serviceInputs.safeParse({ imagee: "nginx" });
    expect(error?.issues.map(({ code, path }) => `${code} ${path.join(".")}`)).toEqual([
      "invalid_type image",
      "unrecognized_keys ",
    ]);
  });
});
