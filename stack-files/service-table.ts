import { deploy } from "./deploy-table";
import { labelFiles, variableFiles, variables } from "./env-file";
import { cpus, flag, listOf, oneOrMore, options, size, text, texts, whole } from "./forms";
import { healthcheck } from "./healthcheck";
import { extraHosts } from "./hosts";
import { image } from "./image";
import { insteadOfSharedMemory, insteadOfTmpfs } from "./memory-advice";
import { mounts } from "./mounts";
import { ports } from "./ports";
import { honoured, ignored, newer, record, refused } from "./record";
import { attachments, dependsOn } from "./relations";
import { command, dns, file, grace, restart, sysctls, ulimits } from "./service-forms";

const limits = "deploy.resources";

/** Every key of a service, in the order of its purpose. */
export const serviceRows = {
  image: honoured(image),
  command: honoured(command),
  entrypoint: honoured(command),
  environment: honoured(variables),
  env_file: honoured(variableFiles),
  labels: honoured(texts),
  label_file: newer(labelFiles),
  hostname: honoured(text),
  user: honoured(text),
  group_add: newer(listOf(text)),
  working_dir: honoured(text),
  tty: honoured(flag),
  stdin_open: honoured(flag),
  read_only: honoured(flag),
  init: honoured(flag),
  stop_signal: honoured(text),
  stop_grace_period: honoured(grace),
  isolation: honoured(text),
  dns: honoured(dns),
  dns_search: honoured(oneOrMore),
  dns_opt: newer(listOf(text, "unique")),
  extra_hosts: honoured(extraHosts),
  cap_add: honoured(listOf(text, "unique")),
  cap_drop: honoured(listOf(text, "unique")),
  sysctls: honoured(sysctls),
  ulimits: honoured(ulimits),
  logging: honoured(record({ driver: honoured(text), options: honoured(options) })),
  healthcheck: honoured(healthcheck),
  credential_spec: honoured(
    record({ config: honoured(text), file: honoured(text), registry: honoured(text) }),
  ),
  networks: honoured(attachments),
  ports: honoured(ports),
  volumes: honoured(mounts),
  secrets: honoured(listOf(file)),
  configs: honoured(listOf(file)),
  depends_on: honoured(dependsOn),
  restart: honoured(restart),
  deploy: honoured(deploy),
  profiles: newer(listOf(text)),
  cpus: newer(cpus),
  mem_reservation: newer(size("bare")),
  pids_limit: newer(whole(-1)),
  scale: newer(whole(0)),

  annotations: refused("a swarm has no annotations. Write them as labels."),
  blkio_config: refused(
    `a swarm cannot limit block devices. Leave it out; ${limits} limits CPUs, memory and processes.`,
  ),
  build: ignored(
    "builds nothing: a swarm runs images. Build the image, push it to a registry that all nodes reach, and name it with image.",
  ),
  cgroup: refused("a swarm cannot choose the control group. Leave it out."),
  cgroup_parent: ignored(
    "has no effect in a swarm. Set cgroup-parent in the engines' own settings.",
  ),
  cgroupns_mode: ignored(
    "has no effect in a swarm. Set default-cgroupns-mode in the engines' own settings.",
  ),
  container_name: ignored(
    "has no effect: a swarm names the containers of its tasks itself. Reach the service by its own name.",
    text,
  ),
  cpu_count: refused(`is of Windows outside of a swarm. Write ${limits}.limits.cpus.`),
  cpu_percent: refused(`is of Windows outside of a swarm. Write ${limits}.limits.cpus.`),
  cpu_period: refused(`a swarm cannot set it. Write ${limits}.limits.cpus.`),
  cpu_quota: refused(`a swarm cannot set it. Write ${limits}.limits.cpus.`),
  cpu_rt_period: refused(`a swarm cannot set it. Write ${limits}.limits.cpus.`),
  cpu_rt_runtime: refused(`a swarm cannot set it. Write ${limits}.limits.cpus.`),
  cpu_shares: refused(`a swarm cannot set it. Write ${limits}.reservations.cpus.`),
  cpuset: refused(`a swarm cannot bind a task to single CPUs. Write ${limits}.limits.cpus.`),
  device_cgroup_rules: refused(
    "a swarm gives no devices to containers. Write generic_resources under deploy.resources.reservations, or bind the device's path where it needs no permission.",
  ),
  devices: ignored(
    "has no effect: a swarm gives no devices to containers. Write generic_resources under deploy.resources.reservations for a GPU.",
  ),
  domainname: ignored("has no effect in a swarm. Write the whole name in hostname.", text),
  expose: ignored(
    "does nothing: services of one network reach each other on all ports. Leave it out.",
  ),
  external_links: ignored(
    "has no effect in a swarm. Put both services into one network, and use their names.",
  ),
  gpus: refused(
    "a swarm gives GPUs by generic resources. Declare them in the engines' settings (node-generic-resources), and write generic_resources under deploy.resources.reservations.",
  ),
  ipc: ignored(
    "has no effect in a swarm. Leave it out; a bigger /dev/shm is a volume of type tmpfs.",
  ),
  links: ignored(
    "has no effect in a swarm. Services of one network reach each other by name; another name is an alias under networks.",
  ),
  mac_address: ignored("has no effect in a swarm. Leave it out."),
  mem_limit: refused(`Docker refuses it in a stack. Write ${limits}.limits.memory.`),
  mem_swappiness: refused("stack files cannot say it. Leave it out."),
  memswap_limit: refused(`Docker refuses it in a stack. Write ${limits}.limits.memory.`),
  models: refused(
    "a swarm runs no models. Run the model as a service of its own, and give its address in environment.",
  ),
  network_mode: ignored(
    "has no effect in a swarm. For the node's own network write networks: [host] and, on the top level, networks: {host: {external: true, name: host}}; else leave it out.",
    text,
  ),
  oom_kill_disable: refused(
    "a swarm cannot set it. Leave it out, and reserve the memory under deploy.resources.reservations.",
  ),
  oom_score_adj: ignored(
    "has no effect: Docker's stacks lose it on the way. Leave it out.",
    whole(-1000, 1000),
  ),
  pid: ignored("has no effect in a swarm. Leave it out."),
  platform: refused(
    'a swarm chooses nodes by constraints. Write deploy.placement.constraints, as in ["node.platform.os == linux", "node.platform.arch == x86_64"].',
  ),
  post_start: refused(
    "a swarm runs nothing after a start. Do it in the entrypoint, or in a service of mode replicated-job.",
  ),
  pre_stop: refused(
    "a swarm runs nothing before a stop. Handle stop_signal in the program, within stop_grace_period.",
  ),
  privileged: ignored(
    "has no effect: no task of a swarm is privileged. Name what it needs with cap_add.",
    flag,
  ),
  provider: refused(
    "a swarm cannot hand a service to somebody else. Declare what it stands for outside of the stack.",
  ),
  pull_policy: ignored(
    "has no effect in a swarm: a node pulls what it does not have. A tag is pinned to its digest when the stack is deployed.",
  ),
  pull_refresh_after: ignored("has no effect in a swarm: a node pulls what it does not have."),
  runtime: refused(
    "a swarm cannot choose it. Set default-runtime in the settings of some engines, label those nodes, and place the service there.",
  ),
  security_opt: ignored(
    "has no effect in a swarm. Leave it out, or set no-new-privileges in the engines' own settings.",
  ),
  shm_size: ignored(insteadOfSharedMemory),
  storage_opt: refused("a swarm cannot set it. Limit the storage in the engines' own settings."),
  tmpfs: ignored(insteadOfTmpfs, oneOrMore),
  use_api_socket: refused(
    "a swarm cannot do it. Bind /var/run/docker.sock as a volume, and place the service on managers.",
  ),
  userns_mode: ignored("has no effect in a swarm. Leave it out."),
  uts: refused("a swarm cannot share host names. Write hostname."),
  attach: ignored("is for docker compose up alone. Leave it out."),
  develop: ignored("is for docker compose watch alone. Leave it out."),
  extends: refused(
    "Docker refuses it in a stack. Of the same file write an anchor, as in x-base: &base {…} and <<: *base; of another one give both files: later files add to earlier ones.",
  ),
  volume_driver: refused(
    "Docker refuses it in a stack. Name the driver under volumes on the top level.",
  ),
  volumes_from: refused(
    "Docker refuses it in a stack. Declare the volume under volumes on the top level, and mount it in both services.",
  ),
};
