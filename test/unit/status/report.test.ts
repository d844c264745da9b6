import { X509Certificate } from "node:crypto";
import type { Node, Service, Task } from "@docker/node-sdk";
import pc from "picocolors";
import { render } from "../../../status/render";
import { complaints, meshPorts, quorumSentence, report, warnings } from "../../../status/report";
import { Authority } from "../../authority";

const plain = { colors: pc.createColors(false), now: Date.parse("2026-11-25T03:00:00Z") };

function manager(name: string, leader: boolean, reachable = true): Node {
  return {
    ID: `id-${name}`,
    Spec: { Role: "manager", Availability: "active", Labels: {} },
    Description: { Hostname: name, Engine: { EngineVersion: "26.1.5" } },
    Status: { State: reachable ? "ready" : "down" },
    ManagerStatus: { Leader: leader, Reachability: reachable ? "reachable" : "unreachable" },
  };
}

const worker = {
  ID: "id-worker-1",
  Spec: { Role: "worker", Availability: "drain", Labels: { tier: "db", disk: "ssd", spare: "" } },
  Description: { Hostname: "worker-1", Engine: { EngineVersion: "26.1.5" } },
  Status: { State: "ready" },
} as Node;

const web = {
  ID: "web",
  Spec: {
    Name: "wordpress-web",
    Mode: { Replicated: { Replicas: 3 } },
    TaskTemplate: { ContainerSpec: { Image: "wordpress:6@sha256:abc" } },
  },
  Endpoint: {
    Ports: [
      { PublishedPort: 8080, TargetPort: 80, Protocol: "tcp", PublishMode: "ingress" },
      { PublishedPort: 53, TargetPort: 53, Protocol: "udp", PublishMode: "ingress" },
      { PublishedPort: 9000, TargetPort: 9000, Protocol: "tcp", PublishMode: "host" },
    ],
  },
  ServiceStatus: { RunningTasks: 1, DesiredTasks: 3 },
} as Service;

function task(state: string, why: { Err?: string; Message?: string }, node = ""): Task {
  return {
    ServiceID: "web",
    NodeID: node,
    DesiredState: "running",
    Status: { State: state, ...why },
  } as Task;
}

const tasks = [
  task("running", { Message: "started" }, "id-worker-1"),
  task("pending", { Err: "no suitable node (insufficient memory on 1 node)" }),
  task("pending", { Err: "no suitable node (insufficient memory on 1 node)" }),
  task("preparing", { Message: "preparing" }, "id-worker-1"),
  { ...task("failed", { Err: "old" }), DesiredState: "shutdown" } as Task,
];

const findings = {
  hosts: {
    "worker-10": { role: "worker" },
    "worker-1": { role: "worker" },
    m: { role: "manager" },
  },
  machines: { "worker-1": "running", "worker-10": "stopped", m: "running" },
  locked: [],
  swarm: { ID: "cluster-id" },
  nodes: [worker, manager("m", true)],
  services: [web],
  tasks,
} as const;

describe("report", () => {
  it("calls a manager that waits for its key locked, and says what gives it the key", () => {
    const nodes = [manager("m", true), manager("n", false, false)];
    const found = report({ ...findings, nodes, locked: ["n"], services: [], machines: undefined });
    expect(found.nodes.find(({ name }) => name === "n")?.state).toBe("locked");
    expect(complaints(found, plain.now)).toContain(
      "node n is locked: it waits for the unlock key, which `npm run up` gives it",
    );
  });

  it("has a row for every node, and for every host that is none", () => {
    const rows = report(findings).nodes.map(({ name, role, manager: part, state, machine }) =>
      [name, role, part, state, machine].join(" "),
    );
    expect(rows).toEqual([
      "m manager leader ready running",
      "worker-1 worker  ready running",
      "worker-10 worker  not in the swarm stopped",
    ]);
  });

  it("sorts labels, and shows one without a value by its key", () => {
    expect(report(findings).nodes[1]?.labels).toEqual(["disk=ssd", "spare", "tier=db"]);
  });

  it("says of a service what runs, and why the rest does not", () => {
    expect(report(findings).services).toEqual([
      {
        name: "wordpress-web",
        stack: "",
        mode: "replicated",
        running: 1,
        desired: 3,
        image: "wordpress:6",
        ports: ["53→53/udp", "8080→80/tcp", "9000→9000/tcp on its node"],
        waiting: [
          "pending: no suitable node (insufficient memory on 1 node) (2 tasks)",
          "preparing on worker-1: preparing",
        ],
      },
    ]);
  });

  it("complains of everything that is not as it should be", () => {
    expect(complaints(report(findings), plain.now)).toEqual([
      "node worker-10 is not in the swarm",
      "machine worker-10 is stopped",
      "service wordpress-web runs 1 of 3 tasks",
    ]);
  });

  it.each([
    [[manager("a", true)], "1 of 1 manager reachable; the loss of 0 more is survived"],
    [
      [manager("a", true), manager("b", false), manager("c", false)],
      "3 of 3 managers reachable; the loss of 1 more is survived",
    ],
    [
      [manager("a", true), manager("b", false), manager("c", false, false)],
      "2 of 3 managers reachable; the loss of 0 more is survived",
    ],
    [
      [manager("a", false), manager("b", false, false), manager("c", false, false)],
      "1 of 3 managers reachable: no quorum, the swarm cannot be changed until 1 more return",
    ],
  ])("counts the managers that may be lost", (nodes, sentence) => {
    expect(quorumSentence(report({ ...findings, nodes }).quorum)).toBe(sentence);
  });
});

