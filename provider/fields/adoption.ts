import type { ListKind } from "../../cluster/managers";
import type { Slot } from "../../cluster/run";
import { isEngineError } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import type { Context } from "../context";

/** How an object is made, and recognised when it is there already. */
export interface Creation<Item> {
  /** `network "front"`, for messages. */
  readonly noun: string;
  readonly kind: ListKind;
  /** The object of that name, from the shared list. */
  find(): Promise<Item | undefined>;
  /** Property paths in which it differs from what is asked for. */
  differences(item: Item): readonly string[];
  idOf(item: Item): string | undefined;
  /** Makes it and answers its id. */
  create(engine: Engine): Promise<string | undefined>;
  /** What to do about an object that differs. */
  readonly advice: string;
}

/** An object that is there now. */
export interface Obtained {
  readonly id: string;
  /** It was there before. */
  readonly taken: boolean;
}

/** Ids of what this run has taken over. */
const takenOver: Slot<Set<string>> = { make: () => new Set<string>() };

/** Takes note that an object that was there is a resource's own from now on. */
export function noteTakenOver({ run }: Pick<Context, "run">, id: string): void {
  run.get(takenOver).add(id);
}

/**
 * Whether an object that is to be removed has become another resource's in this run: one that was renamed in the
 * program is made, finds the object there, and only then its former self is removed.
 */
export function belongsToAnother(context: Context, noun: string, id: string): boolean {
  const isTaken = context.run.get(takenOver).has(id);
  if (isTaken) context.info(`${noun} is another resource's of this program now: it stays.`);
  return isTaken;
}

/**
 * Makes an object, or takes the one that is there when it is as asked for: a run that was killed between making it and
 * noting it down is finished by the next one.
 *
 * @throws Error when one of that name differs, naming the properties
 */
export async function createOrAdopt<Item>(
  context: Context,
  creation: Creation<Item>,
): Promise<Obtained> {
  context.managers.invalidate(creation.kind);
  const existing = await creation.find();
  if (existing !== undefined) return adopt(context, creation, existing);
  try {
    const id = await context.managers.use((engine) => creation.create(engine));
    if (id === undefined) throw new Error(`Docker named no id for ${creation.noun}.`);
    return { id, taken: false };
  } catch (error) {
    if (!isEngineError(error, "conflict")) throw error;
    context.managers.invalidate(creation.kind);
    const raced = await creation.find();
    if (raced === undefined) throw error;
    return adopt(context, creation, raced);
  } finally {
    context.managers.invalidate(creation.kind);
  }
}

function adopt<Item>(context: Context, creation: Creation<Item>, existing: Item): Obtained {
  const { noun, advice } = creation;
  const differences = creation.differences(existing);
  const id = creation.idOf(existing);
  if (differences.length > 0 || id === undefined) {
    throw new Error(`${noun} exists already and differs in ${differences.join(", ")}. ${advice}`);
  }
  context.info(`${noun} exists already: taken over.`);
  noteTakenOver(context, id);
  return { id, taken: true };
}
