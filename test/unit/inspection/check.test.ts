import pc from "picocolors";
import { checkHosts, type Checked, type HostRow } from "../../../inspection/check";
import { renderHosts } from "../../../inspection/render";
import type { RunOptions } from "../../../hosts/command";
import type { Environment } from "../../../cluster/environment";
import { Run } from "../../../cluster/run";
import { settingsSchema, type Settings } from "../../../settings/schema";
import { SAMPLE } from "../hosts/facts-sample";

const m1 = SAMPLE.replace("clock=1000003", `clock=${Math.round(Date.now() / 1000)}`);
const m2 = m1
  .replace("hostname=m1", "hostname=m2")
  .replace("81aecd5b", "11111111")
  .replaceAll("10.1.0.11/24", "10.1.0.12/24");

/**
 * Machines by what their script of facts prints; an error where they do not answer.
 *
 * @param nodes - those whose engines are in a swarm
 */
function environment(
  answers: Readonly<Record<string, string | Error>>,
  networks: readonly object[] = [],
  nodes: readonly string[] = [],
): Environment {
  const get = (host: string) => ({
    engine: () => ({
      info: async () =>
        Promise.resolve({
          Swarm: { LocalNodeState: nodes.includes(host) ? "active" : "inactive" },
        }),
    }),
    script: async (
      text: string,
      words: readonly string[],
      options?: RunOptions,
    ): Promise<{ stdout: string }> => {
      const isLook = text.includes("machine-id");
      const answer = answers[host] ?? "";
      if (answer instanceof Error) return Promise.reject(answer);
      const said = isLook ? answer : text.includes("routes.sh") ? ways(host) : undefined;
      return Promise.resolve({ stdout: said ?? network(host, text, words, options) });
    },
  });
  const roles = new Map(Object.keys(answers).map((host) => [host, "worker"]));
  const managers = { networks: async () => Promise.resolve(networks) };
  const all = { lab: undefined, machines: { get }, managers, roles, run: new Run() };
  return all as unknown as Environment;
}

/** The first machine speaks from an address that is not its node's. */
function ways(host: string): string {
  const [own, other] = host === "m1" ? ["11", "12"] : ["12", "11"];
  const from = host === "m1" ? "99" : own;
  return `local 10.1.0.${own} dev lo src 10.1.0.${own}\n10.1.0.${other} dev vec0 src 10.1.0.${from} uid 0`;
}

/** The scripts that try the network, as they answer: all that goes to the first, and half of what comes from it. */
function network(
  host: string,
  text: string,
  words: readonly string[],
  options: RunOptions = {},
): string {
  if (text.includes("listen.sh")) {
    for (const port of words.slice(2).filter((_, at) => at % 2 === 1))
      options.onLine?.(`open ${port}`);
    options.onLine?.("ready 7");
    if (host === "m1") options.onLine?.("came m2");
    return "";
  }
  return words
    .flatMap((_, at) => (at % 3 === 0 ? [words.slice(at, at + 3).join(" ")] : []))
    .map((way) => (way.includes(" esp ") ? `sent ${way}` : `yes ${way}`))
    .map((line) => line.replace("yes 10.1.0.12 7946/udp", "no 10.1.0.12 7946/udp"))
    .join("\n");
}

const settings = (changes: object = {}, own: object = {}): Settings =>
  settingsSchema.parse({
    engine: { version: "26.1", repository: "https://10.1.0.1:8080/linux" },
    hosts: {
      m1: { role: "manager", address: "10.1.0.11" },
      m2: { role: "worker", address: "10.1.0.12", ...own },
    },
    ...changes,
  });

const plain = pc.createColors(false);
const byHost = ({ hosts }: Checked): Record<string, HostRow> =>
  Object.fromEntries(hosts.map((row) => [row.host, row]));

describe("looking machines through", () => {
  it("tells what each is, and what would be done there", async () => {
    const { hosts: rows } = await checkHosts(settings(), environment({ m1, m2 }));
    expect(rows.map(({ host, problems }) => [host, problems])).toEqual([
      ["m1", []],
      ["m2", []],
    ]);
    expect(rows[0]?.machine).toEqual({
      system: "CentOS Stream 9 (lab)",
      kernel: "6.1.176",
      architecture: "x86_64",
      hostname: "m1",
      addresses: ["10.1.0.11 (vec0)"],
      engine: "26.1.5",
      firewall: "firewalld",
      clockSkewSeconds: expect.any(Number) as number,
      selinux: "permissive",
      memoryMiB: 994,
      swapMiB: 0,
    });
    expect(rows[0]?.todo).toContain("listing the kernel modules to load at boot");
  });

  it("goes on where one does not answer, and says why", async () => {
    const silent = new Error("m1: no connection to m1 (root@10.1.0.11:22): no answer within 10 s");
    const rows = byHost(await checkHosts(settings(), environment({ m1: silent, m2 })));
    expect(rows.m1).toMatchObject({ problems: [silent.message], todo: [] });
    expect(rows.m1).not.toHaveProperty("machine");
    expect(rows.m2?.problems).toEqual([]);
  });

  it("names everything that stands in the way, of one machine and between two", async () => {
    const users = { ann: { uid: 1001 } };
    const clone = m2.replace("11111111", "81aecd5b").replace("clock=", "clock=9");
    const rows = byHost(
      await checkHosts(
        settings({}, { users, services: ["sparkle"], hostname: "keep", engine: { version: "25" } }),
        environment({ m1, m2: clone.replace("hostname=m2", "hostname=db7") }),
      ),
    );
    expect(rows.m2?.todo).toEqual([]);
    expect(rows.m2?.problems).toEqual([
      expect.stringMatching(/^host: got a clock that is \d+ s ahead of/),
      expect.stringMatching(/^engine\.version: got 25; the machine has 26\.1\.5/),
      "hostname: got keep, and the machine is called db7; expected a name whose first part is m2, because Docker knows nodes by their host names. Call the host db7 here, or leave hostname out to have the machine renamed.",
      "users.ann.uid: got 1001, which is bob's on this machine; expected one that is free. Take another.",
      expect.stringMatching(/^host: got machine-id 81aecd5b.* on m1 and m2/),
    ]);
    expect(rows.m1?.problems).toEqual([
      expect.stringMatching(/^host: got machine-id 81aecd5b.* on m1 and m2/),
    ]);
  });
});

