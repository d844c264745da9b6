import { textMap } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import { bytes, bytesOrUnlimited, cpus, integer, text } from "../fields/scalars";

/** Where Docker keeps the limits, and of whom they are. */
interface Limited {
  /** `a task`, for descriptions. */
  readonly who: string;
  readonly cpus: string;
  readonly memory: string;
  readonly pids: string;
  readonly memorySwap: string | Place<string>;
  readonly memorySwappiness: string;
  /** Release of Docker that takes what is said of swap first. @default - every one */
  readonly swapSince?: number;
}

/** What may be used at most. */
export function limitRows({ who, swapSince, ...at }: Limited) {
  const release = swapSince === undefined ? {} : { since: swapSince };
  return {
    "limits.cpus": field(
      cpus,
      at.cpus,
      `CPUs that ${who} may use, 0.5 is half of one. Default: no limit.`,
    ),
    "limits.memory": field(bytes, at.memory, `Memory that ${who} may use. Default: no limit.`),
    "limits.pids": field(integer(0), at.pids, `Processes that ${who} may have; 0 is no limit.`),
    "limits.memorySwap": field(
      bytesOrUnlimited,
      at.memorySwap,
      `Swap that ${who} may use beside its memory, "0" is none, "-1" is unlimited. Default: as much as its memory.`,
      { zeroCounts: true, ...release },
    ),
    "limits.memorySwappiness": field(
      integer(0, 100),
      at.memorySwappiness,
      `How readily the memory of ${who} is swapped out, 0 to 100. Default: the node's.`,
      { zeroCounts: true, ...release },
    ),
  };
}

/** Where output goes. @param of - `the tasks` */
export function logRows(at: { readonly name: string; readonly options: string }, of: string) {
  return {
    "logDriver.name": field(text, at.name, `Log driver of ${of}. Default: the engine's.`),
    "logDriver.options": field(textMap, at.options, "Options of the log driver."),
  };
}
