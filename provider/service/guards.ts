import type { Failure } from "../resource";
import { isUnknown, UNKNOWN } from "../value";
import { parseBytes, parseDuration } from "../fields/units";
import type { ServiceInputs } from "./arguments";

/** A rule over several properties: says what is wrong, if anything. Values that are not known yet break no rule. */
type Guard = (inputs: ServiceInputs) => readonly Failure[];

/** The entries of a list, or none while the list itself is not known. */
function known<Item>(list: readonly Item[] | undefined): [number, Item][] {
  return list === undefined || isUnknown(list) ? [] : [...list.entries()];
}

function isKnown<Value>(value: Value | undefined): value is Value {
  return value !== undefined && !isUnknown(value);
}

const isJob = (inputs: ServiceInputs): boolean => inputs.mode?.endsWith("-job") === true;

const name: Guard = ({ name: text }) =>
  isKnown(text) && text.length > 63
    ? [
        {
          path: "name",
          reason: `got ${text.length} characters; expected at most 63, as in DNS. Choose a shorter name.`,
        },
      ]
    : [];

const counts: Guard = (inputs) => {
  const failures: Failure[] = [];
  const { mode = "replicated", replicas, maxConcurrent } = inputs;
  if (isUnknown(mode)) return [];
  if (replicas !== undefined && mode.startsWith("global")) {
    failures.push({
      path: "replicas",
      reason: `got a number with mode "${mode}"; expected none, because Docker runs one task on each node. Leave it out, or use mode "replicated".`,
    });
  }
  if (maxConcurrent !== undefined && mode !== "replicated-job") {
    failures.push({
      path: "maxConcurrent",
      reason: `got a number with mode "${mode}"; expected it with mode "replicated-job" only. Leave it out.`,
    });
  }
  return failures;
};

const jobs: Guard = (inputs) => {
  if (!isJob(inputs)) return [];
  const reason = `is not for mode "${inputs.mode ?? ""}": a job is not updated task by task. Leave it out.`;
  const policies = (["updateConfig", "rollbackConfig"] as const).filter(
    (key) => inputs[key] !== undefined,
  );
  const failures: Failure[] = policies.map((path) => ({ path, reason }));
  if (inputs.restartPolicy?.condition === "any") {
    failures.push({
      path: "restartPolicy.condition",
      reason: `got "any" with mode "${inputs.mode ?? ""}"; expected "on-failure" or "none", because a job ends.`,
    });
  }
  return failures;
};

const endpoint: Guard = ({ endpointMode, ports, updateConfig }) => {
  const failures: Failure[] = [];
  for (const [index, { mode = "ingress" }] of known(ports)) {
    if (endpointMode === "dnsrr" && mode === "ingress") {
      failures.push({
        path: `ports[${index}].mode`,
        reason: `got "ingress" with endpointMode "dnsrr"; expected "host", because the routing mesh needs a virtual address. Use mode "host" or endpointMode "vip".`,
      });
    }
    if (mode === "host" && updateConfig?.order === "start-first") {
      failures.push({
        path: "updateConfig.order",
        reason: `got "start-first" with the host-mode port ports[${index}]; expected "stop-first", because the old task holds the port that the new one waits for.`,
      });
    }
  }
  return failures;
};

/** Paths of entries that have the same key as an earlier one. */
function repeated<Item>(
  path: string,
  list: readonly Item[] | undefined,
  keyOf: (item: Item) => string | undefined,
  what: string,
): Failure[] {
  const first = new Map<string, number>();
  return known(list).flatMap(([index, item]): Failure[] => {
    const key = keyOf(item);
    if (key === undefined || key.includes(UNKNOWN)) return [];
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, index);
      return [];
    }
    return [
      {
        path: `${path}[${index}]`,
        reason: `got ${what} ${key} again, as in ${path}[${before}]; expected each once. Remove one.`,
      },
    ];
  });
}

const duplicates: Guard = ({ ports, mounts, secrets, configs, networks }) => [
  ...repeated(
    "ports",
    ports,
    ({ published, protocol = "tcp" }) =>
      published === undefined || published === 0 ? undefined : `${published}/${protocol}`,
    "published port",
  ),
  ...repeated("mounts", mounts, ({ target }) => target, "target"),
  ...repeated("secrets", secrets, ({ source, target }) => target ?? source, "target"),
  ...repeated("configs", configs, ({ source, target }) => target ?? source, "target"),
  ...repeated("networks", networks, ({ target }) => target, "network"),
];

const mountOptions = {
  bind: [
    "bindPropagation",
    "bindNonRecursive",
    "bindCreateMountpoint",
    "bindReadOnlyNonRecursive",
    "bindReadOnlyForceRecursive",
  ],
  volume: ["volumeNoCopy", "volumeSubpath", "volumeLabels", "volumeDriver", "volumeOptions"],
  tmpfs: ["tmpfsSize", "tmpfsMode", "tmpfsOptions"],
  image: ["imageSubpath"],
} as const;

