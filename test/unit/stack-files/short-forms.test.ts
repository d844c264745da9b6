import { lines, modelOf, said, serviceOf, web } from "./sample";

describe("ports", () => {
  const tcp = { protocol: "tcp", mode: "ingress" };

  it.each([
    ["80", [{ target: 80, ...tcp }]],
    ['"81:82"', [{ published: 81, target: 82, ...tcp }]],
    ['"0:82"', [{ published: 0, target: 82, ...tcp }]],
    ['"53:53/UDP"', [{ published: 53, target: 53, protocol: "udp", mode: "ingress" }]],
    [
      '"3000-3001:4000-4001"',
      [
        { published: 3000, target: 4000, ...tcp },
        { published: 3001, target: 4001, ...tcp },
      ],
    ],
    [
      '"6000-6001:7000"',
      [
        { published: 6000, target: 7000, ...tcp },
        { published: 6001, target: 7000, ...tcp },
      ],
    ],
    [
      '"5000-5001"',
      [
        { target: 5000, ...tcp },
        { target: 5001, ...tcp },
      ],
    ],
    ["{target: 80}", [{ target: 80 }]],
    [
      "{target: 80, published: '8080', protocol: UDP, mode: Host}",
      [{ target: 80, published: 8080, protocol: "udp", mode: "host" }],
    ],
  ])("%s", (written, expected) => {
    expect(web(`ports: [${written}]`).ports).toEqual(expected);
  });

  it.each([
    "'80:0'",
    "0",
    "80.5",
    "'http'",
    "'65536'",
    "'80:80/icmp'",
    "'80:80/tcp/udp'",
    "'1-3:1-2'",
    "'3-1'",
    "'x:80:80'",
    "''",
    "':'",
    "null",
    "{published: 80}",
    "{target: 0}",
  ])("%s is refused", (written) => {
    expect(said(`ports: [${written}]`)).toEqual([
      expect.stringMatching(/^error stacks\/a\.yml:1:\d\d services\.web\.ports\[0\].*; expected/),
    ]);
  });

  it.each(["127.0.0.1:80:80", "[::1]:80:80", "10.0.0.1::80"])(
    "%s is open to the world",
    (written) => {
      expect(web(`ports: ['${written}']`).ports).toHaveLength(1);
      expect(said(`ports: ['${written}']`)).toEqual([
        expect.stringMatching(
          /^warning .*ports\[0\]: the address .* is lost: .* open to the world/,
        ),
      ]);
    },
  );

  it("take what the engine takes words for that it does not know", () => {
    expect(web("ports: [{target: 80, mode: hosts, protocol: icmp}]").ports).toEqual([
      { target: 80, mode: "ingress", protocol: "tcp" },
    ]);
    expect(said("ports: [{target: 80, mode: hosts, protocol: icmp}]")).toEqual([
      expect.stringContaining('got "hosts", which the engine takes for ingress'),
      expect.stringContaining('got "icmp", which the engine takes for tcp'),
    ]);
  });
});

