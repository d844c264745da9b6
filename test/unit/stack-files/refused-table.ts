import type { NetworkModel, PayloadModel, StackModel } from "../../../stack-files/model";

/** What becomes of a file that Docker refuses, or takes without a word although it is wrong. */
export type Outcome =
  | { readonly kind: "error" | "warning"; readonly line: string }
  | {
      /** `newer`: Docker refuses it. `asDocker`: Docker takes it, and it means what it seems to. */
      readonly kind: "newer" | "asDocker";
      readonly pick: (model: StackModel) => unknown;
      readonly expected: unknown;
    };

/** @param line - how the line begins that a user reads, without the file's name */
function error(line: string): Outcome {
  return { kind: "error", line };
}

function warning(line: string): Outcome {
  return { kind: "warning", line };
}

function newer(pick: (model: StackModel) => unknown, expected: unknown): Outcome {
  return { kind: "newer", pick, expected };
}

function asDocker(pick: (model: StackModel) => unknown, expected: unknown): Outcome {
  return { kind: "asDocker", pick, expected };
}

function text(payload: PayloadModel | undefined): string | undefined {
  return payload === undefined || "external" in payload ? undefined : payload.content?.toString();
}

function ipam(network: NetworkModel | undefined) {
  return network === undefined || "external" in network ? undefined : network.ipam;
}

