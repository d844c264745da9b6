import { textMap, wordSet, wrappedWords } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import type { Form } from "../fields/form";
import { objectList } from "../fields/list";
import type { Tree } from "../fields/paths";
import { getAt, isTree, setAt } from "../fields/paths";
import { bytes, choice, cpus, decimal, duration, integer, text } from "../fields/scalars";
import { limitRows, logRows } from "../workload/resource-rows";

const resources = "TaskTemplate.Resources";
const restart = "TaskTemplate.RestartPolicy";
const placement = "TaskTemplate.Placement";

/** How Docker spells the modes of a service. */
const modeKeys = {
  replicated: "Replicated",
  global: "Global",
  "replicated-job": "ReplicatedJob",
  "global-job": "GlobalJob",
} as const;

/** The modes of a service. */
export type ServiceMode = keyof typeof modeKeys;

/** The words for the modes of a service. */
const serviceModes = Object.keys(modeKeys) as ServiceMode[];

/** The mode of a service's spec. */
export function modeOf(wire: Tree): ServiceMode {
  const modes = getAt(wire, "Mode");
  return (
    serviceModes.find((mode) => isTree(modes) && isTree(modes[modeKeys[mode]])) ?? "replicated"
  );
}

const modePlace: Place<ServiceMode> = {
  read: (wire) => (getAt(wire, "Mode") === undefined ? undefined : modeOf(wire)),
  write: (wire, value) => {
    wire.Mode = { [modeKeys[value ?? "replicated"]]: {} };
  },
};

/** A number of a replicated service or of a job, whichever it is. */
function countPlace(service: string | undefined, job: string): Place<number> {
  const pathOf = (wire: Tree): string | undefined => {
    const mode = modeOf(wire);
    if (mode === "replicated") return service;
    return mode === "replicated-job" ? job : undefined;
  };
  return {
    read: (wire) => {
      const path = pathOf(wire);
      return path === undefined ? undefined : (getAt(wire, path) as number | undefined);
    },
    write: (wire, value) => {
      const path = pathOf(wire);
      if (path !== undefined) setAt(wire, path, value ?? 1);
    },
  };
}

/** Kind → amount, which Docker keeps as a list of discrete resources. */
const genericResources: Form<Record<string, string>> = {
  ...textMap,
  toWire: (map) =>
    Object.entries(map)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([Kind, amount]) =>
        /^\d+$/.test(amount)
          ? { DiscreteResourceSpec: { Kind, Value: Number(amount) } }
          : { NamedResourceSpec: { Kind, Value: amount } },
      ),
  toUser: (wire) =>
    Object.fromEntries(
      (wire as Tree[]).map((entry): [string, string] => {
        const spec = entry.DiscreteResourceSpec ?? entry.NamedResourceSpec;
        return isTree(spec) ? [String(spec.Kind), String(spec.Value)] : ["", ""];
      }),
    ),
};

const spread = wrappedWords(
  (word) => ({ Spread: { SpreadDescriptor: word } }),
  (wire) => String(isTree(wire) ? getAt(wire, "Spread.SpreadDescriptor") : ""),
);

const platforms = objectList(
  {
    os: field(text, "OS", "Operating system, `linux`."),
    architecture: field(text, "Architecture", "Architecture, `amd64` or `x86_64`."),
  },
  { keys: ["os", "architecture"] },
);

/** `node.role==manager` and `node.role == manager` are one constraint. */
function constraint(word: string): string {
  return word.replace(/\s*(==|!=)\s*/, "$1").trim();
}

/** Docker keeps constraints as they are written. */
const constraints: Form<string[]> = { ...wordSet(constraint), toWire: (words) => [...words] };

