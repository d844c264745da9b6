import { Run } from "../../../cluster/run";
import { diffHost } from "../../../provider/host/diff";
import { hostInputs } from "../../../provider/host/arguments";
import type { HostInputs, HostState } from "../../../provider/host/arguments";
import { checkHost } from "../../../provider/host/check";
import { hostType } from "../../../provider/host/host";
import { canonicalRepository, toSpec, toTakeBack } from "../../../provider/host/spec";
import { importedInputs, stateOf } from "../../../provider/host/state";
import type { Context } from "../../../provider/context";
import { planRemoval } from "../../../hosts/removal";
import type { Step } from "../../../hosts/step";
import { validate } from "../../../provider/adapter/validate";
import { UNKNOWN } from "../../../provider/value";
import { facts, factsWithEngine, LAB_KEY, SAMPLE } from "../hosts/facts-sample";

const RAW = {
  host: "m1",
  addresses: { m1: "10.1.0.11", m2: "10.1.0.12" },
  engine: {
    version: "26.1",
    repository: "http://10.1.0.1:8080",
    repositoryKey: [LAB_KEY],
    registryMirrors: ["http://10.1.0.1:5000"],
  },
  firewall: false as const,
  users: { alice: {} },
  modules: ["overlay", "ip_vs"],
  sysctls: { "net.ipv4.ip_forward": 1 },
};

function checked(changes: object = {}): HostInputs {
  const { inputs, failures } = checkHost({ news: hostInputs.parse({ ...RAW, ...changes }) });
  expect(failures).toEqual([]);
  return inputs;
}

function failuresOf(changes: object): string[] {
  const { failures } = checkHost({ news: hostInputs.parse({ ...RAW, ...changes }) });
  return failures.map(({ path, reason }) => `${path}: ${reason}`);
}

const diff = (found = facts(), inputs = checked()) =>
  diffHost({ old: stateOf(found, inputs, inputs.update), news: inputs }).changes;