it("shows what a host or a container was to tell the terminal, and does not obey it", () => {
  const hostile = (why: string): Task => ({
    ...tasks[0],
    Status: { State: "rejected", Err: `${why}\u001b[2J\u009b31m\u202e` },
  });
  const labels = { "a\u0007": "\u001b]0;title\u0007" };
  const nodes = [{ ...worker, Spec: { ...worker.Spec, Labels: labels } } as Node];
  const found = report({ ...findings, nodes, tasks: [hostile("no such image")] });
  const url = { url: "http://m", answers: false, listens: true, text: "HTTP 500 \u001b[8m" };
  const text = render(found, [url], plain);
  expect(text).toContain("no such image\\u001b[2J\\u009b31m\\u202e");
  expect(text).toContain("a\\u0007=\\u001b]0;title\\u0007");
  expect(text).toContain("HTTP 500 \\u001b[8m");
  // eslint-disable-next-line no-control-regex -- these are what must not come through
  expect(text).not.toMatch(/[\u0007\u001b\u009b\u202e]/);
});

describe("a service that is to end", () => {
  const ended = (state: string, slot: number) =>
    ({ ServiceID: "web", Slot: slot, DesiredState: "shutdown", Status: { State: state } }) as Task;
  const job = (mode: object, status: object, restart = {}): Service => ({
    ...web,
    Spec: { ...web.Spec, Mode: mode, TaskTemplate: { ...web.Spec?.TaskTemplate, ...restart } },
    ServiceStatus: status,
  });
  const once = { RestartPolicy: { Condition: "none" as const } };
  it.each([
    [
      "a finished job",
      job({ ReplicatedJob: { TotalCompletions: 3 } }, { DesiredTasks: 1, CompletedTasks: 3 }),
      [],
      "3/3",
    ],
    [
      "a job at work",
      job(
        { ReplicatedJob: { TotalCompletions: 3 } },
        { RunningTasks: 1, DesiredTasks: 1, CompletedTasks: 1 },
      ),
      [],
      "2/3",
    ],
    [
      "a finished global job",
      job({ GlobalJob: {} }, { DesiredTasks: 0, CompletedTasks: 2 }),
      [],
      "2/2",
    ],
    [
      "a task that was to run once",
      job({ Replicated: {} }, { DesiredTasks: 1 }, once),
      [ended("complete", 1)],
      "1/1",
    ],
    [
      "one that failed",
      job({ Replicated: {} }, { DesiredTasks: 1 }, once),
      [ended("failed", 1)],
      "0/1",
    ],
    [
      "one that is to run for ever",
      job({ Replicated: {} }, { DesiredTasks: 1 }),
      [ended("complete", 1)],
      "0/1",
    ],
  ])("%s", (_what, service, own, counts) => {
    const [row] = report({ ...findings, services: [service], tasks: own }).services;
    expect(`${row?.running ?? ""}/${row?.desired ?? ""}`).toBe(counts);
  });
});