/** By the name of the file in test/stack-cases/refused. */
export const outcomes: Readonly<Record<string, Outcome>> = {
  "anchor-unknown": error("4:13: got *gone; expected the name of an anchor (&gone) above."),
  annotations: error(
    "4:5 services.web.annotations: a swarm has no annotations. Write them as labels.",
  ),
  attach: warning("4:5 services.web.attach: is for docker compose up alone. Leave it out."),
  "bad-image": error(
    '2:16 services.web.image: got "A:b:c"; expected an image in lower case such as "nginx:1.27" or "',
  ),
  "bad-service-name": error(
    '2:3 services."we b": got the key "we b"; expected at most 61 letters, digits, - and _, ending w',
  ),
  "build-only": error(
    "2:8 services.web: got no image; expected one. A swarm builds nothing: build it, push it to a re",
  ),
  "command-null": newer(({ services }) => services.web?.command, undefined),
  "command-number": error(
    '4:22 services.web.command[1]: got the number 5; expected text. Quote it: "5".',
  ),
  "command-unclosed": error(
    "4:14 services.web.command: got \"echo 'a\"; expected words as in a shell. It has ' that is not cl",
  ),
  "condition-unknown": error(
    '4:42 services.web.deploy.restart_policy.condition: got "sometimes"; expected "none", "on-failur',
  ),
  "config-content": newer(({ configs }) => text(configs.c), "hello"),
  "config-driver": error(
    "4:15 configs.c.driver: unknown key. Known: content, environment, external, file, labels, name, ",
  ),
  "config-undefined": error(
    '4:15 services.web.configs[0]: got "gone"; expected the key of one of the configs on the top lev',
  ),
  "configs-too-long": error(
    '5:32 services.web.configs[0].uid: got the number 1; expected text. Quote it: "1".',
  ),
  "cpus-number": newer(({ services }) => services.web?.deploy.limits, { nanoCpus: 5e8 }),
  "cpus-service": newer(({ services }) => services.web?.deploy.limits, { nanoCpus: 1e9 }),
  "cpus-too-precise": error(
    '4:41 services.web.deploy.resources.limits.cpus: got "0.00000000001"; expected a number of CPUs ',
  ),
  "credential-two": error(
    "4:22 services.web.credential_spec: got file and registry; expected one of config, file and regi",
  ),
  "custom-tag-reset": warning(
    "4:19: the tag !reset has no effect in a stack: Docker reads over it. Leave it out.",
  ),
  "depends-on-map": error(
    '4:22 services.web.depends_on.db: got "db"; expected the key of a service of the stack. There is',
  ),
  "deploy-unknown": error(
    '4:14 services.web.deploy.replica: unknown key. Did you mean "replicas"?',
  ),
  "deploy-x": newer(({ services }) => services.web?.deploy, { labels: {} }),
  develop: warning("4:5 services.web.develop: is for docker compose watch alone. Leave it out."),
  "dns-opt": newer(({ services }) => services.web?.dnsOptions, ["ndots:1"]),
  "driver-opts-boolean": newer(({ networks }) => networks.n, {
    driverOpts: { encrypted: "true" },
    labels: {},
  }),
  "duplicate-key": error(
    '4:5: got the key "image" twice in one map; expected it once. The first is in line 3.',
  ),
  "duplicate-secret-target": error(
    '4:39 services.web.secrets[1]: got the target "t" twice; expected each once.',
  ),
  "duplicate-service": error(
    '4:3: got the key "web" twice in one map; expected it once. The first is in line 2.',
  ),
  "duration-days": error(
    '4:24 services.web.stop_grace_period: got "1d"; expected a duration such as "1m30s" or "500ms". ',
  ),
  "duration-negative": warning(
    "4:24 services.web.stop_grace_period: is below nought: the engine then waits for ever for the ta",
  ),
  "duration-number": error(
    '4:24 services.web.stop_grace_period: got the number 10; expected a duration such as "1m30s" or ',
  ),
  "empty-file": error("1:1: got nothing; expected a map with the key services."),
  "endpoint-unknown": error(
    '4:29 services.web.deploy.endpoint_mode: got "nonsense"; expected "vip" or "dnsrr".',
  ),
  "entrypoint-null": newer(({ services }) => services.web?.entrypoint, undefined),
  "env-boolean": newer(({ services }) => services.web?.environment, { A: "true" }),
  "env-duplicate-item": error(
    '4:24 services.web.environment[1]: got "A=1"; expected each item once.',
  ),
  "env-file-bad": error(
    '4:15 services.web.env_file: ../files/bad.env:8: got "export E" as a name; expected NAME=value w',
  ),
  "env-file-missing": error('4:15 services.web.env_file: got "gone.env"; expected a file'),
  "env-file-object": newer(({ services }) => services.web?.environment, {}),
  "env-list-number": error(
    '4:19 services.web.environment[0]: got the number 1; expected text. Quote it: "1".',
  ),
  "expose-range": warning(
    "4:5 services.web.expose: does nothing: services of one network reach each other on all ports. L",
  ),
  extends: error(
    "4:5 services.web.extends: Docker refuses it in a stack. Of the same file write an anchor, ",
  ),
  "external-and-name": error(
    "4:14 secrets.s: got a map; expected one name. Leave the one under external out.",
  ),
  "external-network-driver": warning(
    "5:32 networks.n.driver: has no effect on what is external. Leave it out.",
  ),
  "external-volume-driver": error(
    "4:14 volumes.v: got a map; expected no driver, driver_opts or labels beside external.",
  ),
  "external-yes": newer(({ networks }) => networks.n, { external: { name: "n" } }),
  "failure-action-unknown": error(
    '4:46 services.web.deploy.update_config.failure_action: got "explode"; expected "pause", "contin',
  ),
  "gpu-devices": error(
    "4:41 services.web.deploy.resources.reservations.devices: a swarm gives GPUs by generic resource",
  ),
  gpus: error(
    "4:5 services.web.gpus: a swarm gives GPUs by generic resources. Declare them in the engines' se",
  ),
  "group-add": newer(({ services }) => services.web?.groupAdd, ["a"]),
  "health-both": error(
    "4:18 services.web.healthcheck: got a test and disable; expected one of the two.",
  ),
  "health-retries-string": newer(({ services }) => services.web?.healthcheck, { retries: 3 }),
  "healthcheck-x": newer(({ services }) => services.web?.healthcheck, {}),
  "hostname-number": error(
    '4:15 services.web.hostname: got the number 1; expected text. Quote it: "1".',
  ),
  "image-number": error('2:16 services.web.image: got the number 1; expected text. Quote it: "1".'),
  "init-interpolated": newer(({ services }) => services.web?.init, true),
  "init-string": newer(({ services }) => services.web?.init, true),
  "interp-bad": error(
    '4:17 services.web.labels.a: got a "$" that begins no variable in "${}"; expected "$$" for the s',
  ),
  "interp-cast-empty": error(
    "4:24 services.web.deploy.replicas: got ${UNSET}, which has no value; expected a variable of the",
  ),
  "interp-cast": error(
    '4:24 services.web.deploy.replicas: got "many"; expected a whole number of at least 0.',
  ),
  "interp-end": error(
    '4:17 services.web.labels.a: got a "$" that begins no variable in "cost $"; expected "$$" for th',
  ),
  "interp-lone": error(
    '4:17 services.web.labels.a: got a "$" that begins no variable in "cost $5"; expected "$$" for t',
  ),
  "interp-memory": newer(({ services }) => services.web?.deploy.limits, { pids: 5 }),
  "interp-plus": newer(({ services }) => services.web?.labels, { a: "" }),
  "interp-required": error(
    "4:17 services.web.labels.a: UNSET has no value: please set it. Set it as a variable of the stack, of its env file or of the process.",
  ),
  "label-boolean": newer(({ services }) => services.web?.labels, { "traefik.enable": "true" }),
  "label-file": error('4:17 services.web.label_file: got "a"; expected a file'),
  "links-only": warning(
    "4:5 services.web.links: has no effect in a swarm. Services of one network reach each other by n",
  ),
  "list-top": error("1:1: got a list; expected a map with the key services."),
  "logging-x": newer(({ services }) => services.web?.logging, { options: {} }),
  "mem-limit": error(
    "4:5 services.web.mem_limit: Docker refuses it in a stack. Write deploy.resources.limits.memory.",
  ),
  "memory-bad": error(
    '4:43 services.web.deploy.resources.limits.memory: got "10 apples"; expected a size such as "512',
  ),
  "memory-number": error(
    "4:43 services.web.deploy.resources.limits.memory: got the number 1000; expected a size such as ",
  ),
  "merge-list": asDocker(({ services }) => [services.web?.image, services.web?.tty], ["x", true]),
  "merge-override-order": asDocker(
    ({ services }) => [services.web?.image, services.web?.tty],
    ["x", false],
  ),
  "mode-string": newer(({ services }) => services.web?.secrets, [{ source: "s", mode: 0o440 }]),
  "mode-unknown": error(
    '4:20 services.web.deploy.mode: got "nonsense"; expected "replicated", "global", "replicated-job',
  ),
  models: error("4:1 models: a swarm runs no models. Run the model as a service of its own."),
  "network-alias-duplicate": error(
    '4:33 services.web.networks.n.aliases[1]: got "a"; expected each item once.',
  ),
  "network-enable-ipv6": newer(({ networks }) => networks.n, {
    enableIpv6: true,
    driverOpts: {},
    labels: {},
  }),
  "network-ipam-gateway": newer(
    ({ networks }) => ipam(networks.n)?.config,
    [{ subnet: "10.0.0.0/24", gateway: "10.0.0.1" }],
  ),
  "network-ipam-options": newer(({ networks }) => ipam(networks.n)?.options, { a: "b" }),
  "network-mac": error(
    "4:20 services.web.networks.n.mac_address: a swarm gives addresses and order itself. Leave it ou",
  ),
  "network-priority": error(
    "4:20 services.web.networks.n.priority: a swarm gives addresses and order itself. Leave it out.",
  ),
  "network-undefined": error(
    '4:15 services.web.networks.gone: got "gone"; expected the key of one of the networks on the top',
  ),
  "no-image": error("2:8 services.web: got no image; expected one. Name it with image."),
  "no-services": warning("the files declare no services: nothing will run."),
  "null-service": error("2:3 services.web: got nothing; expected a map."),
  "null-services": error("1:1 services: got nothing; expected a map."),
  "number-key": error("2:3: got the number 1 as a key; expected text. Quote it."),
  "oom-kill": error(
    "4:5 services.web.oom_kill_disable: a swarm cannot set it. Leave it out, and reserve the memory ",
  ),
  "order-unknown": error(
    '4:37 services.web.deploy.update_config.order: got "sideways"; expected "start-first" or "stop-f',
  ),
  "placement-x": error(
    '4:26 services.web.deploy.placement.constraint: unknown key. Did you mean "constraints"?',
  ),
  platform: error(
    "4:5 services.web.platform: a swarm chooses nodes by constraints. Write deploy.placement.constra",
  ),
  "port-bad": error(
    '4:13 services.web.ports[0]: got "http:80"; expected a port such as 80, "8080:80", "53:53/udp" o',
  ),
  "port-duplicate-item": error('4:22 services.web.ports[1]: got "80:80"; expected each item once.'),
  "port-float": error(
    '4:13 services.web.ports[0]: got the number 80.5; expected a port such as 80, "8080:80", "53:53/',
  ),
  "port-host-ip": error(
    "4:26 services.web.ports[0].host_ip: a swarm publishes on all addresses of all nodes, and would ",
  ),
  "port-name": warning(
    "4:26 services.web.ports[0].name: is a note for people: it has no effect in a swarm. Leave it ou",
  ),
  "port-proto": error(
    '4:13 services.web.ports[0]: got "80:80/icmp"; expected a port such as 80, "8080:80", "53:53/udp',
  ),
  "port-published-range": error(
    '4:37 services.web.ports[0].published: got "8080-8090"; expected one port. A swarm chooses none ',
  ),
  "port-published-string": newer(
    ({ services }) => services.web?.ports,
    [{ target: 80, published: 8080 }],
  ),
  "port-range-mismatch": error(
    '4:13 services.web.ports[0]: got "3000-3005:80-81"; expected two ranges of the same length, or o',
  ),
  "port-too-big": error(
    '4:13 services.web.ports[0]: got "70000:80"; expected a port such as 80, "8080:80", "53:53/udp" ',
  ),
  "post-start": error(
    "4:5 services.web.post_start: a swarm runs nothing after a start. Do it in the entrypoint, or in",
  ),
  profiles: warning(
    '4:15 services.web.profiles: web is left out: none of its profiles ("a") is chosen.',
  ),
  provider: error(
    "4:5 services.web.provider: a swarm cannot hand a service to somebody else. Declare what it stan",
  ),
  "pull-policy": warning(
    "4:5 services.web.pull_policy: has no effect in a swarm: a node pulls what it does not have. A t",
  ),
  "replicas-global": error(
    "4:38 services.web.deploy.replicas: got replicas for mode global, which runs one task on each no",
  ),
  "replicas-negative": error(
    "4:24 services.web.deploy.replicas: got the number -1; expected a whole number of at least 0.",
  ),
  "replicas-string": newer(({ services }) => services.web?.deploy.replicas, 2),
  "restart-bad": error(
    '4:14 services.web.restart: got "sometimes"; expected "no", "always", "unless-stopped", "on-fail',
  ),
  "restart-number": error(
    '4:14 services.web.restart: got "on-failure:x"; expected "no", "always", "unless-stopped", "on-f',
  ),
  "restart-yaml-no": warning('4:14 services.web.restart: to a swarm "no" says nothing'),
  runtime: error(
    "4:5 services.web.runtime: a swarm cannot choose it. Set default-runtime in the settings of some",
  ),
  scale: newer(({ services }) => services.web?.deploy.replicas, 2),
  "secret-driver-and-file": error(
    "4:14 secrets.s: got file and driver; expected one of file, environment, driver, or external: tr",
  ),
  "secret-environment": error(
    '4:28 secrets.s.environment: got "A"; expected a variable that has a value. Set A.',
  ),
  "secret-file-missing": error('5:21 secrets.s.file: got "gone"; expected a file'),
  "secret-no-file": error(
    "5:14 secrets.s: got none of them; expected one of file, environment, driver, or external: true.",
  ),
  "secret-null": error("5:11 secrets.s: got nothing; expected a map."),
  "secret-undefined": error(
    '4:15 services.web.secrets[0]: got "gone"; expected the key of one of the secrets on the top lev',
  ),
  "secret-x": asDocker(({ secrets }) => secrets.s, { external: { name: "s" } }),
  "security-opt": warning(
    "4:5 services.web.security_opt: has no effect in a swarm. Leave it out, or set no-new-privileges",
  ),
  "storage-opt": error(
    "4:5 services.web.storage_opt: a swarm cannot set it. Limit the storage in the engines' own sett",
  ),
  "sysctl-null": warning(
    "4:15 services.web.sysctls.a: has no value, and no task can start with it. Write one.",
  ),
  tab: error("2:1: this is no YAML: Tabs are not allowed as indentation."),
  "tmpfs-long": error("4:12 services.web.tmpfs: got a map; expected text."),
  "top-include": error(
    "1:1 include: a stack includes no files. Give all files, one after the other: later files add to",
  ),
  "top-name": newer(({ name }) => name, "shop"),
  "top-unknown": error(
    "1:1 foo: unknown key. Known: configs, include, models, name, networks, secrets, services, versi",
  ),
  "tty-yes": newer(({ services }) => services.web?.tty, true),
  "two-documents": error(
    "4:1: a second document begins here; expected one. Docker reads the first alone: put the second ",
  ),
  "ulimit-soft-only": error(
    "4:23 services.web.ulimits.nofile: got a map; expected a number, or a map with soft and hard.",
  ),
  "ulimit-upper": warning(
    "4:15 services.web.ulimits.NOFILE: expected the name of a limit in lower case, such as nofile: D",
  ),
  "unknown-service-key": error('4:5 services.web.imagee: unknown key. Did you mean "image"?'),
  "use-api-socket": error(
    "4:5 services.web.use_api_socket: a swarm cannot do it. Bind /var/run/docker.sock as a volume, a",
  ),
  "user-number": error(
    '4:11 services.web.user: got the number 1000; expected text. Quote it: "1000".',
  ),
  "version-2": error(
    '1:10 version: got "2.4"; expected version "3.0" to "3.13". Leave the version out: it is not nee',
  ),
  "version-3-99": error(
    '1:10 version: got "3.99"; expected version "3.0" to "3.13". Leave the version out: it is not ne',
  ),
  "version-number": newer(({ services }) => services.web?.image, "x"),
  "version-only-3": asDocker(({ services }) => services.web?.image, "x"),
  "volume-bind-no-source": error(
    "4:15 services.web.volumes[0]: got a map; expected a source for type bind.",
  ),
  "volume-colons": error(
    '4:15 services.web.volumes[0]: got "a:/b:ro:x"; expected an absolute path in the container as th',
  ),
  "volume-double-colon": error(
    '4:15 services.web.volumes[0]: got "a:", a path of the machine that deploys, which the nodes do ',
  ),
  "volume-driver": error(
    "4:5 services.web.volume_driver: Docker refuses it in a stack. Name the driver under volumes on ",
  ),
  "volume-empty": error(
    '4:15 services.web.volumes[0]: got ""; expected a volume such as "data:/data", "/srv/data:/data:',
  ),
  "volume-image-subpath": newer(
    ({ services }) => services.web?.mounts,
    [{ type: "image", source: "a", target: "/b", imageSubpath: "c" }],
  ),
  "volume-long-no-type": error(
    "4:15 services.web.volumes[0]: got a map; expected a map with type.",
  ),
  "volume-mixed": error(
    "4:15 services.web.volumes[0].volume: got options of volume for type bind; expected type volume,",
  ),
  "volume-tmpfs-size-string": newer(
    ({ services }) => services.web?.mounts,
    [{ type: "tmpfs", target: "/b", tmpfsSize: 64 * 1024 ** 2 }],
  ),
  "volume-tmpfs-source": error(
    "4:15 services.web.volumes[0]: got a map; expected no source for type tmpfs. Leave source out.",
  ),
  "volume-type-bad": error(
    '4:22 services.web.volumes[0].type: got "foo"; expected "volume", "bind", "tmpfs", "npipe", "clu',
  ),
  "volume-undefined": error(
    '4:15 services.web.volumes[0]: got "gone"; expected the key of one of the volumes on the top lev',
  ),
  "volumes-from": error(
    "4:5 services.web.volumes_from: Docker refuses it in a stack. Declare the volume under volumes o",
  ),
};