describe("check", () => {
  it("fills in the host name and the openings of a manager", () => {
    expect(checked({ firewall: { ports: ["9100/tcp"], dataPathPort: 7777 } })).toMatchObject({
      hostname: "m1",
      sysctls: { "net.ipv4.ip_forward": "1" },
      firewall: { ports: ["2377/tcp", "7777/udp", "7946/tcp", "7946/udp", "9100/tcp", "esp"] },
    });
  });

  it("leaves 2377 closed on a worker", () => {
    expect(checked({ firewall: { role: "worker" } }).firewall).toMatchObject({
      ports: ["4789/udp", "7946/tcp", "7946/udp", "esp"],
    });
  });

  it("names everything that is wrong at once", () => {
    expect(
      failuresOf({
        addresses: { "m 1": "10.1.0", m2: "10.1.0.12" },
        engine: {
          version: "latest",
          repository: "ftp://a",
          registryMirrors: ["a:5000"],
          labels: { "a b": "1", c: "x\ny" },
          daemon: { labels: ["a=b"] },
        },
        firewall: { ports: ["80"] },
        users: { alice: { uid: 1500 }, bob: { uid: 1500 } },
      }),
    ).toEqual([
      'addresses["m 1"]: got "m 1"; expected a host name of letters, digits and hyphens',
      'addresses["m 1"]: got "10.1.0"; expected an IP address',
      'engine.version: got "latest"; expected a version of docker-ce such as 26.1.5, or its first digits',
      'engine.repository: got "ftp://a"; expected a URL that begins with https:// or http://',
      'engine.registryMirrors[0]: got "a:5000"; expected a URL that begins with https:// or http://',
      'engine.labels["a b"]: got "a b"; expected a label name without spaces and =',
      'engine.labels.c: got "x\\ny"; expected one line',
      "engine.daemon.labels: got a value; expected it as engine.labels. Move it there.",
      'firewall.ports[0]: got "80"; expected port/protocol such as 9100/tcp or 30000-30010/udp, or a protocol such as esp',
      "users.bob.uid: got 1500, the number of alice too; expected one of its own",
    ]);
  });

  it("names all that has the wrong form, in the words of the settings", () => {
    const value = {
      ...{ host: "m1", addresses: {}, hostname: "web_1", packages: ["-y"], modules: ["../x"] },
      users: { "Root!": {}, bob: { uid: 0, authorizedKeys: ["ssh-ed25519 AAAA"], sudo: "ALL" } },
      ...{ sysctls: { forward: "1" }, services: ["--now"], timeService: "ntp" },
      firewall: { sources: ["10.20.0.5/16", "fd00::5/64", "10.0.0.1"] },
    };
    const { failures } = validate(hostInputs, { value, secrets: [], unknowns: [] });
    expect(failures.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'hostname: got "web_1"; expected a host name of letters, digits and hyphens, with or without a domain',
      'firewall.sources[0]: got "10.20.0.5/16"; expected 10.20.0.0/16, the subnet that the address lies in',
      'firewall.sources[1]: got "fd00::5/64"; expected fd00::/64, the subnet that the address lies in',
      'packages[0]: got "-y"; expected the name of a package',
      'users["Root!"]: got this key; expected the name of a Unix user',
      "users.bob.uid: got 0; expected 1 to 60000",
      'users.bob.authorizedKeys[0]: got "ssh-ed25519 AAAA"; expected a line of authorized_keys, such as "ssh-ed25519 AAAA… name"',
      `users.bob.sudo: got "ALL"; expected a rule of sudo's without the user, such as "ALL=(ALL) NOPASSWD: ALL"`,
      'modules[0]: got "../x"; expected the name of a kernel module',
      "sysctls.forward: got this key; expected a kernel setting such as net.ipv4.ip_forward",
      'services[0]: got "--now"; expected the name of a systemd service, such as node_exporter',
      'timeService: got "ntp"; expected "any", "chrony" or "timesyncd"',
    ]);
  });

  it("refuses an engine that speaks too old an API, and what is no fingerprint", () => {
    expect(
      failuresOf({ engine: { ...RAW.engine, version: "18.03.1", repositoryKey: ["621E9F35"] } }),
    ).toEqual([
      "engine.version: got 18.03.1; expected 20.10 or newer, the first that speaks version 1.41 of Docker's API. Declare such a version; an older engine is updated to it in place.",
      'engine.repositoryKey[0]: got "621E9F35"; expected the fingerprint of a key, 40 hex digits as `gpg --show-keys` prints them',
    ]);
  });

  describe("a repository", () => {
    const said = (
      repository: string,
      repositoryKey: false | string[] | undefined,
      inLab = false,
    ) => {
      const news = hostInputs.parse({ ...RAW, engine: { repository, repositoryKey } });
      const { failures, warnings = [] } = checkHost({ news }, { inLab });
      return [...failures.map(({ path }) => `refused ${path}`), ...warnings];
    };

    it("is nothing to speak of with TLS and a known key, and in a lab", () => {
      expect(said("https://a", undefined)).toEqual([]);
      expect(said("https://a", [LAB_KEY])).toEqual([]);
      expect(said("http://10.1.0.1", false, true)).toEqual([]);
    });

    it("is warned of with whatever key, and without TLS", () => {
      expect(said("https://a", false)[0]).toMatch(
        /^engine\.repositoryKey: false trusts whatever key/,
      );
      expect(said("http://a", undefined)[0]).toMatch(
        /^engine\.repository: http:\/\/a is spoken to/,
      );
      expect(said("http://a", [LAB_KEY])).toHaveLength(1);
    });

    it("is refused with neither", () => {
      expect(said("http://a", false)).toEqual(["refused engine.repositoryKey"]);
    });
  });

  it("lets the nodes alone in unless told otherwise in words, and warns of who lets everybody in", () => {
    const said = (firewall: object): string[] => {
      const { warnings = [] } = checkHost({ news: hostInputs.parse({ ...RAW, firewall }) });
      return warnings.filter((text) => text.startsWith("firewall"));
    };
    expect(checked({ firewall: {} }).firewall).toMatchObject({ source: "members" });
    expect(said({})).toEqual([]);
    expect(said({ sources: ["10.0.0.0/8"] })).toEqual([]);
    expect(said({ source: "any" })).toEqual([
      expect.stringMatching(
        /^firewall\.source: any lets everybody reach 2377\/tcp, 4789\/udp, 7946\/tcp,/,
      ),
    ]);
  });

  it("leaves values that are not known yet for later", () => {
    expect(
      failuresOf({
        addresses: { m1: UNKNOWN },
        engine: { repository: UNKNOWN, registryMirrors: [UNKNOWN] },
      }),
    ).toEqual([]);
  });
});

