import type { Service } from "@docker/node-sdk";
import { suggest } from "../../words/suggest";
import type { Context } from "../context";

/**
 * A service by its name or id.
 *
 * @throws Error that names the services there are
 */
export async function serviceNamed(context: Context, name: string): Promise<Service> {
  const services = await context.managers.services();
  const found = services.find(({ ID: id, Spec: spec }) => spec?.Name === name || id === name);
  if (found !== undefined) return found;
  throw new Error(
    `service: got "${name}"; ${notThere(
      name,
      services.flatMap(({ Spec: spec }) => spec?.Name ?? []),
    )}`,
  );
}

/** What there is instead. */
export function notThere(name: string, known: readonly string[]): string {
  if (known.length === 0) return "the swarm has none";
  const sorted = [...known].sort();
  const close = suggest(name, sorted);
  const hint = close === undefined ? "" : `. Did you mean "${close}"?`;
  return `expected one of ${sorted.join(", ")}${hint}`;
}
