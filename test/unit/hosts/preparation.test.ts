import { acceptRule } from "../../../hosts/firewall-rules";
import { plan, restartsEngine } from "../../../hosts/preparation";
import { planRemoval } from "../../../hosts/removal";
import type { Step } from "../../../hosts/step";
import { facts, factsWithEngine, spec } from "./facts-sample";

// What these tests do not prove: that the scripts do what their titles say. That needs machines.

const engine = spec().engine;
const titles = (steps: readonly Step[]): string[] => steps.map(({ title }) => title);
const only = (steps: readonly Step[], id: string): Step => {
  const found = steps.find((step) => step.id === id);
  if (found === undefined) throw new Error(`no step ${id} among ${titles(steps).join(", ")}`);
  return found;
};

describe("plan", () => {
  it("is empty for a machine that is as it shall be", () => {
    expect(plan(facts(), spec())).toEqual([]);
  });

  it("prepares a fresh machine in order", () => {
    const fresh = facts({
      hostname: "localhost",
      hostsFile: "127.0.0.1 localhost\n",
      modules: { ip_vs: "available", overlay: "available" },
      modulesFile: undefined,
      sysctlFile: undefined,
      sysctls: {},
      packages: { docker: "1.13" },
      users: {},
      engine: {
        version: undefined,
        running: false,
        enabled: false,
        restartPending: false,
        rulesLost: false,
        installPending: false,
        path: undefined,
        flags: [],
        daemonJson: undefined,
        repository: undefined,
        repositoryFile: undefined,
        repositoryKeyFile: undefined,
        repositoryKeys: undefined,
      },
      firewall: {
        kind: "firewalld",
        zone: "public",
        takesAll: false,
        runtime: { openings: [], rules: [] },
        permanent: { openings: [], rules: [] },
      },
    });
    expect(titles(plan(fresh, spec({ packages: ["yum-utils"], update: true })))).toEqual([
      "setting the host name to m1",
      "writing the addresses of all nodes to /etc/hosts",
      "bringing all packages up to date",
      "installing yum-utils",
      "loading kernel modules ip_vs, overlay",
      "setting net.ipv4.ip_forward",
      "removing docker",
      "reading the packages of http://10.1.0.1:8080/linux",
      "installing docker-ce 26.1",
      "validating and writing daemon.json",
      "starting the engine",
      "making the user alice",
      "opening 2377/tcp, 7946/udp, esp in firewalld for everybody",
    ]);
  });

  it("leaves the engine at its version when none is declared", () => {
    expect(plan(facts(), spec({ engine: { ...engine, version: undefined } }))).toEqual([]);
  });

  it("takes the newest engine when none is declared and none is there", () => {
    const none = { ...factsWithEngine({ version: undefined }), packages: {} };
    const steps = plan(none, spec({ engine: { ...engine, version: undefined } }));
    expect(only(steps, "engine")).toMatchObject({ title: "installing docker-ce" });
  });

  it("updates the engine in place and restarts it", () => {
    expect(titles(plan(facts(), spec({ engine: { ...engine, version: "27.0.1" } })))).toEqual([
      "reading the packages of http://10.1.0.1:8080/linux",
      "updating docker-ce 26.1.5 to 27.0.1",
      "restarting the engine",
    ]);
  });

  it("completes an installation that was interrupted", () => {
    const half = factsWithEngine({ installPending: true, restartPending: true });
    expect(titles(plan(half, spec()))).toEqual([
      "finishing an interrupted package transaction",
      "reading the packages of http://10.1.0.1:8080/linux",
      "installing docker-ce 26.1",
      "restarting the engine",
    ]);
  });

  it.each([
    ["is stopped", { running: false }, "starting the engine"],
    ["is not enabled", { enabled: false }, "restarting the engine"],
    ["runs with an old file or binary", { restartPending: true }, "restarting the engine"],
  ])("sees that the engine %s", (_, change, title) => {
    expect(titles(plan(factsWithEngine(change), spec()))).toEqual([title]);
  });

  it("sees that the firewall lost the engine's rules, unless it is to have none", () => {
    expect(titles(plan(factsWithEngine({ rulesLost: true }), spec()))).toEqual([
      "restarting the engine, whose firewall rules are gone, so that published ports do not answer",
    ]);
    for (const daemon of [{ iptables: false }, { "firewall-backend": "nftables" }]) {
      const written = { ...daemon, "registry-mirrors": ["http://10.1.0.1:5000"] };
      const lost = factsWithEngine({ rulesLost: true, daemonJson: JSON.stringify(written) });
      expect(plan(lost, spec({ engine: { ...engine, daemon } }))).toEqual([]);
    }
  });

  it("keeps foreign keys of daemon.json, sets its own, and takes back those of before", () => {
    const present = factsWithEngine({ daemonJson: '{"debug": true, "bip": "10.9.0.1/24"}' });
    const wanted = spec({
      engine: { ...engine, labels: { b: "2", a: "1" } },
      former: { daemonKeys: ["bip"] },
    });
    const steps = plan(present, wanted);
    expect(titles(steps)).toEqual(["validating and writing daemon.json", "restarting the engine"]);
    expect(only(steps, "daemon-json").files).toEqual([
      {
        path: "/etc/docker/daemon.json.new",
        mode: "0600",
        content: `{
  "debug": true,
  "labels": [
    "a=1",
    "b=2"
  ],
  "registry-mirrors": [
    "http://10.1.0.1:5000"
  ]
}
`,
      },
    ]);
  });

  it("does not mind another spelling of the same daemon.json", () => {
    const present = factsWithEngine({
      daemonJson: '{"labels":["b=2","a=1"],"registry-mirrors":["http://10.1.0.1:5000"]}',
    });
    expect(plan(present, spec({ engine: { ...engine, labels: { a: "1", b: "2" } } }))).toEqual([]);
  });

  it("opens ports for the members only, and closes what was open for all", () => {
    const steps = plan(
      facts(),
      spec({
        firewall: { source: "members", ports: ["9100/tcp", "esp"] },
        former: {
          firewall: { spec: { source: "any", ports: ["2377/tcp", "esp"] }, members: ["10.1.0.12"] },
        },
      }),
    );
    expect(steps.map(({ title, args }) => [title, args])).toEqual([
      [
        "opening esp in firewalld between the nodes",
        [
          "public",
          '--add-rich-rule=rule family="ipv4" source address="10.1.0.12" protocol value="esp" accept',
        ],
      ],
      [
        "closing 2377/tcp, esp in firewalld for everybody",
        ["public", "--remove-port=2377/tcp", "--remove-protocol=esp"],
      ],
    ]);
  });

  it("lets in data paths and the user's own subnets beside the nodes", () => {
    const [step] = plan(
      facts(),
      spec({
        members: ["10.9.0.12", "10.1.0.11"],
        firewall: { source: "members", sources: ["10.20.0.0/16"], ports: ["9200/tcp"] },
      }),
    );
    const sources = step?.args?.map((rule) => /source address="([^"]+)"/.exec(rule)?.[1]);
    expect(sources).toEqual([undefined, "10.1.0.12", "10.9.0.12", "10.20.0.0/16"]);
  });

  describe("a manager that is to be a worker", () => {
    const members = ["10.1.0.12"];
    const former = {
      firewall: { spec: { source: "members" as const, ports: ["2377/tcp", "esp"] }, members },
    };
    const rules = ["esp", "2377/tcp"].map((opening) => acceptRule("ipv4", "10.1.0.12", opening));
    const open = { ...facts().firewall, runtime: { openings: [], rules } };
    const found = facts({ firewall: { ...open, permanent: open.runtime } });
    const wanted = spec({ firewall: { source: "members", ports: ["esp"] }, former });

    it("keeps its port until it is one no more", () => {
      const steps = plan(found, { ...wanted, isManager: true });
      expect(titles(steps)).toEqual([
        "noting that 2377/tcp is to be closed once it is a manager no more",
      ]);
      const option =
        '--remove-rich-rule=rule family="ipv4" source address="10.1.0.12" port port="2377" protocol="tcp" accept';
      expect(steps[0]?.files?.[0]?.content).toBe(`public\n${option}\n`);
      expect(plan({ ...found, closingNoted: true }, { ...wanted, isManager: true })).toEqual([]);
    });

    it("closes it at once when it is none", () => {
      expect(titles(plan(found, wanted))).toEqual([
        "closing 2377/tcp in firewalld between the nodes",
      ]);
    });
  });

  it("opens what is open now but would not be after the next start", () => {
    const { firewall } = facts();
    const steps = plan(
      facts({ firewall: { ...firewall, permanent: { openings: [], rules: [] } } }),
      spec(),
    );
    expect(titles(steps)).toEqual(["opening 2377/tcp, 7946/udp, esp in firewalld for everybody"]);
  });

  it("speaks ufw where ufw is at work", () => {
    const rules = { openings: ["2377/tcp"], rules: [] };
    const steps = plan(
      facts({
        firewall: { ...facts().firewall, kind: "ufw", zone: "", runtime: rules, permanent: rules },
      }),
      spec({ firewall: { source: "any", ports: ["2377/tcp", "8000-8010/tcp", "esp"] } }),
    );
    expect(steps[0]?.args).toEqual([
      "allow proto tcp from any to any port 8000:8010",
      "allow proto esp from any to any",
    ]);
  });

  it("finds again in ufw what it has opened for single addresses and subnets", () => {
    const rules = { openings: [], rules: ["esp 10.1.0.12", "esp fd00::5", "esp 10.20.0.0/16"] };
    const steps = plan(
      facts({
        firewall: { ...facts().firewall, kind: "ufw", zone: "", runtime: rules, permanent: rules },
      }),
      spec({
        firewall: { source: "members", sources: ["fd00::5/128", "10.20.0.0/16"], ports: ["esp"] },
      }),
    );
    expect(steps).toEqual([]);
  });

  it.each([
    ["false", spec({ firewall: false }), facts()],
    [
      "no firewall at work",
      spec({ firewall: { source: "any", ports: ["1/tcp"] } }),
      facts({ firewall: { ...facts().firewall, kind: "none" } }),
    ],
  ])("leaves the firewall alone with %s", (_, wanted, present) => {
    expect(plan(present, wanted)).toEqual([]);
  });

  it("takes users out of the group that are no longer declared", () => {
    const former = { users: { alice: { groups: ["docker"] }, bob: { groups: ["docker"] } } };
    const wanted = spec({ users: {}, former });
    expect(titles(plan(facts(), wanted))).toEqual(["taking alice out of docker"]);
  });
});

