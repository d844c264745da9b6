import fc from "fast-check";
import type { References } from "../../../provider/fields/form";
import type { serviceTable } from "../../../provider/service/table";

/** Everything exists under the id of its name. */
export const references: References = {
  id: (kind, name) => `${kind} ${name}`,
  name: (kind, id) => id.replace(`${kind} `, ""),
};

type Row = keyof typeof serviceTable;

/** Texts that YAML, Docker's reader, variables and people trip over. */
const words = [
  ...[
    "",
    " ",
    "yes",
    "no",
    "null",
    "~",
    "on",
    "1.10",
    "0440",
    "0o17",
    "0x1f",
    "1_000",
    "1e3",
    ".5",
  ],
  ...[
    "22:22",
    "2001-12-14",
    "true",
    "-",
    "- a",
    "#x",
    "a #b",
    "a: b",
    "{a}",
    "[a]",
    "&a",
    "*a",
    "!a",
  ],
  ...[
    "$",
    "$$",
    "${A}",
    "$A:-b",
    "`id`",
    "%",
    "@",
    "|",
    ">",
    "<<",
    "=",
    "a=b",
    "ü",
    "😀",
    "\\",
    '"',
    "'",
  ],
  ...[
    "a\nb",
    "a\n",
    "\n",
    " a",
    "a ",
    "a\tb",
    "\r",
    "a\r\nb",
    "\u0007",
    "\u007f",
    "\u0085",
    "\u2028",
  ],
  ...["\ufeffa", "\ufffe", "{{.Node.Hostname}}", "line one\n  line two\n\n", "x".repeat(200)],
];
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
);
const filled = text.filter((one) => one !== "");
const name = fc.constantFrom("a", "web", "x-1", "a.b", "constructor", "default", "Z_9");
const texts = (key: fc.Arbitrary<string> = name): fc.Arbitrary<Record<string, string>> =>
  fc.dictionary(key, text, { minKeys: 1, maxKeys: 3 });
