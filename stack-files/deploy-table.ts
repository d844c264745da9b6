import {
  choice,
  cpus,
  decimal,
  duration,
  listOf,
  mismatch,
  size,
  text,
  textFor,
  texts,
  whole,
} from "./forms";
import { apply, type Form } from "./reading";
import { honoured, record, refused, type Read } from "./record";

const policyRows = {
  parallelism: honoured(whole(0)),
  delay: honoured(duration()),
  failure_action: honoured(choice(["", "pause", "continue", "rollback"])),
  monitor: honoured(duration()),
  max_failure_ratio: honoured(decimal(0, 1)),
  order: honoured(choice(["start-first", "stop-first"])),
};

/** The engine takes these words in any spelling of case, and `_` for `-`. */
const condition = textFor('"none", "on-failure" or "any"', (got) => {
  const word = got.toLowerCase().replaceAll("_", "-");
  return ["", "none", "on-failure", "any"].find((one) => one === word);
});

const restartRows = {
  condition: honoured(condition),
  delay: honoured(duration()),
  max_attempts: honoured(whole(0)),
  window: honoured(duration()),
};

const resource: Form<{ readonly kind: string; readonly value: number }> = (
  value,
  path,
  reading,
) => {
  const { discrete_resource_spec: spec } = apply(resourceRecord, value, path, reading) ?? {};
  if (spec === undefined) return undefined;
  if (spec.kind !== undefined && spec.value !== undefined)
    return { kind: spec.kind, value: spec.value };
  mismatch(value, path, reading, "a discrete_resource_spec with kind and value");
  return undefined;
};

const resourceRecord = record({
  discrete_resource_spec: honoured(record({ kind: honoured(text), value: honoured(whole(0)) })),
});

const gpus =
  "a swarm gives GPUs by generic resources. Declare them in the engines' settings (node-generic-resources), and write generic_resources: [{discrete_resource_spec: {kind: gpu, value: 1}}].";

const limitRows = {
  cpus: honoured(cpus),
  memory: honoured(size("unit")),
  pids: honoured(whole(-1)),
  devices: refused(gpus),
};

const reservationRows = {
  cpus: honoured(cpus),
  memory: honoured(size("unit")),
  generic_resources: honoured(listOf(resource)),
  devices: refused(gpus),
  pids: refused("a swarm reserves no processes. Write it under limits."),
};

const placementRows = {
  constraints: honoured(listOf(text)),
  preferences: honoured(listOf(record({ spread: honoured(text) }))),
  max_replicas_per_node: honoured(whole(0)),
};

const deployRows = {
  mode: honoured(choice(["replicated", "global", "replicated-job", "global-job", ""])),
  replicas: honoured(whole(0)),
  endpoint_mode: honoured(
    textFor('"vip" or "dnsrr"', (got) =>
      ["", "vip", "dnsrr"].find((one) => one === got.toLowerCase()),
    ),
  ),
  labels: honoured(texts),
  update_config: honoured(record(policyRows)),
  rollback_config: honoured(record(policyRows)),
  resources: honoured(
    record({
      limits: honoured(record(limitRows)),
      reservations: honoured(record(reservationRows)),
    }),
  ),
  restart_policy: honoured(record(restartRows)),
  placement: honoured(record(placementRows)),
};

export type DeployPart = Read<typeof deployRows>;

/** How the swarm runs a service; nothing at all is an empty map. */
export const deploy: Form<DeployPart> = (value, path, reading) =>
  value.kind === "null" ? {} : record(deployRows)(value, path, reading);