describe("diff", () => {
  it("is empty for a machine that is as declared", () => {
    expect(diff()).toEqual({});
  });

  it("is empty whatever version is there when none is declared", () => {
    const inputs = checked({ engine: { ...RAW.engine, version: undefined } });
    expect(diff(facts(), inputs)).toEqual({});
  });

  it.each([
    ["the host name", facts({ hostname: "other" }), { hostname: "update" }],
    [
      "an address",
      facts({ hostsFile: facts().hostsFile.replace("10.1.0.12 m2", "10.1.0.99 m2") }),
      { "addresses.m2": "update" },
    ],
    ["an older engine", factsWithEngine({ version: "25.0.1" }), { "engine.version": "update" }],
    [
      "another mirror",
      factsWithEngine({ daemonJson: '{"registry-mirrors":["http://other"]}' }),
      { "engine.registryMirrors[0]": "update" },
    ],
    [
      "another repository",
      factsWithEngine({ repository: "https://other/linux" }),
      { "engine.repository": "update" },
    ],
    ["a user", facts({ users: {} }), { "users.alice": "add" }],
    [
      "a user's group",
      facts({ users: { alice: { uid: 1, groups: [], authorizedKeys: [], sudo: undefined } } }),
      { "users.alice.groups[0]": "add" },
    ],
    [
      "a module",
      facts({ modules: { ...facts().modules, ip_vs: "available" } }),
      { "modules[1]": "add" },
    ],
    [
      "a kernel setting",
      facts({ sysctls: { "net.ipv4.ip_forward": "0" } }),
      { 'sysctls["net.ipv4.ip_forward"]': "update" },
    ],
    [
      "a repository's key",
      factsWithEngine({ repositoryKeys: ["060A61C51B558A7F742B77AAC52FEB6B621E9F35"] }),
      { "engine.repositoryKey[0]": "update" },
    ],
    ["a stopped engine", factsWithEngine({ running: false }), { pending: "update" }],
    ["a file for the next boot", facts({ sysctlFile: undefined }), { pending: "update" }],
  ])("shows %s that was changed by hand", (_, found, changes) => {
    expect(diff(found)).toEqual(changes);
  });

  it("shows a key that is not Docker's where none is declared, and none that is", () => {
    const inputs = checked({ engine: { ...RAW.engine, repositoryKey: undefined } });
    expect(diff(facts(), inputs)).toEqual({ "engine.repositoryKey": "delete" });
    const docker = ["060A61C51B558A7F742B77AAC52FEB6B621E9F35"];
    expect(diff(factsWithEngine({ repositoryKeys: docker }), inputs)).toEqual({});
  });

  it("shows keys of daemon.json one by one, and only declared ones", () => {
    const daemon = { "log-driver": "local", "log-opts": { "max-size": "10m", "max-file": "3" } };
    const inputs = checked({ engine: { ...RAW.engine, daemon } });
    const found = factsWithEngine({
      daemonJson: JSON.stringify({
        "registry-mirrors": RAW.engine.registryMirrors,
        "log-opts": { "max-size": "1m", "max-file": "3" },
        debug: true,
      }),
    });
    expect(diff(found, inputs)).toEqual({
      "engine.daemon.log-driver": "add",
      "engine.daemon.log-opts.max-size": "update",
    });
  });

  it("does not mind an empty part of daemon.json that is not there", () => {
    const inputs = checked({ engine: { ...RAW.engine, daemon: { "log-opts": {}, hosts: [] } } });
    const mirrors = { "registry-mirrors": RAW.engine.registryMirrors };
    const found = (config: object) =>
      factsWithEngine({ daemonJson: JSON.stringify({ ...mirrors, ...config }) });
    expect(diff(found({}), inputs)).toEqual({});
    expect(diff(found({ "log-opts": { "max-size": "1m" } }), inputs)).toEqual({
      "engine.daemon.log-opts.max-size": "delete",
    });
  });

  it("shows a closed port", () => {
    const inputs = checked({ firewall: { source: "any" } });
    const { firewall } = facts();
    const runtime = { openings: ["4789/udp", "7946/tcp", "7946/udp", "esp"], rules: [] };
    const found = facts({ firewall: { ...firewall, runtime, permanent: runtime } });
    expect(diff(found, inputs)).toEqual({ "firewall.ports[0]": "add" });
  });

  it("replaces the resource when it moves to another machine", () => {
    const old = stateOf(facts(), checked(), false);
    expect(diffHost({ old, news: { ...checked(), host: "m9" } }).changes).toEqual({
      host: "update-replace",
    });
  });

  it("says what stands in a daemon.json that cannot be read", () => {
    const inputs = checked();
    const { pending } = stateOf(factsWithEngine({ daemonJson: "{" }), inputs, false);
    expect(pending).toHaveLength(1);
    expect(pending[0]).toMatch(
      /^engine\.daemon: got an \/etc\/docker\/daemon\.json that is not JSON/,
    );
  });
});