describe("the authority of the swarm", () => {
  const certified = async (days: number, others: readonly string[] = []) => {
    const { certificate } = await Authority.make("swarm-ca", days);
    const tls = {
      TrustRoot: [...others, certificate].join("\n"),
      CertIssuerPublicKey: new X509Certificate(certificate).publicKey
        .export({ type: "spki", format: "der" })
        .toString("base64"),
    };
    return report({ ...findings, swarm: { ID: "cluster-id", TLSInfo: tls } });
  };

  it("is warned of 90 days before its end, and complained of after it", async () => {
    const [long, short] = await Promise.all([certified(120), certified(30)]);
    const now = Date.now();
    expect(warnings(long, now)).toEqual([]);
    expect(warnings(short, now)[0]).toMatch(
      /^the swarm's certificate authority ends in (29|30) days \(\d{4}-\d\d-\d\d\): give `swarm:settings` a `rotate/,
    );
    expect(complaints(short, now)).toEqual(complaints(long, now));
    expect(warnings(short, now + 40 * 86_400_000)).toEqual([]);
    expect(complaints(short, now + 40 * 86_400_000)[0]).toContain("authority ended on");
  });

  it("is the one that signs, where two are trusted while one follows the other", async () => {
    const { certificate: old } = await Authority.make("old", 5);
    expect(warnings(await certified(3650, [old]), Date.now())).toEqual([]);
  });

  it("may be unreadable", () => {
    const swarm = {
      TLSInfo: { TrustRoot: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
    };
    expect(report({ ...findings, swarm }).cluster).toEqual({ id: "", isRotating: false });
  });
});

describe("reservations", () => {
  const has = { Resources: { NanoCPUs: 2e9, MemoryBytes: 1024 * 1024 * 1024 } };
  const node = { ...manager("m", true), Description: { Hostname: "m", ...has } };
  const wants = { Resources: { Reservations: { NanoCPUs: 5e8, MemoryBytes: 100 * 1024 * 1024 } } };

  it("are those of tasks that have not ended, on the node that they are on", () => {
    const tasks: Task[] = [
      { ...task("running", {}, "id-m"), Spec: wants },
      { ...task("preparing", {}, "id-m"), Spec: wants },
      { ...task("failed", {}, "id-m"), Spec: wants },
      { ...task("running", {}, "id-other"), Spec: wants },
      task("running", {}, "id-m"),
      { ...task("pending", {}), Spec: wants },
    ];
    expect(report({ ...findings, nodes: [node], tasks }).reservations).toEqual([
      {
        node: "m",
        tasks: 3,
        nanoCpus: { reserved: 1e9, has: 2e9 },
        memory: { reserved: 200 * 1024 * 1024, has: 1024 * 1024 * 1024 },
      },
    ]);
  });
});

describe("services of stacks", () => {
  const named = (name: string, stack?: string): Service => ({
    ...web,
    ID: name,
    Spec: {
      ...web.Spec,
      Name: name,
      Labels: stack === undefined ? {} : { "com.docker.stack.namespace": stack },
    },
  });
  const services = [named("shop_web", "shop"), named("alone"), named("blog_db", "blog")];

  it("stand together, those of none first", () => {
    const text = render(report({ ...findings, services, tasks: [] }), [], plain);
    const lines = text.split("\n").map((line) => line.split(" ").filter(Boolean).slice(0, 2));
    const from = lines.findIndex(([word]) => word === "SERVICE");
    expect(lines.slice(from + 1, from + 6).map((words) => words.join(" "))).toEqual([
      "alone replicated",
      "stack blog",
      "blog_db replicated",
      "stack shop",
      "shop_web replicated",
    ]);
  });
});

describe("a narrow terminal", () => {
  // eslint-disable-next-line no-control-regex -- colours
  const seen = (text: string): string => text.replace(/\u001b\[\d+m/g, "");
  it.each([
    [80, false],
    [80, true],
    [64, true],
  ])(
    "of %d columns gets no longer lines, and every letter (in colours: %s)",
    (width, isColored) => {
      const style = { ...plain, colors: pc.createColors(isColored), width };
      const [shown = ""] = render(report(findings), [], style).split("\n\n");
      const lines = seen(shown).split("\n");
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
      const letters = (text: string): string => Array.from(text.replace(/\s/g, "")).sort().join("");
      const [whole = ""] = render(report(findings), [], plain).split("\n\n");
      expect(letters(seen(shown))).toBe(letters(whole));
      expect(seen(render(report(findings), [], { ...style, width: 200 }))).toBe(
        render(report(findings), [], plain),
      );
    },
  );
});

describe("meshPorts", () => {
  it("leaves out a service without tasks", () => {
    expect(meshPorts([{ ...web, ServiceStatus: { RunningTasks: 0, DesiredTasks: 0 } }])).toEqual(
      [],
    );
  });

  it("leaves out UDP and ports of single nodes, and names each once", () => {
    expect(meshPorts([web, web])).toEqual([8080]);
  });
});

describe("render", () => {
  it("prints tables without colours where there is no terminal", () => {
    const urls = [{ url: "http://203.0.113.11", answers: true, listens: true, text: "200 OK" }];
    expect(render(report(findings), urls, plain)).toMatchInlineSnapshot(`
     "NODE       ROLE     MANAGER  STATE             AVAILABILITY  LABELS                  ENGINE  MACHINE
     m          manager  leader   ready             active                                26.1.5  running
     worker-1   worker            ready             drain         disk=ssd spare tier=db  26.1.5  running
     worker-10  worker            not in the swarm                                                stopped

     1 of 1 manager reachable; the loss of 0 more is survived
     cluster cluster-id

     NODE      TASKS  CPU RESERVED  MEMORY RESERVED
     m         0      0 of 0        0 of 0 MiB
     worker-1  2      0 of 0        0 of 0 MiB

     SERVICE        MODE        TASKS  IMAGE        PORTS
     wordpress-web  replicated  1/3    wordpress:6  53→53/udp 8080→80/tcp 9000→9000/tcp on its node

     wordpress-web: pending: no suitable node (insufficient memory on 1 node) (2 tasks)
     wordpress-web: preparing on worker-1: preparing

     URL                  ANSWER
     http://203.0.113.11  200 OK
     "
    `);
  });
});
