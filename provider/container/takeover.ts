import { isEngineError } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import type { Context } from "../context";
import { noteTakenOver } from "../fields/adoption";
import type { Changes } from "../fields/form";
import type { Tree } from "../fields/paths";
import { isOpen, ownedBy, takeoverLine } from "../fields/takeover";
import { ifReachable } from "../reading";
import type { CheckRequest, Failure } from "../resource";
import { isUnknown } from "../value";
import { deadlineOf, makeContainer, settleContainer } from "./acting";
import type { ContainerInputs, ContainerState } from "./arguments";
import { changesBetween, needsNew } from "./changes";
import type { Sight } from "./definition";
import { engineOf, lookFor, nounOf } from "./looking";
import { remove } from "./removal";
import { stateOf } from "./state";

/** What to do about a container of somebody else's. */
function adviceAbout({ name = "", host = "" }: ContainerInputs): string {
  return (
    "To have it changed to what is declared set adopt: true (where Docker cannot change it, it stops and a new one starts); " +
    `else choose another name, or remove it on ${host} (docker rm ${name}).`
  );
}

/** Everything that differs between a live container and what is declared, but whether it runs. */
function changesOf(sight: Sight, news: ContainerInputs): Changes {
  return changesBetween(stateOf(sight, news), news);
}

/** What a run that was killed leaves: as declared, never started, and not on all of its networks yet. */
function isUnfinished({ container }: Sight, changes: Changes): boolean {
  const isNew = container.State?.Status === "created";
  return isNew && Object.keys(changes).every((path) => path.startsWith("networks"));
}

/** Makes a container, or takes over the one of that name, and waits until it is what it was asked to be. */
export async function createContainer(
  context: Context,
  news: ContainerInputs,
): Promise<{ id: string; state: ContainerState }> {
  const deadline = deadlineOf(news);
  const engine = engineOf(context, news.host);
  const id = await obtain(context, engine, news, deadline);
  const state = await settleContainer(context, engine, id, news, deadline);
  return { id: `${news.host ?? ""}/${id}`, state };
}

async function obtain(
  context: Context,
  engine: Engine,
  news: ContainerInputs,
  deadline: number,
): Promise<string> {
  const { name = "" } = news;
  const found = await lookFor(engine, name, context.signal);
  if (found !== undefined) return take(context, engine, found, news, deadline);
  try {
    return await makeContainer(context, engine, news, deadline);
  } catch (error) {
    if (!isEngineError(error, "conflict")) throw error;
    const raced = await lookFor(engine, name, context.signal);
    if (raced === undefined) throw error;
    return take(context, engine, raced, news, deadline);
  }
}

async function take(
  context: Context,
  engine: Engine,
  sight: Sight,
  news: ContainerInputs,
  deadline: number,
): Promise<string> {
  const changes = changesOf(sight, news);
  const paths = Object.keys(changes).sort();
  if (paths.length > 0 && news.adopt !== true && !isUnfinished(sight, changes))
    throw new Error(
      `${nounOf(news)} exists already and differs in ${paths.join(", ")}. ${adviceAbout(news)}`,
    );
  context.info(`${nounOf(news)} exists already: taken over.`);
  const { Id: id = "" } = sight.container;
  if (!needsNew(changes)) {
    noteTakenOver(context, `${news.host ?? ""}/${id}`);
    return id;
  }
  await remove(context, engine, id, stateOf(sight, news));
  return makeContainer(context, engine, news, deadline);
}

/** The live container that has the name of a new resource; none where nobody answers. */
export async function namesake(
  context: Context,
  { news, olds, replaced }: CheckRequest<ContainerInputs>,
): Promise<Sight | undefined> {
  const { name, host } = news;
  if (name === undefined || host === undefined || isUnknown(name) || isUnknown(host))
    return undefined;
  // What a replacement takes the place of is its own.
  const isOwn = replaced?.name === name && replaced.host === host;
  if (olds !== undefined || isOwn || context.isReplacement) return undefined;
  return ifReachable(() => lookFor(engineOf(context, host), name, context.signal), undefined);
}

/** Says what becomes of a namesake, or refuses it. One that is as declared may be what a run that was killed has left. */
export function announceTakeover(
  context: Context,
  sight: Sight,
  news: ContainerInputs,
): readonly Failure[] {
  const changes = changesOf(sight, news);
  const paths = Object.keys(changes).sort();
  const noun = nounOf(news);
  const line = takeoverLine({ noun, isOfStack: false, paths, news: news });
  if (news.adopt === true || isUnfinished(sight, changes)) {
    context.info(needsNew(changes) ? `${line}; it stops, and a new one starts` : line);
    return [];
  }
  const fixed = paths.filter((path) => !isOpen(path, news as Tree));
  if (fixed.length === 0) {
    context.info(line);
    return [];
  }
  const reason =
    `got "${news.name ?? ""}"; expected a name that is free on ${news.host ?? ""}: ${ownedBy("container", sight.container.Config?.Labels)} ` +
    `has that name and differs in ${fixed.join(", ")}. ${adviceAbout(news)}`;
  return [{ path: "name", reason }];
}
