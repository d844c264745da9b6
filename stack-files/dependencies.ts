import { advise } from "./advice";
import type { StackPart } from "./part";
import type { Reading } from "./reading";
import type { Dependency } from "./relations";
import { quote } from "./value";

/** Dependencies must lead somewhere and come to an end. */
export function checkDependencies({ services }: StackPart, reading: Reading): void {
  const { report, places } = reading;
  for (const [key, { depends_on: dependsOn = {} }] of Object.entries(services))
    for (const [name, dependency] of Object.entries(dependsOn))
      if (!Object.hasOwn(services, name))
        sayMissing(name, dependency, key, Object.keys(services), reading);
  const cycle = findCycle(
    new Map(
      Object.entries(services).map(([key, { depends_on: next = {} }]) => [key, Object.keys(next)]),
    ),
  );
  if (cycle === undefined) return;
  const path = ["services", cycle[0] ?? "", "depends_on"];
  report.error(
    places.at(path),
    path,
    `got a circle: ${shown(cycle)}; expected services that can be made one after the other.`,
  );
}

/** A service that is not there, and in a list has no effect on Docker either. */
function sayMissing(
  name: string,
  { required, listed }: Dependency,
  key: string,
  services: readonly string[],
  { report, places }: Reading,
): void {
  const path = ["services", key, "depends_on", name];
  const at = places.at(path);
  const leftOut = places.has(["services", name, "profiles"]);
  if (leftOut && !required) return;
  const others = services.filter((other) => other !== key);
  const way = leftOut
    ? "That service is left out: choose one of its profiles."
    : known(name, others, report);
  const message = `got ${quote(name)}; expected the key of a service of the stack.`;
  if (listed && !leftOut)
    report.warn(at, path, `${message} It has no effect, as with Docker. ${way}`);
  else if (required) report.error(at, path, `${message} ${way}`);
  else report.warn(at, path, `${message} ${way}`);
}

const mostShown = 10;

function shown(cycle: readonly string[]): string {
  if (cycle.length <= mostShown) return cycle.join(" → ");
  return [...cycle.slice(0, mostShown - 1), "…", cycle[0]].join(" → ");
}

function known(name: string, others: readonly string[], report: Reading["report"]): string {
  return others.length === 0 ? "There is no other service." : advise(name, others, report);
}

/** One circle, with its first key again at the end. Works in a loop, as a chain may be of any length. */
function findCycle(next: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of next.keys()) {
    const trail: { readonly key: string; readonly rest: string[] }[] = [];
    const onTrail = new Set<string>();
    const enter = (key: string): void => {
      trail.push({ key, rest: [...(next.get(key) ?? [])] });
      onTrail.add(key);
    };
    if (!done.has(start)) enter(start);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const key = top.rest.shift();
      if (key === undefined) {
        trail.pop();
        onTrail.delete(top.key);
        done.add(top.key);
      } else if (onTrail.has(key)) {
        const keys = trail.map((step) => step.key);
        return [...keys.slice(keys.indexOf(key)), key];
      } else if (!done.has(key) && next.has(key)) enter(key);
    }
  }
  return undefined;
}