const list = (item: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc.uniqueArray(item, { minLength: 1, maxLength: 3 });
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const duration = fc.constantFrom("1ms", "1s", "90s", "1m30s", "2h", "1h0m0.5s");
const size = fc.constantFrom("4M", "64M", "1.5G", "4194305", "1G");
const address = fc.constantFrom("10.0.0.1", "192.0.2.7", "2001:db8::1");
const path = fc.constantFrom("/a", "/srv/b", "/c d", "/e.f-g");
const flag = fc.constant(true);
const mode = fc.constantFrom("0400", "0440", "0755", "01777");

const policy = {
  parallelism: fc.constantFrom(0, 2, 7),
  delay: duration,
  failureAction: fc.constantFrom("continue", "rollback"),
  monitor: duration,
  maxFailureRatio: fc.constantFrom(0.01, 0.5, 1, 1e-7),
  order: fc.constant("start-first"),
};
const policyRows = (group: string): Record<string, fc.Arbitrary<unknown>> =>
  Object.fromEntries(Object.entries(policy).map(([key, one]) => [`${group}.${key}`, one]));

const files = fc.uniqueArray(
  fc.record(
    {
      source: fc.constantFrom("a", "shop_b", "c.d", "shop_e-1"),
      target: filled.filter((one) => !one.includes("\n")),
      uid: fc.constantFrom("5", "1000"),
      gid: fc.constantFrom("6", "33"),
      mode,
    },
    { requiredKeys: ["source"] },
  ),
  { minLength: 1, maxLength: 3, selector: ({ source, target = source }) => target },
);

const targets = { selector: ({ target }: { target: string }) => target };

interface Port {
  readonly target: number;
  readonly published?: number;
}

/** Ports that one service cannot have both: each number is published once. */
function collide(one: Port, other: Port): boolean {
  const isTwice = one.published !== undefined && one.published === other.published;
  return one.target === other.target || isTwice;
}

/** Each row of a service's table that a stack file can say, with values of all its kinds. */
const sayable: Partial<Record<Row, fc.Arbitrary<unknown>>> = {
  image: fc.constantFrom(
    "nginx",
    "nginx:1.27",
    "r.example:5000/a/b:v1",
    `redis@sha256:${"a".repeat(64)}`,
  ),
  labels: texts(),
  command: list(text),
  args: list(text),
  env: texts(fc.constantFrom("A", "B_C", "path", "X.Y", "_")),
  workingDir: filled,
  user: filled,
  groups: list(filled),
  hostname: filled,
  hosts: fc.uniqueArray(
    fc.tuple(address, word).map((line) => line.join(" ")),
    { minLength: 1 },
  ),
  dns: list(address),
  dnsSearch: list(filled),
  dnsOptions: list(filled),
  containerLabels: texts(),
  tty: flag,
  stdin: flag,
  readOnly: flag,
  init: fc.boolean(),
  stopSignal: filled,
  stopGracePeriod: fc.constantFrom("0s", "1s", "1m30s"),
  isolation: fc.constantFrom("process", "hyperv"),
  capAdd: list(fc.constantFrom("CAP_NET_ADMIN", "CAP_SYS_TIME")),
  capDrop: list(fc.constantFrom("CAP_CHOWN", "CAP_KILL")),
  sysctls: texts(fc.constantFrom("net.core.somaxconn", "kernel.shmmax")),
  ulimits: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("nofile", "nproc", "core"),
      soft: fc.nat(9),
      hard: fc.integer({ min: 9, max: 20 }),
    }),
    { minLength: 1, selector: ({ name: limit }) => limit },
  ),
  "healthcheck.disable": flag,
  "healthcheck.test": fc.constantFrom(
    ["CMD", "true"],
    ["CMD-SHELL", "a $HOME | b"],
    ["CMD", "curl", "-f", "x"],
  ),
  "healthcheck.interval": duration,
  "healthcheck.timeout": duration,
  "healthcheck.retries": fc.integer({ min: 1, max: 9 }),
  "healthcheck.startPeriod": duration,
  "healthcheck.startInterval": duration,
  "credentialSpec.config": fc.constantFrom("spec", "shop_spec"),
  "credentialSpec.file": filled,
  "credentialSpec.registry": filled,
  mounts: fc.uniqueArray(
    fc.oneof(
      fc.record({ type: fc.constant("volume"), target: path }),
      fc.record(
        {
          type: fc.constant("volume"),
          source: fc.constantFrom("data", "shop_data", "d.e"),
          target: path,
          readOnly: flag,
          volumeNoCopy: flag,
          volumeSubpath: filled,
        },
        { requiredKeys: ["type", "source", "target"] },
      ),
      fc.record(
        {
          type: fc.constant("bind"),
          source: path,
          target: path,
          readOnly: flag,
          bindPropagation: fc.constantFrom("rslave", "shared"),
        },
        { requiredKeys: ["type", "source", "target"] },
      ),
      fc.record(
        { type: fc.constant("tmpfs"), target: path, tmpfsSize: size },
        { requiredKeys: ["type", "target"] },
      ),
      fc.record({
        type: fc.constant("cluster"),
        source: fc.constantFrom("group:a", "disk"),
        target: path,
      }),
    ),
    { minLength: 1, maxLength: 3, ...targets },
  ),
  secrets: files,
  configs: files,
  networks: fc.uniqueArray(
    fc.record(
      {
        target: fc.constantFrom("front", "shop_back", "shop_default"),
        aliases: list(word),
        driverOpts: texts(),
      },
      { requiredKeys: ["target"] },
    ),
    { minLength: 1, ...targets },
  ),
  ports: fc.uniqueArray(
    fc.record(
      {
        target: fc.integer({ min: 1, max: 65535 }),
        published: fc.integer({ min: 1, max: 65535 }),
        protocol: fc.constantFrom("udp", "sctp"),
        mode: fc.constant("host"),
      },
      { requiredKeys: ["target"] },
    ),
    { minLength: 1, maxLength: 3, comparator: collide },
  ),
  endpointMode: fc.constant("dnsrr"),
  mode: fc.constantFrom("global", "replicated-job", "global-job"),
  replicas: fc.constantFrom(0, 2, 5),
  "limits.cpus": fc.constantFrom(0.25, 1, 2.5, 0.001, 0.123456789),
  "limits.memory": size,
  "limits.pids": fc.constantFrom(1, 100),
  "reservations.cpus": fc.constantFrom(0.1, 1),
  "reservations.memory": fc.constant("4M"),
  "reservations.genericResources": fc.dictionary(name, fc.constantFrom("1", "2"), { minKeys: 1 }),
  "restartPolicy.condition": fc.constantFrom("none", "on-failure"),
  "restartPolicy.delay": duration,
  "restartPolicy.maxAttempts": fc.integer({ min: 1, max: 9 }),
  "restartPolicy.window": duration,
  "placement.constraints": list(
    fc.constantFrom("node.role==manager", "node.labels.a != b", "engine.labels.x == y"),
  ),
  "placement.preferences": list(fc.constantFrom("node.labels.rack", "node.labels.dc")),
  "placement.maxReplicasPerNode": fc.constantFrom(1, 4),
  "logDriver.name": filled,
  "logDriver.options": texts(),
  ...policyRows("updateConfig"),
  ...policyRows("rollbackConfig"),
};

