import { parseDuration } from "../../units/units";
import type { Failure } from "../resource";
import { isUnknown } from "../value";
import {
  guardAmounts,
  guardEnvironment,
  guardHealthcheck,
  guardSwap,
  isKnown,
  known,
  repeated,
} from "../workload/guards";
import { guardMount } from "../workload/mount-guard";
import type { ContainerInputs } from "./arguments";
import { isFixedNetwork } from "./network-row";

/** A rule over several properties. Values that are not known yet break no rule. */
type Guard = (inputs: ContainerInputs) => readonly Failure[];

/** Docker takes less of a service, and not of a container. */
const leastMemory = "6M";

const job: Guard = ({ job: isJob, restartPolicy: { name } = {} }) =>
  isJob === true && (name === "always" || name === "unless-stopped")
    ? [
        {
          path: "restartPolicy.name",
          reason: `got "${name}" with job: true; expected "no" or "on-failure", because a job ends.`,
        },
      ]
    : [];

const retries: Guard = ({ restartPolicy: { name = "no", maximumRetryCount = 0 } = {} }) =>
  isUnknown(name) ||
  isUnknown(maximumRetryCount) ||
  maximumRetryCount === 0 ||
  name === "on-failure"
    ? []
    : [
        {
          path: "restartPolicy.maximumRetryCount",
          reason: `got ${maximumRetryCount} with name "${name}"; expected it with "on-failure" only. Leave it out.`,
        },
      ];

const grace: Guard = ({ stopGracePeriod: period }) => {
  const nanoseconds = isKnown(period) ? (parseDuration(period) ?? 0) : 0;
  if (nanoseconds % 1e9 === 0) return [];
  return [
    {
      path: "stopGracePeriod",
      reason: `got "${period ?? ""}"; expected whole seconds, which is what Docker keeps for a container.`,
    },
  ];
};

const networks: Guard = ({ networks: list, ports }) => {
  const all = known(list);
  const fixed = all.find(([, { target }]) => isFixedNetwork(target));
  const failures: Failure[] = [];
  if (fixed !== undefined && all.length > 1) {
    failures.push({
      path: `networks[${fixed[0]}].target`,
      reason: `got "${fixed[1].target ?? ""}" beside other networks; expected it alone, because such a container has no network of its own. Remove it, or the others.`,
    });
  }
  if (fixed !== undefined && known(ports).length > 0) {
    failures.push({
      path: "ports",
      reason: `got ports with network "${fixed[1].target ?? ""}"; expected none: Docker publishes ports of bridge and overlay networks only, and a program on "host" answers on its own ports. Leave them out.`,
    });
  }
  for (const [index, { target, aliases = [] }] of all) {
    if (target === undefined || isUnknown(target) || aliases.length === 0) continue;
    if (target !== "bridge" && !isFixedNetwork(target)) continue;
    failures.push({
      path: `networks[${index}].aliases`,
      reason: `got aliases on "${target}", which has no names; expected them on a network of your own. Leave them out, or declare a network.`,
    });
  }
  return failures;
};

const duplicates: Guard = ({ ports, mounts, networks: list }) => [
  ...repeated(
    "ports",
    ports,
    ({ published, protocol = "tcp", hostIp = "" }) =>
      published === undefined || published === 0
        ? undefined
        : `${hostIp === "" ? "" : `${hostIp}:`}${published}/${protocol}`,
    "published port",
  ),
  ...repeated("mounts", mounts, ({ target }) => target, "target"),
  ...repeated("networks", list, ({ target }) => target, "network"),
];

const mounts: Guard = ({ mounts: list }) =>
  known(list).flatMap(([index, mount]) => guardMount(mount, `mounts[${index}]`));

const amounts: Guard = ({ limits, reservations }) => [
  ...guardAmounts("limits", limits, leastMemory),
  ...guardAmounts("reservations", reservations, leastMemory),
];

const guards: readonly Guard[] = [
  guardEnvironment,
  job,
  retries,
  grace,
  networks,
  duplicates,
  mounts,
  amounts,
  guardHealthcheck,
  guardSwap,
];

/** Everything that Docker would refuse, or that could never work, about a container as a whole. */
export function guardContainer(inputs: ContainerInputs): Failure[] {
  return guards.flatMap((guard) => guard(inputs));
}
