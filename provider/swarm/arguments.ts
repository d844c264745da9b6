import type { Swarm, SwarmInitRequest, SwarmSpec } from "@docker/node-sdk";
import type { AnyField } from "../fields/field";
import type { Changes } from "../fields/form";
import { withoutReferences } from "../fields/form";
import type { Tree } from "../fields/paths";
import { argumentsOf, compareTable, withArguments } from "../fields/table";
import type { Arguments } from "../fields/table";
import { authorityChanges, samePem } from "./rotation";
import { authorityTable, fixedTable, originTable, rotationTable, settingsTable } from "./table";

/** Arguments of a swarm. */
export type SwarmInputs = Arguments<
  typeof originTable &
    typeof fixedTable &
    typeof settingsTable &
    typeof rotationTable &
    typeof authorityTable
> & {
  /** Always asked to be empty: managers that wait for the unlock key are given it. */
  readonly locked?: readonly string[];
};

/** A swarm as it is. */
export type SwarmState = SwarmInputs & {
  readonly clusterId: string;
  readonly managers: readonly string[];
  readonly workerToken: string;
  readonly managerToken: string;
  readonly unlockKey: string;
};

const LISTEN = "0.0.0.0:2377";

/**
 * The arguments that a swarm comes from. What only counted when it was made, and the rotations that were made, are taken
 * from `known`.
 */
export function inputsOf(swarm: Swarm, known: SwarmInputs): SwarmInputs {
  const tree = swarm as Tree;
  const { caCert, caKey, locked, rotate } = known;
  const live = swarm.TLSInfo?.TrustRoot ?? "";
  return {
    ...pick(originTable, known),
    ...argumentsOf(fixedTable, tree, known, withoutReferences),
    ...argumentsOf(settingsTable, tree, known, withoutReferences),
    ...(caCert === undefined ? {} : { caCert: samePem(caCert, live) ? caCert : live }),
    ...(caKey === undefined ? {} : { caKey }),
    ...(rotate === undefined ? {} : { rotate }),
    ...(locked === undefined ? {} : { locked: [] }),
  };
}

/** The settings with the arguments in them; whatever is not declared here stays as it is. */
export function specWith(swarm: Swarm, news: SwarmInputs): SwarmSpec {
  const wire = withArguments(settingsTable, swarm as Tree, news, withoutReferences);
  return (wire as Swarm).Spec ?? {};
}

/** Changes that can be made in place by telling the swarm other settings. */
export function settingChanges(old: SwarmInputs, news: SwarmInputs): Changes {
  return compareTable(settingsTable, old, news);
}

/** Everything that an update would do. */
export function changesIn(old: SwarmInputs, oldInputs: SwarmInputs, news: SwarmInputs): Changes {
  const locked = (old.locked ?? []).length > 0 && news.locked !== undefined;
  return {
    ...settingChanges(old, news),
    ...compareTable(rotationTable, old, news),
    ...authorityChanges(old, news),
    ...(locked ? { locked: "update" } : {}),
    // Nothing is done about these: they only count when a swarm is made. `check` has the last word on them.
    ...compareTable(originTable, oldInputs, news),
  };
}

/** Properties of an existing swarm that are not as declared and cannot be changed any more. */
export function fixedDifferences(old: SwarmInputs, news: SwarmInputs): string[] {
  return Object.keys(compareTable(fixedTable, old, news));
}

/** What the first manager is told. */
export function initRequest(news: SwarmInputs): SwarmInitRequest {
  const fixed = withArguments(fixedTable, {}, news, withoutReferences) as SwarmInitRequest;
  return {
    ...fixed,
    ListenAddr: news.listenAddr ?? LISTEN,
    ...(news.advertiseAddr === undefined ? {} : { AdvertiseAddr: news.advertiseAddr }),
    ...(news.dataPathAddr === undefined ? {} : { DataPathAddr: news.dataPathAddr }),
    Spec: specWith({}, news),
  };
}

/** What a property that Docker fixes has, for a message. */
export function shown(inputs: SwarmInputs, path: string): string {
  const [property = path] = path.split(/[.[]/);
  const rows: Readonly<Record<string, AnyField>> = { ...fixedTable, ...originTable };
  const value: unknown = (inputs as Tree)[property] ?? rows[property]?.fallback;
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function pick(table: object, inputs: SwarmInputs): SwarmInputs {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key in table));
}

/** The arguments in a state, without the computed outputs. */
export function argumentsIn(state: SwarmState): SwarmInputs {
  const { locked, rotate } = state;
  return {
    ...pick({ ...originTable, ...fixedTable, ...settingsTable, ...authorityTable }, state),
    ...(rotate === undefined ? {} : { rotate }),
    ...(locked === undefined ? {} : { locked: [] }),
  };
}