const mountTypes: Guard = ({ mounts }) =>
  known(mounts).flatMap(([index, mount]): Failure[] => {
    const { type = "volume", source } = mount;
    if (isUnknown(type)) return [];
    const path = `mounts[${index}]`;
    const failures: Failure[] = Object.entries(mountOptions).flatMap(([owner, options]) =>
      options
        .filter((option) => owner !== type && mount[option] !== undefined)
        .map((option) => ({
          path: `${path}.${option}`,
          reason: `is for mounts of type "${owner}"; this one is "${type}". Leave it out, or change the type.`,
        })),
    );
    if (type === "tmpfs" && source !== undefined) {
      failures.push({
        path: `${path}.source`,
        reason: `got a source with type "tmpfs"; expected none, because a tmpfs is memory. Leave it out.`,
      });
    }
    if (
      type === "bind" &&
      (source === undefined ||
        (isKnown(source) && !source.startsWith("/") && !/^[A-Za-z]:/.test(source)))
    ) {
      failures.push({
        path: `${path}.source`,
        reason: `got ${source === undefined ? "nothing" : `"${source}"`} with type "bind"; expected an absolute path on the node. For a named volume use type "volume".`,
      });
    }
    return failures;
  });

/** Docker refuses less. */
const smallestMemory = 4 * 1024 * 1024;

const resources: Guard = (inputs) =>
  (["limits", "reservations"] as const).flatMap((group): Failure[] => {
    const { memory, cpus } = inputs[group] ?? {};
    const failures: Failure[] = [];
    if (
      isKnown(memory) &&
      (parseBytes(memory) ?? smallestMemory) < smallestMemory &&
      parseBytes(memory) !== 0
    ) {
      failures.push({
        path: `${group}.memory`,
        reason: `got "${memory}"; expected at least "4M", which is the least that Docker takes.`,
      });
    }
    if (isKnown(cpus) && cpus > 0 && cpus < 0.001) {
      failures.push({
        path: `${group}.cpus`,
        reason: `got ${cpus}; expected at least 0.001, which is the least that Docker takes.`,
      });
    }
    return failures;
  });

const reserved: Guard = ({ limits, reservations }) => {
  const failures: Failure[] = [];
  if (isKnown(limits?.memory) && isKnown(reservations?.memory)) {
    const [most, least] = [parseBytes(limits.memory) ?? 0, parseBytes(reservations.memory) ?? 0];
    if (most > 0 && least > most) {
      failures.push({
        path: "reservations.memory",
        reason: `got "${reservations.memory}", more than limits.memory "${limits.memory}"; expected at most the limit.`,
      });
    }
  }
  return failures;
};

const healthcheck: Guard = ({ healthcheck: health = {} }) => {
  if (health.disable === true && Object.keys(health).length > 1) {
    return [
      {
        path: "healthcheck.disable",
        reason: "got true beside other settings of the check; expected it alone.",
      },
    ];
  }
  const failures: Failure[] = [];
  const word = health.test?.[0];
  if (isKnown(word) && !isUnknown(health.test) && !["CMD", "CMD-SHELL"].includes(word)) {
    failures.push({
      path: "healthcheck.test[0]",
      reason: `got "${word}"; expected "CMD" or "CMD-SHELL" first. To switch the check off use disable.`,
    });
  }
  for (const key of ["interval", "timeout", "startPeriod", "startInterval"] as const) {
    const value = health[key];
    const nanoseconds = isKnown(value) ? parseDuration(value) : undefined;
    if (nanoseconds !== undefined && nanoseconds > 0 && nanoseconds < 1e6) {
      failures.push({
        path: `healthcheck.${key}`,
        reason: `got "${value ?? ""}"; expected at least "1ms", which is the least that Docker takes.`,
      });
    }
  }
  return failures;
};

const seccomp: Guard = ({ privileges: { seccomp = "default", seccompProfile } = {} }) => {
  if (isUnknown(seccomp) || (seccomp === "custom") === (seccompProfile !== undefined)) return [];
  const reason =
    seccomp === "custom"
      ? `got nothing with seccomp "custom"; expected the profile's JSON text.`
      : `got a profile with seccomp "${seccomp}"; expected it with "custom" only. Leave it out, or say seccomp: custom.`;
  return [{ path: "privileges.seccompProfile", reason }];
};

/** Names of the three ways to a Windows service account. */
const credentialWays = ["config", "file", "registry"] as const;

const credentialSpec: Guard = ({ credentialSpec: spec = {} }) => {
  const given = credentialWays.filter((way) => spec[way] !== undefined);
  if (given.length < 2) return [];
  const reason = `got ${given.join(" and ")}; expected one of the three. Remove the others.`;
  return [{ path: "credentialSpec", reason }];
};

const swap: Guard = ({ limits: { memory, memorySwap } = {} }) =>
  memorySwap === undefined || memory !== undefined
    ? []
    : [
        {
          path: "limits.memorySwap",
          reason: `got "${memorySwap}" without limits.memory; expected both, because Docker limits swap beside memory only.`,
        },
      ];

const environment: Guard = ({ env = {}, envUnset }) =>
  known(envUnset).flatMap(([index, variable]): Failure[] => {
    if (isUnknown(variable)) return [];
    const path = `envUnset[${index}]`;
    if (!/^[^=]+$/.test(variable)) {
      const reason = `got "${variable}"; expected a variable's name alone. To give it a value use env.`;
      return [{ path, reason }];
    }
    if (isUnknown(env) || env[variable] === undefined) return [];
    const reason = `got "${variable}", which env sets; expected it in one of the two. Remove one.`;
    return [{ path, reason }];
  });

const guards: readonly Guard[] = [
  name,
  environment,
  counts,
  jobs,
  endpoint,
  duplicates,
  mountTypes,
  resources,
  reserved,
  healthcheck,
  seccomp,
  credentialSpec,
  swap,
];

/** Everything that Docker would refuse, or that could never work, about a service as a whole. */
export function guardService(inputs: ServiceInputs): Failure[] {
  return guards.flatMap((guard) => guard(inputs));
}