describe("the network between them", () => {
  const way = expect.stringMatching(
    /^network: 7946\/udp from m1 to m2 \(10\.1\.0\.12\) does not get there; expected a rule that lets it in from 10\.1\.0\.99\./,
  ) as string;

  it("is tried where nothing of the machines' own is still closed", async () => {
    const checked = await checkHosts(settings({ firewall: false }), environment({ m1, m2 }));
    const rows = byHost(checked);
    expect([rows.m1?.problems, rows.m2?.problems]).toEqual([[], [way]]);
    expect(checked.network).toEqual({ ways: 2, blocked: 1, seconds: expect.any(Number) as number });
    const text = renderHosts(checked, plain);
    expect(text).toMatch(
      /\nnetwork: 2 ways from one machine to another tried in \d+\.\d s: something is in the way on 1$/,
    );
    const open = { ...checked, network: { ways: 2, blocked: 0, seconds: 1.24 } };
    expect(renderHosts(open, plain)).toMatch(/ tried in 1\.2 s: all are open$/);
  });

  it("leaves the ports of a node to its engine, which answers to tcp alone", async () => {
    const there = environment({ m1, m2 }, [], ["m1", "m2"]);
    const checked = await checkHosts(settings({ firewall: false }), there);
    // 7946/udp is what does not get to the second one.
    expect(byHost(checked).m2?.problems).toEqual([]);
  });

  it("needs ESP where an encrypted network is declared, or is there", async () => {
    const encrypted = { Scope: "swarm", Driver: "overlay", Options: { encrypted: "" } };
    const common = { firewall: false };
    const wordpress = { component: "WordPress", encrypted: true };
    const cases: [Settings, object[]][] = [
      [settings(common), [{ ...encrypted, Options: {} }]],
      [settings(common), [encrypted]],
      [settings({ ...common, stacks: { blog: wordpress } }), []],
    ];
    const problems = cases.map(async ([declared, networks]) => {
      const rows = byHost(await checkHosts(declared, environment({ m1, m2 }, networks)));
      const ofEsp = (texts: readonly string[] = []): boolean =>
        texts.some((text) => text.includes("protocol 50 (ESP) from m1 to m2 (10.1.0.12)"));
      return [ofEsp(rows.m2?.problems), ofEsp(rows.m1?.problems)];
    });
    const way = [false, true, true].map((isProblem) => [isProblem, false]);
    expect(await Promise.all(problems)).toEqual(way);
  });

  it("is tried at the ports and on the interfaces that are declared", async () => {
    const own = { role: "manager", listenAddr: "0.0.0.0:2400", dataPathAddr: "vec0" };
    const declared = settings({ firewall: false }, own);
    const { hosts } = await checkHosts(declared, environment({ m1, m2 }));
    expect(hosts[1]?.problems).toEqual([way]);
  });

  it("is not where `up` has yet to open a firewall, which is said", async () => {
    const rows = byHost(await checkHosts(settings(), environment({ m1, m2 })));
    expect(rows.m2?.problems).toEqual([]);
    expect(rows.m2?.advice).toEqual([
      "network: nobody tried to reach it, because firewalld there is closed for the other nodes; `up` opens it",
    ]);
  });

  it("is opened for all that the others speak from, data paths included", async () => {
    const paths = { dataPathAddr: "10.9.0.12" };
    const rows = byHost(await checkHosts(settings({}, paths), environment({ m1, m2 })));
    const opening = (host: string) => rows[host]?.todo.find((title) => title.startsWith("opening"));
    expect(opening("m1")).toMatch(/ in firewalld between the nodes$/);
    expect(opening("m2")).toMatch(/ in firewalld between the nodes, for m1 from 10\.1\.0\.99 too$/);
  });
});

describe("the table", () => {
  it("has a line for each machine, and below it what is to be seen to", async () => {
    const hostile = m2.replace("CentOS Stream 9 (lab)", "Cent\u001b[2JOS");
    const checked = await checkHosts(
      settings(),
      environment({ m1: new Error("m1: no answer"), m2: hostile }),
    );
    const text = renderHosts(checked, plain);
    expect(text.split("\n").slice(0, 3)).toEqual([
      expect.stringMatching(/^HOST +ROLE +SYSTEM +KERNEL +ADDRESSES +ENGINE +FIREWALL +CLOCK/),
      expect.stringMatching(/^m1 +manager +no answer +1 problem$/),
      expect.stringMatching(
        /^m2 +worker +Cent\\u001b\[2JOS +6\.1\.176 +10\.1\.0\.12 \(vec0\) +26\.1\.5 +firewalld +[+-]?\d+ s, nobody keeps it +can be prepared$/,
      ),
    ]);
    expect(text).toContain("\nm1: no answer\n");
    expect(text).toMatch(/\nm2: to do: .*listing the kernel modules/);
  });
});