describe("planRemoval", () => {
  it("takes back what is ours and leaves the engine", () => {
    const steps = planRemoval(facts(), spec(), false);
    expect(titles(steps)).toEqual([
      "closing 2377/tcp, 7946/udp, esp in firewalld for everybody",
      "taking the addresses of the nodes out of /etc/hosts",
      "removing the files of the preparation",
    ]);
    expect(only(steps, "hosts").files).toEqual([
      { path: "/etc/hosts", content: "127.0.0.1 localhost\n" },
    ]);
  });

  it("removes the engine when told to, and its daemon.json where all of it was declared", () => {
    const steps = planRemoval(facts(), spec(), true);
    expect(titles(steps).slice(1, 3)).toEqual([
      "removing docker-ce 26.1.5; /var/lib/docker stays",
      "removing daemon.json",
    ]);
    expect(only(steps, "daemon-json").script).toContain("rm -f /etc/docker/daemon.json");
  });

  it.each([
    [
      "keys of somebody else's",
      '{ "debug": true, "registry-mirrors": ["http://10.1.0.1:5000"] }',
      [{ path: "/etc/docker/daemon.json", content: '{\n  "debug": true\n}\n', mode: "0600" }],
    ],
    ["a file that cannot be read", "{ debug", undefined],
    ["no file", undefined, undefined],
  ])("leaves of daemon.json %s", (_, daemonJson, files) => {
    const steps = planRemoval(factsWithEngine({ daemonJson }), spec(), true);
    const step = steps.find(({ id }) => id === "daemon-json");
    expect(step?.files).toEqual(files);
    expect(step?.script).toBeUndefined();
  });
});

describe("restartsEngine", () => {
  it.each<[string, ReturnType<typeof facts>, ReturnType<typeof spec>, boolean]>([
    ["another version", facts(), spec({ engine: { ...engine, version: "27" } }), true],
    ["a changed daemon.json", facts(), spec({ engine: { ...engine, labels: { a: "b" } } }), true],
    ["nothing of the engine", facts({ hostname: "x" }), spec(), false],
    ["an engine that does not run", factsWithEngine({ running: false }), spec(), false],
  ])("%s", (_what, found, wanted, restarts) => {
    expect(restartsEngine(found, plan(found, wanted))).toBe(restarts);
  });
});
