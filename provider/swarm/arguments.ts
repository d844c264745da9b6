import type { Swarm, SwarmInitRequest, SwarmSpec } from "@docker/node-sdk";
import type { AnyField } from "../fields/field";
import type { Changes } from "../fields/form";
import { withoutReferences } from "../fields/form";
import type { Tree } from "../fields/paths";
import { argumentsOf, compareTable, withArguments } from "../fields/table";
import type { Arguments } from "../fields/table";
import { parseDuration } from "../fields/units";
import type { Failure } from "../resource";
import { isUnknown } from "../value";
import { fixedTable, originTable, settingsTable } from "./table";

/** Arguments of a swarm. */
export type SwarmInputs = Arguments<typeof originTable & typeof fixedTable & typeof settingsTable>;

/** A swarm as it is. */
export type SwarmState = SwarmInputs & {
  readonly clusterId: string;
  readonly managers: readonly string[];
  readonly workerToken: string;
  readonly managerToken: string;
  readonly unlockKey: string;
};

const LISTEN = "0.0.0.0:2377";
const HOUR = 3_600_000_000_000;

/** The arguments that a swarm comes from; what only counted when it was made is taken from `known`. */
export function inputsOf(swarm: Swarm, known: SwarmInputs): SwarmInputs {
  const tree = swarm as Tree;
  return {
    ...pick(originTable, known),
    ...argumentsOf(fixedTable, tree, known, withoutReferences),
    ...argumentsOf(settingsTable, tree, known, withoutReferences),
  };
}

/** The settings with the arguments in them; whatever is not declared here stays as it is. */
export function specWith(swarm: Swarm, news: SwarmInputs): SwarmSpec {
  const wire = withArguments(settingsTable, swarm as Tree, news, withoutReferences);
  return (wire as Swarm).Spec ?? {};
}

/** Changes that can be made in place. */
export function settingChanges(old: SwarmInputs, news: SwarmInputs): Changes {
  return compareTable(settingsTable, old, news);
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

/** Rules that go beyond the shape of a property. */
export function problemsIn(news: SwarmInputs, olds: SwarmInputs | undefined): Failure[] {
  const wrong = valueProblems(news);
  const changed = olds === undefined ? [] : fixedProblems(news, olds);
  return [...wrong, ...changed.filter(({ path }) => wrong.every((one) => one.path !== path))];
}

function valueProblems(news: SwarmInputs): Failure[] {
  const { advertiseAddr, dataPathAddr, certExpiry } = news;
  const failures: Failure[] = [];
  for (const [path, value] of Object.entries({ advertiseAddr, dataPathAddr })) {
    if (value === undefined || !isEveryAddress(value)) continue;
    failures.push({
      path,
      reason: `got "${value}", which stands for every address; expected the one that the other nodes reach this host by.`,
    });
  }
  const expiry = certExpiry === undefined ? undefined : parseDuration(certExpiry);
  if (expiry !== undefined && expiry < HOUR) {
    failures.push({
      path: "certExpiry",
      reason: `got "${certExpiry ?? ""}"; expected at least 1h, because nodes renew their certificates in the second half of it.`,
    });
  }
  return failures;
}

/** A declaration that changed although the swarm it describes cannot. */
function fixedProblems(news: SwarmInputs, olds: SwarmInputs): Failure[] {
  const { advertiseAddr, dataPathAddr, listenAddr } = originTable;
  // Another host brings addresses of its own; none of them matters to a swarm that exists.
  const isMoved = isUnknown(news.host) || news.host !== olds.host;
  const table = isMoved ? fixedTable : { ...fixedTable, advertiseAddr, dataPathAddr, listenAddr };
  return Object.keys(compareTable(table, olds, news))
    .filter((path) => !isUnknown((news as Tree)[path]))
    .map((path) => ({
      path,
      reason:
        `got ${shown(news, path)}; expected ${shown(olds, path)}, because Docker fixes it when the swarm is made. ` +
        `Put it back, or destroy the swarm and make it anew.`,
    }));
}

/** Whether an address stands for all of a machine's. */
export function isEveryAddress(address: string): boolean {
  return /^(0\.0\.0\.0|\[?::\]?)(:\d+)?$/.test(address);
}

function shown(inputs: SwarmInputs, path: string): string {
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
  return pick({ ...originTable, ...fixedTable, ...settingsTable }, state);
}
