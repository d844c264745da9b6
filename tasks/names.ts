import type { Node, Service, Task } from "@docker/node-sdk";
import { hasEnded, newestFirst, nodeNames, slotOf, taskName } from "../cluster/tasks";
import { suggest } from "../words/suggest";

/** What names are looked up in. */
export interface Lists {
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
  readonly nodes: readonly Node[];
}

/** Tasks that followed one another in one place of a service. */
interface Place {
  readonly service: Service;
  /** A number, or the id of a node in a service that has one task on each. */
  readonly slot: string;
}

/** What a person named: all of a service, or one place of it. */
export interface Chosen {
  readonly service: Service;
  /** @default - all of them */
  readonly slot?: string;
}

/** A name that means nothing here, or more than one thing. */
export class NameError extends Error {}

/** The label that `docker stack deploy` gives to what it makes. */
const STACK = "com.docker.stack.namespace";

/** More are not listed in a message. */
const MOST_CHOICES = 12;

/** Name of the stack that a service belongs to; undefined for one of no stack. */
export function stackOf({ Spec: spec }: Service): string | undefined {
  return spec?.Labels?.[STACK];
}

/** A service's name. */
export function serviceName({ Spec: spec, ID: id = "" }: Service): string {
  return spec?.Name ?? id;
}

/** Whether a service has one task on each node instead of numbered ones. */
export function isByNode({ Spec: spec }: Service): boolean {
  return spec?.Mode?.Global !== undefined || spec?.Mode?.GlobalJob !== undefined;
}

/** `web.2@worker-1`, `agent@worker-1`: what a task is called, and where it is. */
export function addressOf(task: Task, service: Service, nodes: readonly Node[]): string {
  const node = nodeNames(nodes).get(task.NodeID ?? "") ?? task.NodeID ?? "";
  const name = serviceName(service);
  const numbered = isByNode(service) ? name : `${name}.${task.Slot ?? 0}`;
  return node === "" ? numbered : `${numbered}@${node}`;
}

/** The place that a task fills in its service. */
export function slotIn(task: Task, service: Service): string {
  return slotOf(task, { byNode: isByNode(service) });
}

/**
 * The service of that name: its own, or its name within its stack where only one stack has such a one.
 *
 * @throws NameError with the choices
 */
export function findService(word: string, lists: Lists): Service {
  const [found, ...others] = servicesOf(word, lists);
  if (found === undefined) throw unknown("service", word, lists.services.map(serviceName));
  if (others.length === 0) return found;
  throw ambiguous("service", word, [found, ...others].map(serviceName));
}

/**
 * What a word means in a list of services, of a stack's services, or of single tasks.
 *
 * @throws NameError with the choices
 */
export function choose(word: string, lists: Lists): Chosen[] {
  const [service, ...others] = servicesOf(word, lists);
  if (service !== undefined && others.length === 0) return [{ service }];
  const ofStack = lists.services.filter((one) => stackOf(one) === word);
  if (ofStack.length > 0) return sorted(ofStack).map((one) => ({ service: one }));
  if (service !== undefined)
    throw ambiguous("service", word, [service, ...others].map(serviceName));
  const places = unique(tasksOf(word, lists).map((task) => placeOf(task, lists)));
  const [place, ...more] = places;
  if (place === undefined) {
    const stacks = lists.services.flatMap((one) => stackOf(one) ?? []);
    throw unknown("service, stack or task", word, [
      ...lists.services.map(serviceName),
      ...new Set(stacks),
    ]);
  }
  if (more.length > 0)
    throw ambiguous(
      "task",
      word,
      tasksOf(word, lists).map((task) => nameIn(task, lists)),
    );
  return [place];
}

/**
 * The one task that runs under a name: `web.2`, `agent@worker-1`, a service that has only one, or a task's id.
 *
 * @throws NameError with the choices, or saying what the task is instead of running
 */
export function findRunningTask(word: string, lists: Lists): Task {
  const services = servicesOf(word, lists);
  const named =
    services.length > 0
      ? lists.tasks.filter(({ ServiceID: id }) => services.some(({ ID: own }) => own === id))
      : tasksOf(word, lists);
  const running = named.filter(isRunning);
  const [found, ...others] = running;
  if (found === undefined) throw notRunning(word, named, lists);
  if (others.length === 0) return found;
  throw ambiguous(
    "task",
    word,
    running.map((task) => nameIn(task, lists)),
  );
}

function isRunning({ Status: status }: Task): boolean {
  return status?.State === "running";
}

