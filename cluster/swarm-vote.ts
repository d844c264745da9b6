import { NoManagerError } from "./manager-errors";

/**
 * The swarm that most managers are in; undefined without any.
 *
 * @param swarms - id of the swarm of each manager that answered
 * @throws NoManagerError when as many are in another one
 */
export function swarmOfMost(swarms: ReadonlyMap<string, string>): string | undefined {
  const votes = new Map<string, string[]>();
  for (const [host, clusterId] of swarms)
    votes.set(clusterId, [...(votes.get(clusterId) ?? []), host]);
  const [most, next] = [...votes].sort(([, a], [, b]) => b.length - a.length);
  if (most === undefined || most[1].length !== next?.[1].length) return most?.[0];
  const list = [...votes].map(([id, names]) => `${names.join(", ")} of ${id}`).sort();
  throw new NoManagerError(
    `hosts: the managers belong to several swarms (${list.join("; ")}); expected one, and nothing says which. ` +
      "None of them was asked anything. Take those of the other swarm out of the configuration.",
  );
}