/** Rows that Docker fills in by itself, and that nobody needs to say. */
const dockersOwn: Partial<Record<Row, fc.Arbitrary<unknown>>> = {
  "placement.platforms": fc.constant([{ os: "linux", architecture: "amd64" }]),
  forceUpdate: fc.constantFrom(1, 2),
};

/** What a stack file has no words for: value → the paths that an export has to name. */
const unsayable: readonly {
  readonly args: Record<string, unknown>;
  readonly paths: readonly string[];
}[] = [
  { args: { envUnset: ["PATH"] }, paths: ["envUnset", "env"] },
  { args: { oomScoreAdj: 100 }, paths: ["oomScoreAdj"] },
  { args: { "limits.memorySwap": "0" }, paths: ["limits.memorySwap"] },
  { args: { "limits.memorySwappiness": 0 }, paths: ["limits.memorySwappiness"] },
  { args: { "privileges.noNewPrivileges": true }, paths: ["privileges.noNewPrivileges"] },
  { args: { "privileges.seLinuxDisable": true }, paths: ["privileges.seLinuxDisable"] },
  { args: { "privileges.seLinuxUser": "u" }, paths: ["privileges.seLinuxUser"] },
  { args: { "privileges.seLinuxRole": "r" }, paths: ["privileges.seLinuxRole"] },
  { args: { "privileges.seLinuxType": "t" }, paths: ["privileges.seLinuxType"] },
  { args: { "privileges.seLinuxLevel": "s0" }, paths: ["privileges.seLinuxLevel"] },
  { args: { "privileges.appArmor": "disabled" }, paths: ["privileges.appArmor"] },
  { args: { "privileges.seccomp": "unconfined" }, paths: ["privileges.seccomp"] },
  { args: { "privileges.seccompProfile": '{"a":1}' }, paths: ["privileges.seccompProfile"] },
  { args: { mode: "replicated-job", replicas: 3, maxConcurrent: 2 }, paths: ["maxConcurrent"] },
  {
    args: { "reservations.genericResources": { SSD: "a" } },
    paths: ["reservations.genericResources"],
  },
  {
    args: { mounts: [{ type: "tmpfs", target: "/t", tmpfsMode: "0700" }] },
    paths: ["mounts[0].tmpfsMode"],
  },
  {
    args: { mounts: [{ type: "tmpfs", target: "/t", tmpfsOptions: ["noexec"] }] },
    paths: ["mounts[0].tmpfsOptions"],
  },
  {
    args: { mounts: [{ type: "bind", source: "/b", target: "/b", bindNonRecursive: true }] },
    paths: ["mounts[0].bindNonRecursive"],
  },
  { args: { ports: [{ target: 80, published: 80, name: "http" }] }, paths: ["ports[0].name"] },
];

export const rows = { sayable, dockersOwn, unsayable };