describe("preview", () => {
  const said: string[] = [];
  const node = { ID: "n1", Description: { Hostname: "m1" }, Status: { State: "ready" } };
  const none = async () => Promise.resolve([]);
  const context = {
    managers: { nodes: async () => Promise.resolve([node]), services: none, tasks: none },
    run: new Run(),
    info: (text: string) => said.push(text),
  } as unknown as Context;
  const preview = async (news: HostInputs, old: HostState) =>
    hostType.preview?.(news, old, context);
  beforeEach(() => said.splice(0));
  const old = stateOf(facts(), checked(), false);

  it("refuses an older engine", async () => {
    const news = checked({ engine: { ...RAW.engine, version: "25.0" } });
    await expect(preview(news, old)).rejects.toThrow(
      "engine.version: got 25.0; the machine has 26.1.5, and an engine never goes back to an older version, because it may not be able to read its data. Declare 26.1.5 or newer, or prepare a fresh machine.",
    );
  });

  it("does not promise facts that an update of the engine changes", async () => {
    const news = checked({ engine: { ...RAW.engine, version: "27" } });
    expect(await preview(news, old)).toEqual({ pending: [], facts: UNKNOWN });
    expect(await preview(checked(), old)).toEqual({ pending: [], facts: old.facts });
  });

  it("refuses a user whose number is somebody else's, before anything is done", async () => {
    const looked = SAMPLE.replace(" bob 1001", " bob 1500");
    const script = async () => Promise.resolve({ stdout: looked });
    const machines = { get: () => ({ script }) } as unknown as Context["machines"];
    const refused = async (changes: object): Promise<unknown> =>
      hostType.preview?.(checked(changes), old, { ...context, machines });
    await expect(refused({ users: { alice: {}, ann: { uid: 1500 } } })).rejects.toThrow(
      "m1 cannot be as declared; nothing was changed on it.\n" +
        "users.ann.uid: got 1500, which is bob's on this machine; expected one that is free. Take another.",
    );
    await expect(refused({ users: { alice: { uid: 1001 } } })).rejects.toThrow(
      "users.alice.uid: got 1001; the machine's alice has 1000",
    );
    await expect(refused({ users: { alice: {}, ann: { uid: 1501 } } })).resolves.toBeDefined();
  });

  it("says what a restart of the engine does to the node, and nothing without one", async () => {
    const text =
      "the engine restarts: the node gives its tasks away before and takes new ones afterwards, one machine after the other.";
    await preview(checked({ engine: { ...RAW.engine, version: "27" } }), old);
    await preview(checked({ engine: { ...RAW.engine, registryMirrors: ["http://b:5000"] } }), old);
    expect(said).toEqual([text, text]);
    await preview(checked({ users: {}, engine: { ...RAW.engine, repository: "http://b" } }), old);
    expect(said).toHaveLength(2);
  });

  it("says so where the firewall lost the engine's rules, whatever else changes", async () => {
    const { engine, ...others } = facts();
    const lost = (news: HostInputs): HostState =>
      stateOf({ ...others, engine: { ...engine, rulesLost: true } }, news, false);
    const title =
      "restarting the engine, whose firewall rules are gone, so that published ports do not answer";
    expect(lost(checked()).pending).toEqual([title]);
    const changed = checked({ engine: { ...RAW.engine, labels: { a: "1" } } });
    expect(lost(changed).pending).toEqual([title]);
    await preview(checked(), lost(checked()));
    expect(said).toEqual([expect.stringMatching(/^the engine restarts: the node gives/)]);
  });
});

