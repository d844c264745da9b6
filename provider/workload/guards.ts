import { parseBytes, parseDuration } from "../../units/units";
import type { Failure } from "../resource";
import { isUnknown, UNKNOWN } from "../value";

/** The entries of a list, or none while the list itself is not known. */
export function known<Item>(list: readonly Item[] | undefined): [number, Item][] {
  return list === undefined || isUnknown(list) ? [] : [...list.entries()];
}

/** Whether a value is there and known by now. */
export function isKnown<Value>(value: Value | undefined): value is Value {
  return value !== undefined && !isUnknown(value);
}

/** Paths of entries that have the same key as an earlier one. */
export function repeated<Item>(
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

/** Amounts that are less than Docker takes. @param group - `limits` @param least - memory; less is refused */
export function guardAmounts(
  group: string,
  { memory, cpus }: { readonly memory?: string; readonly cpus?: number } = {},
  least = "4M",
): Failure[] {
  const smallestMemory = parseBytes(least) ?? 0;
  const failures: Failure[] = [];
  if (
    isKnown(memory) &&
    (parseBytes(memory) ?? smallestMemory) < smallestMemory &&
    parseBytes(memory) !== 0
  ) {
    failures.push({
      path: `${group}.memory`,
      reason: `got "${memory}"; expected at least "${least}", which is the least that Docker takes.`,
    });
  }
  if (isKnown(cpus) && cpus > 0 && cpus < 0.001) {
    failures.push({
      path: `${group}.cpus`,
      reason: `got ${cpus}; expected at least 0.001, which is the least that Docker takes.`,
    });
  }
  return failures;
}

/** A health check as it is declared. */
interface Healthcheck {
  readonly disable?: boolean;
  readonly test?: string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  readonly startInterval?: string;
}

/** What Docker would refuse about a health check. */
export function guardHealthcheck({
  healthcheck: health = {},
}: {
  readonly healthcheck?: Healthcheck;
}): Failure[] {
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
}

/** Swap is limited beside memory only. */
export function guardSwap({
  limits: { memory, memorySwap } = {},
}: {
  readonly limits?: { readonly memory?: string; readonly memorySwap?: string };
}): Failure[] {
  return memorySwap === undefined || memory !== undefined
    ? []
    : [
        {
          path: "limits.memorySwap",
          reason: `got "${memorySwap}" without limits.memory; expected both, because Docker limits swap beside memory only.`,
        },
      ];
}

/** Variables that are set and taken away, and names that are none. */
export function guardEnvironment({
  env = {},
  envUnset,
}: {
  readonly env?: Readonly<Record<string, string>>;
  readonly envUnset?: string[];
}): Failure[] {
  return known(envUnset).flatMap(([index, variable]): Failure[] => {
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
}
