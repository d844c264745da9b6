import type { Failure } from "../resource";
import { isUnknown } from "../value";
import { parseBytes } from "../../units/units";
import type { ServiceInputs } from "./arguments";
import {
  guardAmounts,
  guardEnvironment,
  guardHealthcheck,
  guardSwap,
  isKnown,
  known,
  repeated,
} from "../workload/guards";
import type { Guard } from "./guard";
import { guardMounts } from "./mount-guards";

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

const endpoint: Guard = (inputs) => {
  const { endpointMode, ports } = inputs;
  const failures: Failure[] = [];
  for (const [index, { mode = "ingress" }] of known(ports)) {
    if (endpointMode === "dnsrr" && mode === "ingress") {
      failures.push({
        path: `ports[${index}].mode`,
        reason: `got "ingress" with endpointMode "dnsrr"; expected "host", because the routing mesh needs a virtual address. Use mode "host" or endpointMode "vip".`,
      });
    }
  }
  const held = inputs.mode === "global" ? heldPort(inputs) : undefined;
  if (held !== undefined) {
    failures.push({
      path: "updateConfig.order",
      reason: `got "start-first" with the host-mode port ${held} and mode "global"; expected "stop-first", because the old task holds the port that the new one waits for.`,
    });
  }
  return failures;
};

/** A port of the nodes themselves that a new task would want while the old one still has it. */
function heldPort({ ports, updateConfig }: ServiceInputs): string | undefined {
  if (updateConfig?.order !== "start-first") return undefined;
  const [first] = known(ports).filter(
    ([, { mode, published }]) => mode === "host" && isKnown(published) && published !== 0,
  );
  return first === undefined ? undefined : `ports[${first[0]}]`;
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

/** @see https://github.com/moby/moby/blob/v26.1.5/libnetwork/cnmallocator/drivers_network_linux.go */
const networks: Guard = ({ networks: list }) =>
  known(list).flatMap(([index, { target }]) =>
    target === "none"
      ? [
          {
            path: `networks[${index}].target`,
            reason: `got "none", which Docker takes for containers but not for services; expected a network of the swarm, "host" or "bridge". Use a network with internal: true.`,
          },
        ]
      : [],
  );

const resources: Guard = (inputs) => [
  ...guardAmounts("limits", inputs.limits),
  ...guardAmounts("reservations", inputs.reservations),
];

const guards: readonly Guard[] = [
  name,
  guardEnvironment,
  counts,
  jobs,
  endpoint,
  networks,
  duplicates,
  guardMounts,
  resources,
  guardHealthcheck,
  seccomp,
  credentialSpec,
  guardSwap,
];

/** Everything that Docker would refuse, or that could never work, about a service as a whole. */
export function guardService(inputs: ServiceInputs): Failure[] {
  return guards.flatMap((guard) => guard(inputs));
}

/** What Docker takes about a service as a whole, and nobody is likely to mean. */
export function adviseService(inputs: ServiceInputs): string[] {
  return [...adviseOrder(inputs), ...adviseMemory(inputs)];
}

function adviseOrder(inputs: ServiceInputs): string[] {
  const held = inputs.mode === "global" ? undefined : heldPort(inputs);
  if (held === undefined) return [];
  return [
    `updateConfig.order: got "start-first" with the host-mode port ${held}: an update waits for a node on which the port is free. Write "stop-first" where there may be none.`,
  ];
}

function adviseMemory({ limits, reservations }: ServiceInputs): string[] {
  if (!isKnown(limits?.memory) || !isKnown(reservations?.memory)) return [];
  const [most, least] = [parseBytes(limits.memory) ?? 0, parseBytes(reservations.memory) ?? 0];
  if (most === 0 || least <= most) return [];
  return [
    `reservations.memory: got "${reservations.memory}", more than limits.memory "${limits.memory}": a node must spare what no task of it may use. Lower it to the limit.`,
  ];
}