function notRunning(word: string, named: readonly Task[], lists: Lists): NameError {
  const [newest] = newestFirst(named);
  const running = lists.tasks.filter(isRunning).map((task) => nameIn(task, lists));
  if (newest === undefined) return unknown("task", word, running);
  const { State: state = "new", Err: error = "" } = newest.Status ?? {};
  const why = error === "" ? "" : ` (${error})`;
  return new NameError(
    `task: got "${word}", which is ${state}${why}; expected one that runs: ${listed(running)}`,
  );
}

/** Services that a word names; the one whose whole name it is alone. */
function servicesOf(word: string, { services }: Lists): Service[] {
  const whole = services.filter((one) => serviceName(one) === word || one.ID === word);
  if (whole.length > 0) return whole;
  return services.filter((one) => {
    const stack = stackOf(one);
    return stack !== undefined && serviceName(one) === `${stack}_${word}`;
  });
}

/** Shortest part of an id that is taken for one. */
const LEAST_ID = 8;

/** Tasks that a word names, ended ones too. */
function tasksOf(word: string, lists: Lists): Task[] {
  const byId = lists.tasks.filter(
    ({ ID: id = "" }) => word.length >= LEAST_ID && id.startsWith(word),
  );
  if (byId.length > 0) return byId;
  const whole = lists.tasks.filter((task) => spellingsOf(task, lists).includes(word));
  const named =
    whole.length > 0
      ? whole
      : lists.tasks.filter((task) => spellingsOf(task, lists, true).includes(word));
  // Of those that followed one another under a name, a service of one task on each node keeps those of nodes that left.
  const alive = named.filter((task) => !hasEnded(task));
  return alive.length > 0 ? alive : named;
}

/** Everything that a task may be called: by its service's name, whole or within its stack, its number and its node. */
function spellingsOf(task: Task, lists: Lists, isWithinStack = false): string[] {
  const service = lists.services.find(({ ID: id }) => id === task.ServiceID);
  if (service === undefined) return [];
  const whole = serviceName(service);
  const stack = stackOf(service);
  if (isWithinStack && (stack === undefined || !whole.startsWith(`${stack}_`))) return [];
  const name = isWithinStack ? whole.slice(`${stack ?? ""}_`.length) : whole;
  const nodes = nodeNames(lists.nodes);
  const node = nodes.get(task.NodeID ?? "") ?? task.NodeID ?? "";
  const numbered = taskName(task, { service: name, nodes, byNode: isByNode(service) });
  return [numbered, `${numbered}.${task.ID ?? ""}`, `${numbered}@${node}`, `${name}@${node}`];
}

function placeOf(task: Task, lists: Lists): Place | undefined {
  const service = lists.services.find(({ ID: id }) => id === task.ServiceID);
  return service === undefined ? undefined : { service, slot: slotIn(task, service) };
}

function nameIn(task: Task, lists: Lists): string {
  const service = lists.services.find(({ ID: id }) => id === task.ServiceID);
  return service === undefined ? (task.ID ?? "") : addressOf(task, service, lists.nodes);
}

function unique(places: readonly (Place | undefined)[]): Place[] {
  const known = new Map<string, Place>();
  for (const place of places)
    if (place !== undefined) known.set(`${place.service.ID ?? ""} ${place.slot}`, place);
  return [...known.values()];
}

function sorted(services: readonly Service[]): Service[] {
  return [...services].sort((a, b) => (serviceName(a) < serviceName(b) ? -1 : 1));
}

function unknown(what: string, word: string, known: readonly string[]): NameError {
  const close = suggest(word, known);
  const hint = close === undefined ? "" : ` Did you mean "${close}"?`;
  return new NameError(`${what}: got "${word}"; expected ${listed(known)}.${hint}`);
}

function ambiguous(what: string, word: string, choices: readonly string[]): NameError {
  return new NameError(
    `${what}: got "${word}", which may be ${listed(choices)}; expected one of them`,
  );
}

function listed(names: readonly string[]): string {
  const all = [...new Set(names)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  if (all.length === 0) return "none, for there is none";
  if (all.length <= MOST_CHOICES) return all.join(", ");
  return `${all.slice(0, MOST_CHOICES).join(", ")} or ${all.length - MOST_CHOICES} more`;
}

/** A message of Docker's with the names of nodes in place of their ids. */
export function withNodeNames(text: string, nodes: readonly Node[]): string {
  return [...nodeNames(nodes)].reduce(
    (named, [id, name]) => (id === "" ? named : named.replaceAll(id, name)),
    text,
  );
}