describe("toSpec", () => {
  it("takes back what is not declared any more", () => {
    const before = checked({
      engine: { ...RAW.engine, labels: { a: "1" }, daemon: { debug: true } },
      users: { alice: {}, bob: {} },
      firewall: { source: "members" },
    });
    const old = stateOf(
      factsWithEngine({ daemonJson: '{"labels":["a=1"],"debug":true,"registry-mirrors":["x"]}' }),
      before,
      true,
    );
    const spec = toSpec(checked({ update: true, firewall: {} }), old);
    expect(spec.update).toBe(false);
    expect(spec.former).toMatchObject({
      daemonKeys: ["debug", "labels"],
      users: { alice: { groups: ["docker"] } },
      firewall: { members: ["10.1.0.12"] },
    });
  });

  it("takes all openings back, although somebody has taken a node and a port away by hand", () => {
    const declared = checked({ firewall: { source: "members", ports: ["9100/tcp"] } });
    const drifted = facts({ hostsFile: "127.0.0.1 localhost\n" });
    const old = stateOf(drifted, declared, false);
    expect([old.addresses, old.firewall]).toMatchObject([{}, { ports: ["9100/tcp"] }]);
    const close = (inputs: HostInputs): Step | undefined =>
      planRemoval(drifted, toSpec(inputs), false).find(({ id }) => id === "firewall-close");
    expect(close(toTakeBack(old, undefined))).toBeUndefined();
    const rule =
      'rule family="ipv4" source address="10.1.0.12" port port="9100" protocol="tcp" accept';
    expect(close(toTakeBack(old, declared))?.args).toContain(`--remove-rich-rule=${rule}`);
    const closed = { ...old, firewall: { ...declared.firewall, ports: [] } } as HostState;
    expect(close(toTakeBack(closed, declared))?.args).toContain(`--remove-rich-rule=${rule}`);
  });

  it.each([
    ["https://download.docker.com", "https://download.docker.com/linux"],
    ["https://download.docker.com/linux/", "https://download.docker.com/linux"],
    ["https://a.example/docker-ce/linux", "https://a.example/docker-ce/linux"],
  ])("reads the repository %s as %s", (url, canonical) => {
    expect(canonicalRepository(url)).toBe(canonical);
  });
});

describe("importedInputs", () => {
  it("describes a machine so that nothing differs", () => {
    const found = factsWithEngine({
      daemonJson: '{"labels":["tier=db"],"debug":true,"insecure-registries":["a:5000"]}',
    });
    const inputs = importedInputs("m1", found);
    expect(inputs.engine).toEqual({
      version: "26.1.5",
      repository: "http://10.1.0.1:8080/linux",
      repositoryKey: [LAB_KEY],
      labels: { tier: "db" },
      insecureRegistries: ["a:5000"],
      daemon: { debug: true },
    });
    expect(Object.keys(diff(found, { ...inputs, firewall: false }))).not.toContain("engine");
  });
});
