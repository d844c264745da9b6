import type { World } from "../consequences/demand";
import type { Finding } from "../consequences/finding";
import { lineOf } from "../consequences/lines";
import { findingEntry, worldEntry } from "../consequences/record";
import type { Effect } from "../consequences/record";
import type { Context } from "./context";
import { ifReachable } from "./reading";
import { keep } from "./record";
import type { Slot } from "../cluster/run";
import { shown } from "./adapter/message";

/** A finding of a noun, and what becomes of it. */
export interface Told {
  readonly finding: Finding;
  readonly effect?: Effect;
}

/** Nothing changes while a preview runs, so all of it shares one look at the swarm. */
const sight: Slot<{ world?: Promise<World | undefined> }> = { make: () => ({}) };

/** The swarm as it was when a preview asked first; undefined while no manager answers. */
async function worldOf(context: Context): Promise<World | undefined> {
  const found = context.run.get(sight);
  found.world ??= look(context);
  return found.world;
}

async function look({ managers }: Context): Promise<World | undefined> {
  const world = await ifReachable<World | undefined>(async () => {
    const lists = [managers.nodes(), managers.services(), managers.tasks()] as const;
    const [nodes, services, tasks] = await Promise.all(lists);
    return { nodes, services, tasks };
  }, undefined);
  if (world !== undefined) await keep(worldEntry(world));
  return world;
}

/**
 * Says, in a preview, what a change does to what runs. It is said beside a plan that stands without it, so whatever
 * goes wrong here leaves the line out, and the preview as it is; `--debug` shows why.
 *
 * @param tell - answers nothing where nothing can be said for sure
 */
export async function foretell(
  context: Context,
  tell: (world: World) => Told | undefined | Promise<Told | undefined>,
): Promise<void> {
  await announce(context, async () => {
    const world = await worldOf(context);
    return world && tell(world);
  });
}

/** The same of what is beside the swarm, for which nobody has to know the swarm. */
export async function announce(
  context: Context,
  tell: () => Told | undefined | Promise<Told | undefined>,
): Promise<void> {
  try {
    const told = await tell();
    if (told === undefined) return;
    const line = lineOf(told.finding);
    if (line !== undefined) context.info(line);
    await keep(findingEntry(told.finding, told.effect ?? {}));
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(shown(context.scrub(`what the change does to what runs is not known: ${text}`)));
  }
}
