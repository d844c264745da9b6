import type {
  ContainerFinding,
  Finding,
  Lack,
  Leaving,
  Move,
  NodeFinding,
  PortMove,
  ReferenceFinding,
  ServiceFinding,
} from "./finding";
import { counted, durationText, named } from "./words";

/** What a finding says to the person at the terminal: one line; undefined when nothing is worth saying. */
export function lineOf(finding: Finding): string | undefined {
  switch (finding.kind) {
    case "service":
      return serviceLine(finding);
    case "node":
      return nodeLine(finding);
    case "container":
      return containerLine(finding);
    default:
      return referenceLine(finding);
  }
}

function serviceLine(finding: ServiceFinding): string | undefined {
  const { service, act, lack, ports } = finding;
  const said = saidOfTasks(finding);
  const parts = [
    ...(said === "" ? [] : [said]),
    ...(act === "removed" ? [] : ports.map(portText)),
    ...(lack === undefined || isHomeless(finding) ? [] : [lackText(lack)]),
  ];
  return parts.length === 0 ? undefined : `${service}: ${parts.join("; ")}`;
}

function saidOfTasks(finding: ServiceFinding): string {
  const { act, tasks } = finding;
  const { before } = tasks;
  switch (act) {
    case "made":
      return "";
    case "removed":
      return before === 0 ? "removed, none of its tasks runs" : `${all(before)} ${stop(before)}`;
    case "replaced":
      return before === 0
        ? "made anew, none of its tasks runs"
        : `made anew: ${all(before)} ${stop(before)}, then new ones start: a gap`;
    case "run again":
      return `runs again, as a job does after every change: ${counted(tasks.after, "task")}${
        before > 0 ? `; what still runs of it (${before}) is stopped` : ""
      }`;
    default:
      return changedText(finding);
  }
}

const stop = (count: number): string => (count === 1 ? "stops" : "stop");

function all(count: number): string {
  if (count === 1) return "its only task";
  return count === 2 ? "both tasks" : `all ${count} tasks`;
}

function changedText(finding: ServiceFinding): string {
  const { tasks, restarted, move, places } = finding;
  const isScaled = places === undefined && tasks.before !== tasks.after;
  const scale = isScaled ? `${tasks.before} → ${tasks.after}, ` : "";
  const where = placesText(places);
  if (where !== "") return restarted === 0 ? where : `${where}; ${restartText(finding)}`;
  if (restarted === 0) return `${scale}${untouched(finding)}`;
  if (isHomeless(finding)) return `${scale}${homelessText(finding)}`;
  if (move?.tasks === restarted) return `${scale}${moveText(finding, move)}`;
  const tail = move === undefined ? "" : `; ${counted(move.tasks, "task")} ${movesText(move)}`;
  return `${scale}${restartText(finding)}${tail}`;
}

/** Every task has to leave its node, and no other takes it. */
function isHomeless({ move, restarted }: ServiceFinding): boolean {
  return restarted > 0 && move?.tasks === restarted && move.to.length === 0;
}

function homelessText(finding: ServiceFinding): string {
  const { restarted, lack } = finding;
  const why = lack === undefined ? "" : `: ${lack.why}`;
  return `${subject(finding)} ${stop(restarted)}, and no node may take ${restarted === 1 ? "it" : "them"}${why}`;
}

function placesText(
  { stops, starts }: ServiceFinding["places"] = { stops: [], starts: [] },
): string {
  return [
    ...(stops.length > 0 ? [`stops on ${named(stops)}`] : []),
    ...(starts.length > 0 ? [`starts on ${named(starts)}`] : []),
  ].join(", ");
}

function untouched({ tasks, others, places }: ServiceFinding): string {
  const { before, after } = tasks;
  if (places === undefined && after < before) {
    if (after === 0) return `${all(before)} ${stop(before)}: nothing answers any more`;
    return `${counted(before - after, "task")} ${stop(before - after)}, nothing restarts`;
  }
  if (before === 0 && after === 0) return "none of its tasks runs, nothing restarts";
  const isOnlyScaled = places === undefined && before !== after;
  const why = others.length > 0 && !isOnlyScaled ? ` (${others.join(", ")} only)` : "";
  return `nothing restarts${why}`;
}

function pace({ restarted, atOnce }: ServiceFinding): string {
  if (restarted === 1) return "";
  if (atOnce >= restarted) return ", all at once";
  return atOnce === 1 ? ", one at a time" : `, ${atOnce} at a time`;
}

function subject({ tasks, restarted }: ServiceFinding): string {
  const whole = Math.min(tasks.before, tasks.after);
  if (tasks.before === tasks.after && restarted === whole) return all(restarted);
  return counted(restarted, "task");
}

function how({ order, health }: ServiceFinding): string {
  return health === "declared" ? `${order}, health check` : order;
}

function restartText(finding: ServiceFinding): string {
  const { restarted, seconds } = finding;
  const verb = restarted === 1 ? "restarts" : "restart";
  const time = restarted === 1 ? "" : `, ${durationText(seconds)}`;
  return `${subject(finding)} ${verb}${pace(finding)}${time} (${how(finding)}): ${gapText(finding)}`;
}

