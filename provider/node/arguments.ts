import { isEveryAddress } from "../../hosts/endpoint";
import type { Node, NodeSpec } from "@docker/node-sdk";
import { childPath } from "../fields/paths";
import { withoutReferences } from "../fields/form";
import type { Tree } from "../fields/paths";
import { forReplacement } from "../fields/replacement";
import { argumentsOf, compareTable, withArguments } from "../fields/table";
import type { Arguments } from "../fields/table";
import type { Diff, Failure } from "../resource";
import { isUnknown } from "../value";
import type { Drain } from "./drain";
import { joinTable, specTable } from "./table";

/** What a placement constraint can name. */
const LABEL = /^[\w./-]+$/;

/** Arguments of a node. `state` is always asked to be ready: a node that is down is brought back. */
export type NodeInputs = Arguments<typeof specTable & typeof joinTable> & {
  readonly state: "ready";
  /** How tasks leave it. */
  readonly drain: Drain;
};

/** A node as it is. */
export type NodeState = Omit<NodeInputs, "state" | "drain"> & {
  readonly state: string;
  /** As declared last; states of earlier versions have none. */
  readonly drain?: Drain;
  readonly nodeId: string;
  readonly address: string;
  readonly engineVersion: string;
};

/** The arguments and outputs that a node comes from; what only counted when joining is taken from `known`. */
export function stateOf(node: Node, known: Partial<NodeInputs>): NodeState {
  const { host, advertiseAddr, dataPathAddr, listenAddr, drain = "gentle" } = known;
  return {
    ...(host === undefined ? {} : { host }),
    ...(advertiseAddr === undefined ? {} : { advertiseAddr }),
    ...(dataPathAddr === undefined ? {} : { dataPathAddr }),
    ...(listenAddr === undefined ? {} : { listenAddr }),
    ...argumentsOf(specTable, (node.Spec ?? {}) as Tree, known, withoutReferences),
    drain,
    state: node.Status?.State ?? "unknown",
    nodeId: node.ID ?? "",
    address: node.Status?.Addr ?? "",
    engineVersion: node.Description?.Engine?.EngineVersion ?? "",
  };
}

/** The arguments in a state. */
export function argumentsIn(state: NodeState): NodeInputs {
  const declared = Object.entries(state).filter(([key]) => key in joinTable || key in specTable);
  return {
    ...(Object.fromEntries(declared) as Arguments<typeof specTable>),
    state: "ready",
    drain: state.drain ?? "gentle",
  };
}

/** A node's spec with the arguments in it; its name and whatever else is there stays. */
export function specWith(spec: NodeSpec, news: NodeInputs): NodeSpec {
  return withArguments(specTable, spec as Tree, news, withoutReferences);
}

/** What changes in place, and what means leaving and joining again. */
export function diffOf(old: NodeState, news: NodeInputs): Diff {
  // A declaration of what Docker has found out by itself changes nothing.
  const advertiseAddr = old.advertiseAddr ?? old.address;
  const joined = compareTable(joinTable, { ...old, advertiseAddr }, news);
  return {
    changes: {
      ...compareTable(specTable, old, news),
      ...Object.fromEntries(
        Object.entries(joined).map(([path, kind]) => [path, forReplacement(kind)]),
      ),
      ...(old.state === news.state ? {} : { state: "update" }),
      ...((old.drain ?? "gentle") === news.drain ? {} : { drain: "update" }),
    },
    // A machine is one node only: it leaves before it joins again.
    deleteBeforeReplace: true,
  };
}

/** Rules that go beyond the shape of a property. */
export function problemsIn(news: NodeInputs, hosts: readonly string[]): Failure[] {
  const failures: Failure[] = [];
  const { host = "", advertiseAddr, dataPathAddr, labels } = news;
  if (!isUnknown(host) && !hosts.includes(host)) {
    const reason = `got "${host}"; expected one of the configured hosts: ${[...hosts].sort().join(", ")}.`;
    failures.push({ path: "host", reason });
  }
  for (const [path, value] of Object.entries({ advertiseAddr, dataPathAddr })) {
    if (value === undefined || !isEveryAddress(value)) continue;
    failures.push({
      path,
      reason: `got "${value}", which stands for every address; expected the one that the other nodes reach this host by.`,
    });
  }
  if (isUnknown(labels)) return failures;
  for (const [key, value] of Object.entries(labels ?? {})) {
    const path = childPath("labels", key);
    if (key.trim() === "") failures.push({ path, reason: "got an empty name; expected a name." });
    else if (!LABEL.test(key)) {
      const reason = `got ${JSON.stringify(key)}; expected a name of letters, digits and . _ - / without spaces.`;
      failures.push({ path, reason });
    }
    if (/[\r\n]/.test(value)) {
      failures.push({ path, reason: "got a line break; expected one line of text." });
    }
  }
  return failures;
}
