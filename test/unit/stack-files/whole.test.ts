import { serviceRows } from "../../../stack-files/service-table";
import type { Value } from "../../../stack-files/value";
import { lines, said } from "./sample";

describe("the files as a whole", () => {
  it("say all that is wrong at once, in the order of the files", () => {
    const first = "services:\n  web:\n    image: X\n    ports: ['a']\n    imagee: y\n";
    const second = "services:\n  web:\n    deploy: {replicas: -1}\n  other: {secrets: [gone]}\n";
    expect(lines([first, second]).map((line) => line.split(": ")[0])).toEqual([
      "error stacks/a.yml:3:12 services.web.image",
      "error stacks/a.yml:4:13 services.web.ports[0]",
      "error stacks/a.yml:5:5 services.web.imagee",
      "error stacks/b.yml:3:24 services.web.deploy.replicas",
      "error stacks/b.yml:4:10 services.other",
      "error stacks/b.yml:4:21 services.other.secrets[0]",
    ]);
  });

  it.each([
    [
      "networks: [front]",
      'networks.front: got "front"; expected the key of one of the networks on the top level. Did you mean "fronts"?',
    ],
    ["volumes: ['data:/data']", 'volumes[0]: got "data"; expected the key of one of the volumes'],
    ["secrets: [gone]", "Declare it under secrets on the top level."],
    ["configs: [{source: gone}]", 'configs[0]: got "gone"; expected the key of one of the configs'],
    ["credential_spec: {config: gone}", 'credential_spec.config: got "gone"'],
  ])("%s must be declared", (service, message) => {
    expect(lines(`services: {web: {image: x, ${service}}}\nnetworks: {fronts: }`)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it("what is declared wrongly is not undefined, too", () => {
    expect(
      lines("services: {web: {image: x, secrets: [s]}}\nsecrets: {s: {file: 5}}"),
    ).toHaveLength(1);
  });

  it.each([
    ["volumes: [/a, {type: tmpfs, target: /a}]", 'volumes[1]: got the target "/a" twice'],
    ["secrets: [s, {source: t, target: s}]", 'secrets[1]: got the target "s" twice'],
    ["deploy: {mode: global, replicas: 2}", "got replicas for mode global"],
    [
      "deploy: {endpoint_mode: dnsrr}, ports: ['80:80']",
      "got a port of mode ingress with endpoint_mode dnsrr",
    ],
    ["ports: ['80:80', '80:81']", "got 80/tcp, which services.web publishes already"],
    ["healthcheck: {test: a, disable: true}", "got a test and disable"],
  ])("%s is refused", (service, message) => {
    expect(
      lines(
        `services: {web: {image: x, ${service}}}\nsecrets: {s: {external: true}, t: {external: true}}`,
      ),
    ).toEqual([expect.stringContaining(message)]);
  });

  it("say of a range of ports what is wrong with it once, and count items as the file does", () => {
    const service =
      "deploy: {endpoint_mode: dnsrr}, ports: ['1-9:1-9', '80'], volumes: ['./x:/a', 'gone:/b', 'data']";
    expect(said(service).map((line) => line.replace(/^.*services\.web\.|[;,] .*$/g, ""))).toEqual([
      "ports[0]: got a port of mode ingress with endpoint_mode dnsrr",
      "ports[1]: got a port of mode ingress with endpoint_mode dnsrr",
      'volumes[0]: got "./x"',
      'volumes[1]: got "gone"',
      'volumes[2]: got "data"',
    ]);
    expect(said("volumes: [data]")).toEqual([
      expect.stringContaining('For a volume of that name write "data:/path".'),
    ]);
  });

  it("publish each port once, except on the nodes' own addresses", () => {
    const file = (mode: string): string =>
      `services: {a: {image: x, ports: [{target: 80, published: 80, mode: ${mode}}]}, b: {image: x, ports: [{target: 81, published: 80, mode: host}]}}`;
    expect(lines(file("host"))).toEqual([]);
    expect(lines(file("ingress"))).toEqual([
      expect.stringContaining(
        "services.b.ports[0]: got 80/tcp, which services.a publishes already",
      ),
    ]);
  });

  it("warn of data on one node for a service that may start on any", () => {
    const file = (deploy: string, volume = ""): string =>
      `services: {web: {image: x, volumes: ['data:/data'], ${deploy}}}\nvolumes: {data: {${volume}}}`;
    expect(lines(file(""))).toEqual([
      expect.stringMatching(
        /^warning stacks\/a\.yml:1:38 services\.web\.volumes\[0\]: "data" lies on one node/,
      ),
    ]);
    expect(said("volumes: ['/srv:/srv']")).toHaveLength(1);
    for (const quiet of [
      file("deploy: {placement: {constraints: [node.role==manager]}}"),
      file("deploy: {mode: global}"),
      file("", "driver: nfs"),
      file("", "external: true"),
      file("", "driver_opts: {type: nfs}"),
    ])
      expect(lines(quiet)).toEqual([]);
    expect(said("volumes: ['/etc/localtime:/etc/localtime:ro']")).toEqual([]);
  });

  it("name services as the engine takes them", () => {
    const keys = ["a.b", "a-", "-", "ä", "a".repeat(62)];
    const found = lines(
      `services: {${keys.map((key) => `"${key}": {image: x}`).join(", ")}, "_-a_1--b": {image: x}}`,
    );
    expect(found).toHaveLength(keys.length);
  });

  it.each([
    "nginx",
    "nginx:1.27",
    "a/b/c_d-e.f__g",
    "registry.example.com:5000/team/app:v1_2.3",
    "localhost/x",
    "[::1]:5000/x",
    `x@sha256:${"a".repeat(64)}`,
    `x:1@sha256:${"0".repeat(64)}`,
  ])("%s is an image", (image) => {
    expect(lines(`services: {web: {image: '${image}'}}`)).toEqual([]);
  });

  it.each([
    "",
    "A",
    "a:",
    "a:b:c",
    "a//b",
    "/a",
    "a b",
    "a___b",
    "x@sha256:abc",
    "a".repeat(64),
    "a/B",
    "-a",
    "a:.b",
  ])("%p is no image", (image) => {
    expect(lines(`services: {web: {image: '${image}'}}`)).toHaveLength(1);
  });
});

describe("the keys of a service", () => {
  /** Of schema 3.13, that Docker's own command checks files with. */
  const docker =
    "build cap_add cap_drop cgroup_parent cgroupns_mode command configs container_name credential_spec depends_on deploy devices dns dns_search domainname entrypoint env_file environment expose external_links extra_hosts healthcheck hostname image init ipc isolation labels links logging mac_address network_mode networks oom_score_adj pid ports privileged read_only restart secrets security_opt shm_size stdin_open stop_grace_period stop_signal sysctls tmpfs tty ulimits user userns_mode volumes working_dir".split(
      " ",
    );
  /** Which of these do nothing, or are refused with a word of Docker's own. */
  const idle =
    "build cgroup_parent cgroupns_mode container_name devices domainname expose external_links ipc links mac_address network_mode oom_score_adj pid privileged security_opt shm_size tmpfs userns_mode".split(
      " ",
    );
  const forbidden =
    "cpu_quota cpu_shares cpuset extends mem_limit memswap_limit volume_driver volumes_from".split(
      " ",
    );
  const rows = new Map(Object.entries(serviceRows));
  const at = { file: "a.yml", line: 1, column: 1 };
  const empty: Value = { kind: "null", at, text: "", written: "" };

  it("that Docker takes are honoured or ignored, and those it forbids refused", () => {
    for (const key of docker)
      expect([key, rows.get(key)?.status]).toEqual([
        key,
        idle.includes(key) ? "ignored" : "honoured",
      ]);
    for (const key of forbidden) expect([key, rows.get(key)?.status]).toEqual([key, "refused"]);
  });

  it("that Docker does not know are newer, or said", () => {
    for (const [key, { status, say }] of rows) {
      if (!docker.includes(key)) expect([key, status]).not.toEqual([key, "honoured"]);
      // Each says what to write instead.
      const silent = ["honoured", "newer"].includes(status);
      const words = typeof say === "string" ? say : say(empty);
      expect([key, words === ""]).toEqual([key, silent]);
      if (!silent) expect(words).toMatch(/^[a-zA-Z].*\.$/);
    }
  });

  it.each([
    ["imagee: y", 'unknown key. Did you mean "image"?'],
    ["deploy: {replica: 1}", 'unknown key. Did you mean "replicas"?'],
    [
      "volumes: [{type: volume, target: /a, volume: {nocoppy: true}}]",
      'unknown key, which Docker reads over. Did you mean "nocopy"?',
    ],
    ["x-own: {a: b}", undefined],
  ])("%s", (written, message) => {
    const found = said(written).filter((line) => line.includes("unknown key"));
    expect(found).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
  });
});