describe("mounts", () => {
  const options = { projectDirectory: "/srv/shop" };

  it.each([
    ["/data", { type: "volume", target: "/data" }],
    ["vol:/data", { type: "volume", source: "vol", target: "/data" }],
    [
      "vol:/data:ro,nocopy",
      { type: "volume", source: "vol", target: "/data", readOnly: true, volumeNoCopy: true },
    ],
    ["/:/rootfs:ro", { type: "bind", source: "/", target: "/rootfs", readOnly: true }],
    [
      "/a:/b:ro,rslave",
      { type: "bind", source: "/a", target: "/b", readOnly: true, bindPropagation: "rslave" },
    ],
    ["./rel:/b", { type: "bind", source: "/srv/shop/rel", target: "/b" }],
    ["../up:/b", { type: "bind", source: "/srv/up", target: "/b" }],
    ["./rel/:/b", { type: "bind", source: "/srv/shop/rel", target: "/b" }],
    ["../..:/b", { type: "bind", source: "/", target: "/b" }],
    ["/abs/:/b", { type: "bind", source: "/abs/", target: "/b" }],
    ["~/a:/b", { type: "bind", source: "/home/me/a", target: "/b" }],
    ["C:\\win:/b", { type: "bind", source: "C:\\win", target: "/b" }],
  ])("%s", (written, expected) => {
    const file = `services: {web: {image: x, volumes: ['${written}']}}\nvolumes: {vol: }`;
    expect(serviceOf(file, options).mounts).toEqual([expected]);
  });

  it.each([
    [
      "{type: volume, source: vol, target: /a, read_only: true, volume: {nocopy: true, subpath: s}}",
      {
        type: "volume",
        source: "vol",
        target: "/a",
        readOnly: true,
        volumeNoCopy: true,
        volumeSubpath: "s",
      },
    ],
    [
      "{type: bind, source: b, target: /a, bind: {propagation: shared}}",
      { type: "bind", source: "/srv/shop/b", target: "/a", bindPropagation: "shared" },
    ],
    [
      "{type: tmpfs, target: /a, tmpfs: {size: 1000}}",
      { type: "tmpfs", target: "/a", tmpfsSize: 1000 },
    ],
    [
      "{type: cluster, source: 'group:g', target: /a}",
      { type: "cluster", source: "group:g", target: "/a" },
    ],
  ])("%s", (written, expected) => {
    const file = `services: {web: {image: x, volumes: [${written}]}}\nvolumes: {vol: }`;
    expect(serviceOf(file, options).mounts).toEqual([expected]);
  });

  it.each([
    ["''", "expected a volume such as"],
    ["'vol:/a:ro:x'", "expected a volume such as"],
    ["'vol::/a'", "expected a volume such as"],
    ["'vol:a'", "expected an absolute path in the container"],
    ["ab", "expected an absolute path in the container"],
    ["'vol:/a:shared'", "expected shared with a path of the node alone"],
    ["'/a:/b:nocopy'", "expected nocopy with a named volume alone"],
    ["{type: tmpfs, target: /a, source: b}", "expected no source for type tmpfs"],
    ["{type: bind, target: /a}", "expected a source for type bind"],
    [
      "{type: bind, source: /b, target: /a, tmpfs: {size: 1}}",
      "got options of tmpfs for type bind",
    ],
    ["{type: volume, source: vol}", "expected a map with target"],
  ])("%s is refused", (written, message) => {
    expect(lines(`services: {web: {image: x, volumes: [${written}]}}\nvolumes: {vol: }`)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it("from a folder of this machine are refused, with the way out", () => {
    const more = { "stacks/nginx.conf": "text", "stacks/html": [], "/home/me/f": "text" };
    expect(
      said("volumes: ['./nginx.conf:/a', './html:/b', './gone:/c', '~/f:/d']", { more }),
    ).toEqual([
      expect.stringMatching(
        /volumes\[0\]: got "\.\/nginx\.conf", .*It is one file: declare it under configs/,
      ),
      expect.stringMatching(/volumes\[1\]: got "\.\/html", .*say with projectDirectory/),
      expect.stringMatching(/volumes\[2\]: got "\.\/gone", .*say with projectDirectory/),
      expect.stringMatching(/volumes\[3\]: got "~\/f", .*It is one file/),
    ]);
  });

  it("say what has no effect", () => {
    expect(
      said(
        "deploy: {mode: global}, volumes: ['/a:/b:z', {type: bind, source: /a, target: /c, bind: {create_host_path: true}}, 'a:/d']",
      ).map((line) => line.split(": ").slice(1, 3).join(": ")),
    ).toEqual([
      'the option "z" has no effect: Docker reads over it. Leave it out.',
      "has no effect: Docker reads over it. The path must be there on each node. Leave this out.",
      'to Docker "a:/d" is a path on a drive of Windows and names no volume. A volume\'s name needs two letters.',
    ]);
  });
});

describe("lists and maps of a service", () => {
  it("extra_hosts", () => {
    const list =
      "extra_hosts: ['a:1.2.3.4', 'b=5.6.7.8', 'c:[::1]', 'd:::1', 'e=::2', 'h:host-gateway']";
    expect(web(list).extraHosts).toEqual([
      "1.2.3.4 a",
      "5.6.7.8 b",
      "::1 c",
      "::1 d",
      "::2 e",
      "host-gateway h",
    ]);
    expect(web("extra_hosts: {z: 1.2.3.4, a: '::1'}").extraHosts).toEqual(["::1 a", "1.2.3.4 z"]);
    expect(web("extra_hosts: [nothing]").extraHosts).toEqual([]);
    expect(said("extra_hosts: [nothing]")).toEqual([
      expect.stringContaining('got "nothing", which Docker leaves out'),
    ]);
  });

  it("dns", () => {
    expect(web("dns: 8.8.8.8, dns_search: [a.b, c.d]")).toMatchObject({
      dns: ["8.8.8.8"],
      dnsSearch: ["a.b", "c.d"],
    });
    expect(web("dns: [no-address, 9.9.9.9]").dns).toEqual(["9.9.9.9"]);
    expect(said("dns: [no-address, 9.9.9.9]")).toEqual([
      expect.stringContaining('got "no-address", which Docker leaves out'),
    ]);
  });

  it("capabilities", () => {
    expect(
      web("cap_add: [net_admin, CAP_SYS_PTRACE, NET_ADMIN], cap_drop: [ALL, NET_ADMIN]"),
    ).toMatchObject({ capAdd: ["CAP_NET_ADMIN", "CAP_SYS_PTRACE"], capDrop: ["ALL"] });
    expect(web("cap_add: [ALL, A], cap_drop: [all, B]")).toMatchObject({
      capAdd: ["ALL"],
      capDrop: [],
    });
  });

  it("ulimits", () => {
    expect(
      web("ulimits: {nproc: 65535, nofile: {soft: 1, hard: 2}, core: 0, memlock: -1}").ulimits,
    ).toEqual([
      { name: "core", soft: 0, hard: 0 },
      { name: "memlock", soft: -1, hard: -1 },
      { name: "nofile", soft: 1, hard: 2 },
      { name: "nproc", soft: 65535, hard: 65535 },
    ]);
    expect(said("ulimits: {nofile: {soft: 3, hard: 2}}")).toEqual([
      expect.stringContaining("expected a soft limit that is not above the hard one"),
    ]);
  });

  it("healthcheck", () => {
    expect(web("healthcheck: {test: 'curl a', interval: 1m30s, retries: 2.5}").healthcheck).toEqual(
      { test: ["CMD-SHELL", "curl a"], interval: 90e9, retries: 2 },
    );
    expect(said("healthcheck: {retries: 2.5}")).toEqual([
      expect.stringContaining("got 2.5, which Docker takes for 2"),
    ]);
    expect(said("healthcheck: {test: NONE}")).toEqual([
      expect.stringContaining("Write disable: true"),
    ]);
    expect(said("healthcheck: {interval: -1s, timeout: 1us}")).toHaveLength(2);
  });

  it("sizes, times and CPUs", () => {
    expect(
      web(
        "deploy: {resources: {limits: {cpus: 1/4, memory: .5g}, reservations: {cpus: 1e-1, memory: 64 mb}}}",
      ).deploy,
    ).toMatchObject({
      limits: { nanoCpus: 25e7, memory: 2 ** 29 },
      reservations: { nanoCpus: 1e8, memory: 2 ** 26 },
    });
    expect(web("stop_grace_period: 1.5h").stopGracePeriod).toBe(5400e9);
    expect(said("stop_grace_period: 10")).toEqual([
      expect.stringContaining("For seconds write 10s."),
    ]);
    expect(said("deploy: {resources: {limits: {memory: 1000}}}")).toEqual([
      expect.stringContaining('For bytes quote it: "1000".'),
    ]);
  });

  it("items that are there twice are refused", () => {
    expect(said("labels: [a=1, a=1], dns: [1.1.1.1, 1.1.1.1]")).toHaveLength(2);
    expect(web("labels: [a=1, a=2]").labels).toEqual({ a: "2" });
  });
});

describe("secrets and configs", () => {
  const file = (reference: string): string =>
    `services: {web: {image: x, configs: [${reference}]}}\nconfigs: {c: {external: true}}`;

  it.each([
    ["c", { source: "c" }],
    [
      "{source: c, target: /t, uid: '1', gid: '2', mode: 0440}",
      { source: "c", target: "/t", uid: "1", gid: "2", mode: 0o440 },
    ],
    ["{source: c, mode: '0440'}", { source: "c", mode: 0o440 }],
    ["{source: c, mode: 0}", { source: "c", mode: 0 }],
    ["{source: c, mode: 292}", { source: "c", mode: 292 }],
  ])("%s", (reference, expected) => {
    expect(serviceOf(file(reference)).configs).toEqual([expected]);
    expect(lines(file(reference))).toEqual([]);
  });

  it("a decimal mode that looks like an octal one is said", () => {
    expect(lines(file("{source: c, mode: 444}"))).toEqual([
      expect.stringContaining(
        "444 is a decimal number: 0674 in octal. Write 0444 if that is meant.",
      ),
    ]);
  });

  it("have what is in a file, a text or a variable", () => {
    const text =
      "services: {}\nsecrets: {f: {file: s.txt}, e: {environment: TOKEN}, d: {driver: vault, driver_opts: {a: 1}}}\nconfigs: {c: {content: 'a ${TOKEN}', name: fixed, template_driver: golang}}";
    const { secrets, configs } = modelOf(text, {
      variables: { TOKEN: "t" },
      more: { "stacks/s.txt": "one\n" },
    });
    expect(secrets).toEqual({
      f: { content: Buffer.from("one\n"), driverOpts: {}, labels: {} },
      e: { content: Buffer.from("t"), driverOpts: {}, labels: {} },
      d: { driver: "vault", driverOpts: { a: "1" }, labels: {} },
    });
    expect(configs.c).toMatchObject({
      name: "fixed",
      content: Buffer.from("a t"),
      templateDriver: "golang",
    });
  });

  it.each([
    ["{file: gone}", "expected a file, and stacks/gone is not there"],
    ["{file: folder}", "expected a file that can be read: it is a folder"],
    ["{file: empty}", "got 0 bytes; expected from 1 to 511999"],
    ["{file: big}", "got 512000 bytes; expected from 1 to 511999"],
    ["{environment: NONE}", "expected a variable that has a value. Set NONE."],
    ["{file: a, environment: B}", "got file and environment; expected one of"],
    ["{external: {name: a}, name: b}", "expected one name"],
  ])("%s is refused", (written, message) => {
    const more = {
      "stacks/folder": [],
      "stacks/empty": "",
      "stacks/big": Buffer.alloc(512000),
      "stacks/a": "a",
    };
    const found = lines(`services: {}\nsecrets: {s: ${written}}`, { more, variables: { B: "b" } });
    expect(found.filter((line) => line.startsWith("error"))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it("show no value in what is said", () => {
    const found = lines("services: {}\nsecrets: {s: {environment: A, file: 5}}", {
      variables: { A: "hush" },
    });
    expect(found.join("\n")).not.toContain("hush");
  });
});
