import { decode, parseSettings } from "../../../settings/parse";
import { render } from "../../../settings/problem";

const hostKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL admin@console";
const keyscan =
  "Read it with `npm run hosts -- keys`, or `ssh-keyscan -t ed25519 203.0.113.11`, and compare it with " +
  "`cat /etc/ssh/ssh_host_ed25519_key.pub` on the machine's console.";
const ssh = { agent: "/run/agent.sock" };
const wordPress = { wordpress: { component: "WordPress" } };

function problems(raw: Record<string, unknown>): string[] {
  const parsed = parseSettings(raw);
  return "problems" in parsed ? parsed.problems.map(render) : [];
}

function lab(hosts: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return { lab: {}, hosts, ...more };
}

function existing(host: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return {
    ssh,
    hosts: { "web-1": { role: "manager", address: "203.0.113.11", hostKey, ...host } },
    ...more,
  };
}

describe("parseSettings", () => {
  it("accepts a lab", () => {
    const raw = {
      lab: { memory: "1536MiB" },
      hosts: {
        "manager-1": { role: "manager" },
        "worker-1": { role: "worker", labels: { tier: "db" } },
      },
      stacks: { wordpress: { component: "WordPress", replicas: 2 } },
      registries: { "registry.example.org:5000": { username: "deploy", password: "p" } },
    };
    expect(parseSettings(raw)).toEqual({ settings: raw, warnings: [] });
  });

  it("accepts machines that exist, with everything that can be said of them", () => {
    const raw = existing(
      {
        ssh: {
          user: "admin",
          port: 2222,
          password: "p",
          sudoPassword: "q",
          jump: { address: "jump.example.org", hostKey, agent: "/run/agent.sock" },
        },
        advertiseAddr: "eth1",
        dataPathAddr: "203.0.113.12",
        labels: { "org.example/zone": "a b" },
        availability: "drain",
        engine: { labels: { disk: "ssd" } },
      },
      {
        ssh: { privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\n…", passphrase: "r" },
        engine: {
          version: "26.1.5",
          repository: "https://mirror.example.org/docker-ce",
          registryMirrors: ["https://registry.example.org"],
          insecureRegistries: ["203.0.113.0/24"],
          daemon: { "log-driver": "journald" },
        },
        firewall: { sources: ["10.20.0.0/16", "fd00::1"], ports: ["9100/tcp", "esp"] },
        settings: {
          externalCas: [{ url: "https://ca.example.org", options: { a: "b" } }],
          certExpiry: "2160h0m0s",
          defaultAddrPool: ["10.20.0.0/16"],
          dataPathPort: 4789,
        },
        protect: true,
      },
    );
    expect(parseSettings(raw)).toEqual({ settings: raw, warnings: [] });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ["an empty configuration", {}, ["hosts: got nothing; expected a map"]],
    [
      "no host",
      lab({}),
      ["hosts: got no manager; expected one at least. Give one host `role: manager`."],
    ],
    [
      "no manager",
      lab({ a: { role: "worker" } }),
      ["hosts: got no manager; expected one at least. Give one host `role: manager`."],
    ],
    [
      "an unknown role, and not a missing manager on top",
      lab({ "web-2": { role: "boss" } }),
      ['hosts.web-2.role: got "boss"; expected "manager" or "worker"'],
    ],
    [
      "unknown keys, near and far from a known one",
      lab({ a: { role: "manager", lables: {} } }, { stack: {}, colour: "red" }),
      [
        "colour: unknown key. Known: engine, firewall, host, hosts, lab, protect, registries, settings, ssh, stacks.",
        'hosts.a.lables: unknown key. Did you mean "labels"?',
        'stack: unknown key. Did you mean "stacks"?',
      ],
    ],
    [
      "memory that is not a size",
      { lab: { memory: "lots" }, hosts: { a: { role: "manager" } } },
      ['lab.memory: got "lots"; expected "1536MiB", "2GiB" or the like'],
    ],
    [
      "an unknown system for the lab",
      { lab: { image: "arch" }, hosts: { a: { role: "manager" } } },
      ['lab.image: got "arch"; expected "centos7", "centos", "centos10", "debian" or "ubuntu"'],
    ],
    [
      "machines without address and key",
      { ssh, hosts: { a: { role: "manager" } } },
      [
        "hosts.a.address: got nothing; expected an IP address. " +
          "To boot the hosts on this machine instead, set swarm:lab",
        `hosts.a.hostKey: got nothing; expected "ssh-ed25519 AAAA…". ${keyscan.replace("203.0.113.11", "ADDRESS")}`,
      ],
    ],
    [
      "a missing host key, with the command for this very machine",
      { ssh, hosts: { a: { role: "manager", address: "203.0.113.11" } } },
      [`hosts.a.hostKey: got nothing; expected "ssh-ed25519 AAAA…". ${keyscan}`],
    ],
    [
      "a placeholder for a host key",
      existing({ hostKey: "ssh-ed25519 PASTE-HERE" }),
      [
        'hosts.web-1.hostKey: got "ssh-ed25519 PASTE-HERE"; expected "ssh-ed25519 AAAA…". ' +
          keyscan,
      ],
    ],
    [
      "machines that nobody can log in to",
      existing({ ssh: { user: "admin" } }, { ssh: {} }),
      [
        "ssh: got no way to log in to any host; " +
          "expected privateKey, agent or password, here or in hosts.NAME.ssh",
      ],
    ],
    [
      "one machine that nobody can log in to",
      {
        hosts: {
          a: { role: "manager", address: "203.0.113.11", hostKey },
          b: { role: "worker", address: "203.0.113.12", hostKey, ssh },
        },
      },
      [
        "ssh: got no way to log in to a; " +
          "expected privateKey, agent or password, here or in hosts.NAME.ssh",
      ],
    ],
    [
      "a bad address",
      existing({ address: "203.0.113.256" }),
      [
        'hosts.web-1.address: got "203.0.113.256"; expected an IP address, such as 203.0.113.11, or a DNS name',
      ],
    ],
    [
      "two hosts with one address",
      {
        ssh,
        hosts: {
          a: { role: "manager", address: "203.0.113.11", hostKey },
          b: { role: "worker", address: "203.0.113.11", hostKey },
        },
      },
      ['hosts.b.address: got "203.0.113.11"; expected another address than that of a'],
    ],
    [
      "lab machines with addresses, keys or log-ins",
      lab({ a: { role: "manager", address: "203.0.113.11", hostKey } }, { ssh: { user: "x" } }),
      [
        "hosts.a.address: swarm:lab gives its machines their addresses and keys. Remove this, or swarm:lab.",
        "hosts.a.hostKey: swarm:lab gives its machines their addresses and keys. Remove this, or swarm:lab.",
        "ssh: swarm:lab gives its machines their addresses and keys. Remove this, or swarm:lab.",
      ],
    ],
    [
      "memory for a machine that exists",
      existing({ memory: "1GiB" }),
      ["hosts.web-1.memory: only machines of a lab are given memory. Remove it, or set swarm:lab."],
    ],
    [
      "a label with a newline, one with a space in its name, one that is a number",
      lab({ a: { role: "manager", labels: { x: "a\nb", "my tier": "db", n: 1 } } }),
      [
        'hosts.a.labels."my tier": got "my tier"; ' +
          "expected a label's name of letters, digits and . _ - / without spaces",
        "hosts.a.labels.n: got 1; expected text",
        'hosts.a.labels.x: got "a\\nb"; expected text of one line',
      ],
    ],
    [
      "a host name that is none",
      lab({ Web_1: { role: "manager" } }),
      [
        'hosts.Web_1: got "Web_1"; expected a name of lower-case letters, digits and hyphens, as in a host name',
      ],
    ],
    [
      "an unknown component",
      lab({ a: { role: "manager" } }, { stacks: { shop: { component: "Wordpres" } } }),
      ['stacks.shop.component: got "Wordpres"; expected "WordPress" (did you mean "WordPress"?)'],
    ],
    [
      "a stack without a component",
      lab({ a: { role: "manager" } }, { stacks: { shop: {} } }),
      [
        "stacks.shop.component: got nothing; expected the name of a component, program with the path of one of this project, or file with that of a stack file",
      ],
    ],
    [
      "a program with arguments, or from elsewhere",
      lab({ a: { role: "manager" } }, { stacks: { shop: { program: "../shop", replicas: 2 } } }),
      [
        'stacks.shop.program: got "../shop"; expected a path in this project, such as "examples/redis"',
        "stacks.shop.replicas: stands beside program, which takes no arguments. Remove it, and write it into the program.",
      ],
    ],
    [
      "arguments that a component does not have",
      lab(
        { a: { role: "manager", labels: { tier: "db" } } },
        { stacks: { w: { component: "WordPress", replica: 2, port: 0 } } },
      ),
      [
        "stacks.w.port: got 0; expected 1 to 65535",
        'stacks.w.replica: unknown key. Did you mean "replicas"?',
      ],
    ],
    [
      "WordPress without a host for its database",
      lab({ a: { role: "manager" } }, { stacks: wordPress }),
      [
        "stacks.wordpress: got hosts with the label tier=db: none; expected exactly one, " +
          "which keeps the database's files. Give one host `labels: { tier: db }`.",
      ],
    ],
    [
      "WordPress with two hosts for its database",
      lab(
        {
          b: { role: "worker", labels: { tier: "db" } },
          a: { role: "manager", labels: { tier: "db" } },
        },
        { stacks: wordPress },
      ),
      [
        "stacks.wordpress: got hosts with the label tier=db: a, b; expected exactly one, " +
          "which keeps the database's files. Take the label off the others.",
      ],
    ],
    [
      "a private key's path where its text belongs, without showing a secret",
      existing({ ssh: { privateKey: "/root/.ssh/id_ed25519", password: 7 } }),
      [
        "hosts.web-1.ssh.password: got a value that is not shown; expected text",
        "hosts.web-1.ssh.privateKey: got a value that is not shown; " +
          'expected the text of a private key ("-----BEGIN OPENSSH PRIVATE KEY-----…"), not a path',
      ],
    ],
    [
      "a version that YAML read as a number",
      lab({ a: { role: "manager" } }, { engine: { version: 26.1 } }),
      ["engine.version: got 26.1; expected text"],
    ],
    [
      "a firewall that is neither false nor a map",
      lab({ a: { role: "manager" } }, { firewall: true }),
      ["firewall: got true; expected a map, or false"],
    ],
    [
      "openings of a firewall that are none",
      lab({ a: { role: "manager" } }, { firewall: { source: "all", ports: ["80"], port: 1 } }),
      [
        'firewall.port: unknown key. Did you mean "ports"?',
        'firewall.ports[0]: got "80"; expected "9100/tcp", "30000-30010/udp" or a protocol',
        'firewall.source: got "all"; expected "any" or "members"',
      ],
    ],
    [
      "a registry with its path, and no password",
      lab({ a: { role: "manager" } }, { registries: { "ghcr.io/acme": { username: "u" } } }),
      [
        'registries."ghcr.io/acme": got "ghcr.io/acme"; expected a registry as images name it, such as "registry.example.org:5000" or "docker.io"',
        'registries."ghcr.io/acme".password: got nothing; expected text',
      ],
    ],
    [
      "a port out of range",
      lab({ a: { role: "manager" } }, { settings: { dataPathPort: 80 } }),
      ["settings.dataPathPort: got 80; expected 1024 to 49151"],
    ],
  ])("fails for %s", (_, raw, expected) => {
    expect(problems(raw)).toEqual(expected);
  });

  describe("addresses", () => {
    const two = (first: object, second: object, more: object = {}) => ({
      ssh,
      hosts: {
        a: { role: "manager", address: "203.0.113.11", hostKey, ...first },
        b: { role: "worker", address: "203.0.113.12", hostKey, ...second },
      },
      ...more,
    });

    it.each([
      [
        "a name beside the node's own address",
        { address: "a.example.org", advertiseAddr: "10.0.0.1" },
      ],
      ["an outer address beside the node's own", { advertiseAddr: "10.0.0.1" }],
      ["a data path of its own", { dataPathAddr: "10.9.0.1", listenAddr: "10.0.0.1:2377" }],
    ])("takes %s", (_what, host) => {
      expect(problems(two(host, {}))).toEqual([]);
    });

    it("takes one outer address with two ports for two machines", () => {
      const both = { address: "203.0.113.11" };
      const one = { ...both, advertiseAddr: "10.0.0.1", ssh: { ...ssh, port: 2201 } };
      const other = { ...both, advertiseAddr: "10.0.0.2", ssh: { ...ssh, port: 2202 } };
      expect(problems(two(one, other))).toEqual([]);
      expect(problems(two(one, { ...other, ssh: { ...ssh, port: 2201 } }))).toEqual([
        'hosts.b.address: got "203.0.113.11"; expected another address than that of a',
      ]);
    });

    it("refuses two nodes at one address, which behind address translation is easily said", () => {
      const reached = { address: "203.0.113.11" };
      const one = { ...reached, ssh: { ...ssh, port: 2201 } };
      const other = { ...reached, ssh: { ...ssh, port: 2202 } };
      const advice = "is that of a too, and the other nodes could not tell the two apart";
      expect(problems(two(one, other))).toEqual([
        `hosts.b.advertiseAddr: got nothing; expected the node's own address: 203.0.113.11 ${advice}`,
      ]);
      const first = { ...one, advertiseAddr: "fd00::1" };
      expect(problems(two(first, { ...other, advertiseAddr: "fd00:0::0001" }))).toEqual([
        `hosts.b.advertiseAddr: got "fd00:0::0001"; expected the node's own address: fd00:0::0001 ${advice}`,
      ]);
    });

    it("asks for the node's own address beside a name", () => {
      expect(problems(two({ address: "a.example.org" }, {}))).toEqual([
        "hosts.a.advertiseAddr: got nothing; expected the node's own IP address, because address is a name",
      ]);
    });

    const named =
      'hosts.a.advertiseAddr: got "eth1"; expected an IP address, because the firewalls let in the nodes alone. ' +
      "Or name the nodes' subnet in firewall.sources";
    it.each([
      ["firewalls that let in the nodes alone", {}, [named]],
      ["subnets that are let in", { firewall: { sources: ["10.0.0.0/8"] } }, []],
      ["firewalls that are left alone", { firewall: false }, []],
    ])("an interface with %s", (_what, more, expected) => {
      expect(problems(two({ advertiseAddr: "eth1" }, {}, more))).toEqual(expected);
    });
  });

  it("lists everything that is wrong at once", () => {
    const raw = {
      ssh,
      hosts: {
        a: { role: "boss", address: "203.0.113.11", hostKey },
        b: { role: "worker", address: "203.0.113.11", hostKey, labels: { x: "1\n2" } },
      },
      stacks: { shop: { component: "Shop" } },
      hots: {},
    };
    expect(problems(raw)).toEqual([
      'hosts.a.role: got "boss"; expected "manager" or "worker"',
      'hosts.b.address: got "203.0.113.11"; expected another address than that of a',
      'hosts.b.labels.x: got "1\\n2"; expected text of one line',
      'hots: unknown key. Did you mean "hosts"?',
      'stacks.shop.component: got "Shop"; expected "WordPress"',
    ]);
  });

  it.each<[number, string[]]>([
    [1, []],
    [
      2,
      [
        "hosts: 2 managers survive the loss of 0, as 1 would; expected an odd number. " +
          "Make one more host a manager, or one a worker.",
      ],
    ],
    [7, []],
    [
      9,
      [
        "hosts: 9 managers; expected at most 7: each one more slows every change down. " +
          "Make some of them workers.",
      ],
    ],
  ])("says what is unwise about %i managers", (count, warnings) => {
    const hosts = Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`m-${at}`, { role: "manager" }]),
    );
    const parsed = parseSettings(lab(hosts));
    expect("warnings" in parsed && parsed.warnings).toEqual(warnings);
  });
});

describe("decode", () => {
  it("takes one namespace and leaves plain text alone", () => {
    const configuration = {
      "swarm:lab": '{"memory":"1GiB"}',
      "swarm:protect": "true",
      "swarm:note": "plain text",
      "other:lab": "{}",
    };
    expect(decode(configuration)).toEqual({
      lab: { memory: "1GiB" },
      protect: true,
      note: "plain text",
    });
  });
});
