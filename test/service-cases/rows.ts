import { isDeepStrictEqual } from "node:util";
import { getAt, setAt } from "../../provider/fields/paths";
import type { Tree } from "../../provider/fields/paths";
import { serviceTable } from "../../provider/service/table";
import { cases, common, declaration, newerFields, newerSince } from "./cases";

/** One row of the service table, changed alone. */
export interface RowChange {
  /** The case that it is taken from, and the row: `limits limits.memory`. */
  readonly name: string;
  readonly from: Tree;
  readonly to: Tree;
  /** Its task runs on a node, instead of finding none. @default false */
  readonly runs?: boolean;
  /** The nodes are to pull with another account afterwards. @default false */
  readonly isOtherAccount?: boolean;
}

/** Where nothing else is said, one task. */
function declared(name: string, step: "from" | "to"): Tree {
  const one = cases[name];
  if (one === undefined) throw new Error(`${name}: no such case`);
  const own = structuredClone(declaration(one, step)) as Tree;
  return one.bare === true || own.replicas !== 0 ? own : { ...own, replicas: 1 };
}

/** Docker takes one credential spec only, so another kind of it changes two rows. */
function atOnce(path: string): string {
  return path.startsWith("credentialSpec.") ? "credentialSpec" : path;
}

/** Rows that not every engine knows, for one that does. */
function newerChanges(release: number): RowChange[] {
  const from: Tree = { ...common, replicas: 1, limits: { memory: "64M" } };
  return Object.entries(newerSince)
    .filter(([path, since]) => since <= release && path in serviceTable)
    .map(([path]): RowChange => {
      const to = structuredClone(from);
      setAt(to, path, getAt(newerFields.declared, path));
      return { name: `newer ${path}`, from, to };
    });
}

/**
 * Every row that a case changes, each alone. What makes a new service is left out: nothing of the old one stays.
 *
 * @param release - of Docker, its first number: rows that it does not know are left out
 */
export function rowChanges(release: number): RowChange[] {
  const scaled = { ...common, replicas: 1 };
  const scale = { name: "replicas replicas", from: scaled, to: { ...scaled, replicas: 3 } };
  const all = Object.keys(cases).flatMap((name) => {
    const [from, to] = [declared(name, "from"), declared(name, "to")];
    return Object.entries(serviceTable)
      .filter(([, { replace }]) => replace !== true)
      .filter(([path]) => !isDeepStrictEqual(getAt(from, path), getAt(to, path)))
      .map(([path]): RowChange => {
        const changed = structuredClone(from);
        setAt(changed, atOnce(path), getAt(to, atOnce(path)));
        return { name: `${name} ${path}`, from, to: changed };
      });
  });
  return [...all, ...newerChanges(release), scale];
}

/** Changes whose effect depends on where a task runs, each with a task that does. */
export function runningChanges(): RowChange[] {
  const from = { ...common, replicas: 1, command: ["sleep", "1000"], stopGracePeriod: "0s" };
  const placed = (...constraints: string[]) => ({ placement: { constraints } });
  const port = (published: number) => ({ ports: [{ target: 80, published, mode: "host" }] });
  const here = placed("node.role==manager");
  const runs = true;
  return [
    { name: "an environment", from, to: { ...from, env: { A: "1" } }, runs },
    { name: "a label", from, to: { ...from, labels: { a: "1" } }, runs },
    { name: "a constraint that its node meets", from, to: { ...from, ...here }, runs },
    {
      name: "a constraint that its node does not meet",
      from,
      to: { ...from, ...placed("node.labels.nowhere==1") },
      runs,
    },
    {
      name: "preferences and a limit per node",
      from,
      to: { ...from, placement: { preferences: ["node.labels.a"], maxReplicasPerNode: 1 } },
      runs,
    },
    {
      name: "a platform that its node has not",
      from,
      to: { ...from, placement: { platforms: [{ os: "linux", architecture: "arm64" }] } },
      runs,
    },
    { name: "a port", from, to: { ...from, ...port(9001) }, runs },
    { name: "a port and a constraint", from, to: { ...from, ...here, ...port(9002) }, runs },
    { name: "an account", from, to: from, runs, isOtherAccount: true },
    {
      name: "an account and a label",
      from,
      to: { ...from, labels: { a: "1" } },
      runs,
      isOtherAccount: true,
    },
    {
      name: "an account and a constraint",
      from,
      to: { ...from, ...here },
      runs,
      isOtherAccount: true,
    },
  ];
}
