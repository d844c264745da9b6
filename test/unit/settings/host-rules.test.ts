import { parseSettings } from "../../../settings/parse";
import { render } from "../../../settings/problem";

const lab = { lab: {}, hosts: { "web-1": { role: "manager" } } };

/** What is wrong with a lab of one manager that has these settings, for all or of its own. */
function problems(all: object, own: object = {}, more: object = {}): string[] {
  const hosts = { "web-1": { role: "manager", ...own } };
  const parsed = parseSettings({ ...lab, ...more, ...(all === lab ? {} : { host: all }), hosts });
  return "problems" in parsed ? parsed.problems.map(render) : [];
}

describe("host settings", () => {
  it("are taken for all hosts and for one", () => {
    const settings = {
      hostname: "keep",
      packages: ["gcc", "gcc-c++"],
      users: { hadoop: { uid: 1500, groups: ["docker"], sudo: "ALL=(ALL) NOPASSWD: ALL" } },
      modules: ["nvme_tcp"],
      sysctls: { "vm.max_map_count": 262144, "net.core.somaxconn": "1024" },
      ...{ services: ["node_exporter"], timeService: "any", swap: false, update: true },
      ...{ dockerCompose: true, removeEngine: true },
    };
    expect(problems(settings)).toEqual([]);
    const own = { ...settings, hostname: "web-1.example.org", firewall: false };
    const engine = { version: "28.5", registryMirrors: ["https://m"], daemon: { debug: true } };
    expect(problems({}, { ...own, engine: { ...engine, labels: { zone: "a" } } })).toEqual([]);
  });

  it("are refused with what was expected, all of them at once", () => {
    const own = {
      hostname: "web_1",
      packages: ["--assumeyes"],
      users: { "0day": {}, ann: { uid: "1000", authorizedKeys: ["-----BEGIN PRIVATE KEY-----"] } },
      ...{ timeService: "ntp", swap: "off", services: ["a b"], updates: true },
      firewall: { sources: ["10.0.0.5/8"] },
    };
    expect(problems({ sysctls: { forward: 1 } }, own)).toEqual([
      'host.sysctls.forward: got "forward"; expected a kernel setting such as net.ipv4.ip_forward',
      'hosts.web-1.firewall.sources[0]: got "10.0.0.5/8"; expected 10.0.0.0/8, the subnet that the address lies in',
      'hosts.web-1.hostname: got "web_1"; expected a host name of letters, digits and hyphens, with or without a domain',
      'hosts.web-1.packages[0]: got "--assumeyes"; expected the name of a package',
      'hosts.web-1.services[0]: got "a b"; expected the name of a systemd service, such as node_exporter',
      'hosts.web-1.swap: got "off"; expected true or false',
      'hosts.web-1.timeService: got "ntp"; expected "any", "chrony" or "timesyncd"',
      'hosts.web-1.updates: unknown key. Did you mean "update"?',
      'hosts.web-1.users.0day: got "0day"; expected the name of a Unix user',
      'hosts.web-1.users.ann.authorizedKeys[0]: got a text of 27 characters; expected a line of authorized_keys, such as "ssh-ed25519 AAAA… name"',
      'hosts.web-1.users.ann.uid: got "1000"; expected a number',
    ]);
  });

  it("give no two users one number, whichever of the places they come from", () => {
    const users = { ann: { uid: 1500 } };
    expect(problems({ users: { ...users, bob: { uid: 1500 } } })).toEqual([
      "host.users.bob.uid: got 1500, the number of ann too; expected one of its own",
    ]);
    expect(problems({ users }, { users: { bob: { uid: 1500 } } })).toEqual([
      "hosts.web-1.users.bob.uid: got 1500, the number of ann too; expected one of its own",
    ]);
    expect(problems({ users }, { users: { ann: { uid: 1500 } } })).toEqual([]);
  });

  it("give no two machines one name", () => {
    expect(problems({ hostname: "web.example.org" })).toEqual([
      'host.hostname: got "web.example.org"; expected "keep", because no two machines have one name. Give each its own in hosts.NAME.hostname',
    ]);
    expect(problems({}, { hostname: "db-1.example.org" })[0]).toMatch(
      /^hosts\.web-1\.hostname: got "db-1\.example\.org"; expected "keep" or a name whose first part is the host's/,
    );
  });

  it("let the nodes' interfaces stand where the firewall of each host lets a subnet in", () => {
    const one = { address: "10.0.0.1", advertiseAddr: "eth1", hostKey: "x" };
    const hosts = { "web-1": { role: "manager", ...one } };
    const said = (more: object): boolean => {
      const parsed = parseSettings({ hosts, ...more });
      return (
        "problems" in parsed &&
        parsed.problems.some(({ path }) => path === "hosts.web-1.advertiseAddr")
      );
    };
    expect(said({})).toBe(true);
    expect(said({ firewall: { sources: ["10.0.0.0/8"] } })).toBe(false);
    expect(said({ firewall: false, hosts: { "web-1": { ...hosts["web-1"], firewall: {} } } })).toBe(
      true,
    );
  });
});