/** Rows of an update or rollback policy. */
function policyRows<const Name extends "updateConfig" | "rollbackConfig">(name: Name) {
  const at = name === "updateConfig" ? "UpdateConfig" : "RollbackConfig";
  const of = name === "updateConfig" ? "an update" : "a rollback";
  const rows = {
    parallelism: field(
      integer(0),
      `${at}.Parallelism`,
      `Tasks changed at a time during ${of}; 0 is all at once.`,
      { fallback: 1, explicit: "with-parent" },
    ),
    delay: field(duration, `${at}.Delay`, "Time between two batches."),
    failureAction: field(
      choice(["pause", "continue", "rollback"]),
      `${at}.FailureAction`,
      "What to do when too many tasks fail.",
      { fallback: "pause" },
    ),
    monitor: field(duration, `${at}.Monitor`, "Time for which a changed task must not fail.", {
      fallback: "5s",
      zeroIsDefault: true,
    }),
    maxFailureRatio: field(decimal(0, 1), `${at}.MaxFailureRatio`, "Share of tasks that may fail."),
    order: field(
      choice(["stop-first", "start-first"]),
      `${at}.Order`,
      "Stop the old task first, or start the new one first.",
      { fallback: "stop-first" },
    ),
  };
  type Rows = typeof rows;
  return Object.fromEntries(
    Object.entries(rows).map(([key, row]) => [`${name}.${key}`, row]),
  ) as unknown as { [Key in keyof Rows as `${Name}.${Key & string}`]: Rows[Key] };
}

/** How many tasks run, where, with what resources, and how they are restarted and updated. */
export const deployRows = {
  mode: field(
    choice(serviceModes),
    modePlace,
    "`replicated`: a number of tasks; `global`: one on each node; the -job forms run to their end. A change makes a new service.",
    { fallback: "replicated", replace: true, explicit: "always" },
  ),
  replicas: field(
    integer(0),
    countPlace("Mode.Replicated.Replicas", "Mode.ReplicatedJob.TotalCompletions"),
    "Number of tasks; for a replicated job, of tasks that must end well.",
    { fallback: 1 },
  ),
  maxConcurrent: field(
    integer(1),
    countPlace(undefined, "Mode.ReplicatedJob.MaxConcurrent"),
    "Tasks of a replicated job that run at a time. Default: as many as `replicas`.",
    { explicit: "always" },
  ),
  ...limitRows({
    who: "a task",
    cpus: `${resources}.Limits.NanoCPUs`,
    memory: `${resources}.Limits.MemoryBytes`,
    pids: `${resources}.Limits.Pids`,
    memorySwap: `${resources}.SwapBytes`,
    memorySwappiness: `${resources}.MemorySwappiness`,
    swapSince: 29,
  }),
  "reservations.cpus": field(
    cpus,
    `${resources}.Reservations.NanoCPUs`,
    "CPUs that a node must have to spare for a task.",
  ),
  "reservations.memory": field(
    bytes,
    `${resources}.Reservations.MemoryBytes`,
    "Memory that a node must have to spare for a task.",
  ),
  "reservations.genericResources": field(
    genericResources,
    `${resources}.Reservations.GenericResources`,
    'Kind of resource → amount (`{ GPU: "2" }`) or name, as nodes advertise them.',
  ),
  "restartPolicy.condition": field(
    choice(["any", "on-failure", "none"]),
    `${restart}.Condition`,
    "When a task that ended is started again.",
    { fallback: "any", explicit: "with-parent" },
  ),
  "restartPolicy.delay": field(
    duration,
    `${restart}.Delay`,
    "Time before a task is started again.",
    { fallback: "5s" },
  ),
  "restartPolicy.maxAttempts": field(
    integer(0),
    `${restart}.MaxAttempts`,
    "Times that a task is started again; 0 is without end.",
  ),
  "restartPolicy.window": field(
    duration,
    `${restart}.Window`,
    "Time over which `maxAttempts` counts; 0 is for ever.",
  ),
  "placement.constraints": field(
    constraints,
    `${placement}.Constraints`,
    "What a node must be, such as `node.labels.tier==db` or `node.role!=manager`.",
  ),
  "placement.preferences": field(
    spread,
    `${placement}.Preferences`,
    "What tasks are spread over, such as `node.labels.rack`; the first counts most.",
  ),
  "placement.maxReplicasPerNode": field(
    integer(0),
    `${placement}.MaxReplicas`,
    "Tasks on one node at most; 0 is no limit.",
  ),
  "placement.platforms": field(
    platforms,
    `${placement}.Platforms`,
    "Platforms that the tasks can run on. Default: those of the image, as its registry says.",
    { byDocker: true },
  ),
  ...logRows(
    { name: "TaskTemplate.LogDriver.Name", options: "TaskTemplate.LogDriver.Options" },
    "the tasks",
  ),
  ...policyRows("updateConfig"),
  ...policyRows("rollbackConfig"),
  forceUpdate: field(
    integer(0),
    "TaskTemplate.ForceUpdate",
    "A changed number restarts all tasks, as `docker service update --force` does.",
    { byDocker: true },
  ),
};
