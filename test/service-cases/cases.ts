import { attachmentCases } from "./attachments";
import type { Case, Declared } from "./case";
import { containerCases } from "./container";
import { deploymentCases } from "./deployment";

/** What every case declares beside its own. */
export const common: Declared = { image: "redis:3.0.6", replicas: 0 };

/** By name; the name is the service's too. */
export const cases: Readonly<Record<string, Case>> = {
  ...containerCases,
  ...attachmentCases,
  ...deploymentCases,
};

interface Refused {
  readonly declared: Declared;
  readonly docker: object;
}

/** What engines before API 1.52 do not know; each drops some of it without a word. */
export const newerFields: Refused = {
  declared: {
    oomScoreAdj: 100,
    limits: { memory: "64M", memorySwap: "0", memorySwappiness: 0 },
    mounts: [{ type: "tmpfs", target: "/t", tmpfsOptions: ["noexec", "uid=1000"] }],
  },
  docker: {
    TaskTemplate: {
      ContainerSpec: {
        OomScoreAdj: 100,
        Mounts: [
          { Type: "tmpfs", Target: "/t", TmpfsOptions: { Options: [["noexec"], ["uid", "1000"]] } },
        ],
      },
      Resources: { Limits: { MemoryBytes: 67108864 }, SwapBytes: 0, MemorySwappiness: 0 },
    },
  },
};

/** First release of Docker that knows each of the newer fields. */
export const newerSince = {
  oomScoreAdj: 27,
  "mounts[0].tmpfsOptions": 27,
  "limits.memorySwap": 29,
  "limits.memorySwappiness": 29,
};

/** What Docker's API describes, and no engine keeps for a service. */
export const neverKept: Refused & { readonly paths: readonly string[] } = {
  declared: {
    mounts: [
      {
        type: "bind",
        source: "/srv",
        target: "/b",
        readOnly: true,
        consistency: "cached",
        bindCreateMountpoint: true,
        bindReadOnlyNonRecursive: true,
        bindReadOnlyForceRecursive: true,
      },
      { type: "image", source: "redis", target: "/i", imageSubpath: "usr" },
    ],
  },
  docker: {
    TaskTemplate: {
      ContainerSpec: {
        Mounts: [
          {
            Type: "bind",
            Consistency: "cached",
            BindOptions: {
              CreateMountpoint: true,
              ReadOnlyNonRecursive: true,
              ReadOnlyForceRecursive: true,
            },
          },
          { Type: "image", Source: "redis", Target: "/i", ImageOptions: { Subpath: "usr" } },
        ],
      },
    },
  },
  paths: [
    "mounts[0].consistency",
    "mounts[0].bindCreateMountpoint",
    "mounts[0].bindReadOnlyNonRecursive",
    "mounts[0].bindReadOnlyForceRecursive",
    "mounts[1].type",
  ],
};

/** The arguments of a case before or after its change. */
export function declaration(one: Case, step: "from" | "to"): Declared {
  const { replicas, ...rest } = common;
  const own = step === "from" ? (one.from ?? {}) : one.to;
  return one.bare === true ? { ...rest, ...own } : { ...rest, replicas, ...own };
}
