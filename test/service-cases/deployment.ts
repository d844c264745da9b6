import type { Case } from "./case";
import { flags, second } from "./case";

const policy = (key: string): Record<string, string> =>
  Object.fromEntries(
    ["parallelism", "delay", "failureAction", "monitor", "maxFailureRatio", "order"].map((name) => [
      `${key}.${name}`,
      "add",
    ]),
  );

/** How many tasks run, where and how. */
export const deploymentCases: Record<string, Case> = {
  limits: {
    from: { limits: { cpus: 0.5 } },
    to: { limits: { cpus: 0.25, memory: "64M", pids: 100 } },
    changes: { "limits.cpus": "update", "limits.memory": "add", "limits.pids": "add" },
    docker: {
      TaskTemplate: {
        Resources: { Limits: { NanoCPUs: 250_000_000, MemoryBytes: 67108864, Pids: 100 } },
      },
    },
    hand: flags("--limit-memory", "65M", "--limit-pids", "0"),
    drift: { "limits.memory": "update", "limits.pids": "add" },
  },
  reservations: {
    to: { reservations: { cpus: 0.1, memory: "32MiB", genericResources: { GPU: "2", SSD: "a" } } },
    changes: {
      "reservations.cpus": "add",
      "reservations.memory": "add",
      "reservations.genericResources": "add",
    },
    docker: {
      TaskTemplate: {
        Resources: {
          Reservations: {
            NanoCPUs: 100_000_000,
            MemoryBytes: 33554432,
            GenericResources: [
              { DiscreteResourceSpec: { Kind: "GPU", Value: 2 } },
              { NamedResourceSpec: { Kind: "SSD", Value: "a" } },
            ],
          },
        },
      },
    },
    hand: {
      spec: ({ TaskTemplate: task }) => {
        task.Resources = { Reservations: { NanoCPUs: 100_000_000, MemoryBytes: 34603008 } };
      },
    },
    drift: { "reservations.memory": "update", "reservations.genericResources": "add" },
  },
  "restart-policy": {
    from: { restartPolicy: { condition: "any" } },
    to: { restartPolicy: { condition: "on-failure", delay: "3s", maxAttempts: 4, window: "1m" } },
    changes: {
      "restartPolicy.condition": "update",
      "restartPolicy.delay": "add",
      "restartPolicy.maxAttempts": "add",
      "restartPolicy.window": "add",
    },
    docker: {
      TaskTemplate: {
        RestartPolicy: {
          Condition: "on-failure",
          Delay: 3 * second,
          MaxAttempts: 4,
          Window: 60 * second,
        },
      },
    },
    hand: flags("--restart-delay", "4s"),
    drift: { "restartPolicy.delay": "update" },
  },
  placement: {
    from: {
      placement: {
        constraints: ["node.role == manager", "node.labels.a != b"],
        preferences: ["node.labels.rack", "node.labels.dc"],
        platforms: [{ os: "linux", architecture: "amd64" }],
      },
    },
    to: {
      placement: {
        constraints: ["node.labels.a != b", "node.role==manager"],
        preferences: ["node.labels.dc", "node.labels.rack"],
        maxReplicasPerNode: 2,
        platforms: [{ os: "linux", architecture: "arm64" }],
      },
    },
    changes: {
      "placement.preferences": "update",
      "placement.maxReplicasPerNode": "add",
      "placement.platforms[0]": "update",
    },
    docker: {
      TaskTemplate: {
        Placement: {
          Preferences: [
            { Spread: { SpreadDescriptor: "node.labels.dc" } },
            { Spread: { SpreadDescriptor: "node.labels.rack" } },
          ],
          MaxReplicas: 2,
          Platforms: [{ OS: "linux", Architecture: "arm64" }],
        },
      },
    },
    hand: flags("--constraint-add", "node.labels.q==1", "--replicas-max-per-node", "7"),
    drift: { "placement.constraints": "update", "placement.maxReplicasPerNode": "update" },
  },
  "log-driver": {
    to: { logDriver: { name: "json-file", options: { "max-size": "1m" } } },
    changes: { "logDriver.name": "add", "logDriver.options": "add" },
    docker: { TaskTemplate: { LogDriver: { Name: "json-file", Options: { "max-size": "1m" } } } },
    hand: flags("--log-driver", "json-file", "--log-opt", "max-size=2m"),
    drift: { "logDriver.options.max-size": "update" },
  },
  "update-config": {
    from: { updateConfig: { delay: "10s" } },
    to: {
      updateConfig: {
        parallelism: 0,
        delay: "20s",
        failureAction: "rollback",
        monitor: "7s",
        maxFailureRatio: 0.25,
        order: "start-first",
      },
    },
    changes: { ...policy("updateConfig"), "updateConfig.delay": "update" },
    docker: {
      UpdateConfig: {
        Parallelism: 0,
        Delay: 20 * second,
        FailureAction: "rollback",
        Monitor: 7 * second,
        MaxFailureRatio: 0.25,
        Order: "start-first",
      },
    },
    hand: flags("--update-parallelism", "3", "--update-order", "stop-first"),
    drift: { "updateConfig.parallelism": "update", "updateConfig.order": "update" },
  },
  "rollback-config": {
    to: {
      rollbackConfig: {
        parallelism: 2,
        delay: "20s",
        failureAction: "rollback",
        monitor: "7s",
        maxFailureRatio: 0.5,
        order: "start-first",
      },
    },
    changes: policy("rollbackConfig"),
    docker: {
      RollbackConfig: {
        Parallelism: 2,
        Delay: 20 * second,
        FailureAction: "rollback",
        Monitor: 7 * second,
        MaxFailureRatio: 0.5,
        Order: "start-first",
      },
    },
    hand: flags("--rollback-parallelism", "3"),
    drift: { "rollbackConfig.parallelism": "update" },
  },
  "force-update": {
    from: { forceUpdate: 1 },
    to: { forceUpdate: 2 },
    changes: { forceUpdate: "update" },
    docker: { TaskTemplate: { ForceUpdate: 2 } },
    hand: flags("--force"),
    drift: { forceUpdate: "update" },
  },
  replicas: {
    to: { replicas: 1, command: ["sleep", "1000"], stopGracePeriod: "0s" },
    changes: { replicas: "update", command: "add", stopGracePeriod: "add" },
    docker: { Mode: { Replicated: { Replicas: 1 } } },
    hand: flags("--replicas", "2"),
    drift: { replicas: "update" },
  },
  "max-concurrent": {
    from: { mode: "replicated-job", replicas: 2, maxConcurrent: 1, command: ["true"] },
    to: { mode: "replicated-job", replicas: 2, maxConcurrent: 2, command: ["true"] },
    changes: { maxConcurrent: "update" },
    docker: { Mode: { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 2 } } },
    hand: {
      spec: ({ Mode: mode }) => {
        if (mode?.ReplicatedJob !== undefined) mode.ReplicatedJob.MaxConcurrent = 1;
      },
    },
    drift: { maxConcurrent: "update" },
  },
  "mode-global": {
    bare: true,
    from: { replicas: 0 },
    to: { mode: "global", placement: { constraints: ["node.role==worker"] } },
    changes: { mode: "add-replace", replicas: "delete", "placement.constraints": "add" },
    docker: { Mode: { Global: {} } },
    hand: flags("--constraint-rm", "node.role==worker", "--constraint-add", "node.role!=manager"),
    drift: { "placement.constraints": "update" },
  },
  "mode-global-job": {
    bare: true,
    from: { mode: "global", placement: { constraints: ["node.role==worker"] } },
    to: { mode: "global-job", command: ["true"] },
    changes: { mode: "update-replace", "placement.constraints": "delete", command: "add" },
    docker: { Mode: { GlobalJob: {} } },
  },
  name: {
    from: { name: "first-name" },
    to: { name: "second-name" },
    changes: { name: "update-replace" },
    docker: { Name: "second-name" },
  },
};