function gapText({ gap, restarted, tasks, order, health }: ServiceFinding): string {
  if (gap === "none") return "no gap";
  if (gap === "gap") {
    const isAll = restarted >= tasks.before;
    return isAll ? "a gap of some seconds" : "fewer tasks answer meanwhile";
  }
  const check = health === "off" ? "its health check is off" : "no health check is declared";
  const whose = order === "start-first" ? "a new task answers" : "each new task answers";
  return `no gap if ${whose} as soon as it runs (${check})`;
}

function movesText({ from, to, volumes }: Move): string {
  const places =
    to.length === 0
      ? `from ${named(from)}, and no node may take ${from.length === 1 ? "it" : "them"}`
      : `from ${named(from)} to ${named(to).replace(/, ([^,]+)$/, " or $1")}`;
  return `${places}${volumesText(volumes)}`;
}

function volumesText(volumes: readonly string[]): string {
  if (volumes.length === 0) return "";
  return volumes.length === 1
    ? `; its volume ${named(volumes)} stays behind`
    : `; its volumes ${named(volumes)} stay behind`;
}

function moveText(finding: ServiceFinding, move: Move): string {
  const whole = move.tasks === finding.tasks.before;
  const who = whole && move.tasks === 1 ? "" : `${subject(finding)} `;
  const verb = move.tasks === 1 ? "moves" : "move";
  return `${who}${verb} ${movesText(move)} (${how(finding)}): ${gapText(finding)}`;
}

function portText({ from, to }: PortMove): string {
  return to === undefined ? `port ${from} is published no more` : `port ${from} → ${to}`;
}

function lackText({ tasks, why }: Lack): string {
  return `${counted(tasks, "task")} will find no node: ${why}`;
}

function nodeLine({ node, act, leaving, starts }: NodeFinding): string | undefined {
  const moving = leaving.filter(({ isGlobal }) => !isGlobal);
  const stopping = leaving.filter(({ isGlobal }) => isGlobal);
  const settling = moving.filter((one) => movedOf(one) > 0);
  const moved = settling.reduce((sum, one) => sum + movedOf(one), 0);
  const stopped = stopping.reduce((sum, { tasks }) => sum + tasks, 0);
  const parts = [
    ...(moved > 0
      ? [`${counted(moved, "task")} ${moved === 1 ? "moves" : "move"}${whoseText(settling)}`]
      : []),
    ...moving.flatMap(leavingTexts),
    ...(stopped > 0 ? [`${namesOf(stopping)} ${stop(stopping.length)} here (global)`] : []),
    ...(starts.length > 0
      ? [`${named(starts)} ${starts.length === 1 ? "starts" : "start"} here`]
      : []),
  ];
  const said = parts.join("; ");
  if (act === "emptied")
    return said === "" ? undefined : `${node} is without tasks for a while: ${said}`;
  const head = act === "changed" ? node : `${node} ${act}`;
  return `${head}: ${said === "" ? "no task moves" : said}`;
}

/** Tasks that find another node. */
function movedOf({ tasks, lack }: Leaving): number {
  return tasks - (lack?.tasks ?? 0);
}

function namesOf(leaving: readonly Leaving[]): string {
  return named(leaving.map(({ service }) => service));
}

function whoseText(leaving: readonly Leaving[]): string {
  return ` (${namesOf(leaving)})`;
}

function leavingTexts({ service, isWhole, gap, volumes, lack }: Leaving): string[] {
  return [
    ...(lack === undefined ? [] : [`${service} has no other node that may take it: ${lack.why}`]),
    ...(lack === undefined && isWhole ? [`all tasks of ${service} restart, start-first`] : []),
    ...(lack === undefined && gap === "gap" ? [`${service} has a gap of some seconds`] : []),
    ...(volumes.length === 0
      ? []
      : [`${named(volumes)} of ${service} ${volumes.length === 1 ? "stays" : "stay"} behind`]),
  ];
}

function referenceLine({ kind, name, services }: ReferenceFinding): string {
  const count = services.length;
  if (kind === "network") {
    if (count === 0) return `network ${name} is replaced: no service is on it`;
    return `network ${name} is replaced: ${counted(count, "service")} ${
      count === 1 ? "stops and starts" : "stop and start"
    } (${named(services)})`;
  }
  if (count === 0) return `${kind} ${name} is rotated: no service uses it`;
  return `${kind} ${name} is rotated: ${named(services)} ${count === 1 ? "restarts" : "restart in turn"}`;
}

function containerLine(finding: ContainerFinding): string {
  const { container, host, act, leaves, joins, others } = finding;
  const noun = `container ${container} on ${host}`;
  if (act === "replaced") return `${noun} is replaced: it stops and starts`;
  const moves = [
    ...(leaves.length > 0 ? [`leaves ${named(leaves)}`] : []),
    ...(joins.length > 0 ? [`joins ${named(joins)}`] : []),
  ].join(" and ");
  if (act === "started") return `${noun} is started${moves === "" ? "" : `; it ${moves}`}`;
  if (moves !== "") return `${noun} ${moves}, and goes on running`;
  return `${noun}: nothing restarts${others.length > 0 ? ` (${others.join(", ")} only)` : ""}`;
}
