import { isUnreachable } from "../cluster/manager-errors";
import type { Context } from "./context";
import type { Found } from "./resource";

/**
 * A noun's `read` for when its machine may be down: then what is known is answered, with a warning that is said once
 * in a run, so that a preview works with every host down. Acting still fails, with the same reason.
 * @throws what `read` throws: always on import, where nothing is known
 */
export async function readOrKnown<Inputs, State>(
  context: Context,
  id: string,
  known: { readonly inputs: Inputs; readonly state: State } | undefined,
  read: () => Promise<Found<Inputs, State> | undefined>,
): Promise<Found<Inputs, State> | undefined> {
  try {
    return await read();
  } catch (error) {
    if (known === undefined || !(error instanceof Error) || !isUnreachable(error)) throw error;
    context.warnOnce(
      `shown from state, because it cannot be read now: what runs may differ.\n${error.message}`,
    );
    return { id, ...known };
  }
}

/**
 * What the cluster says, or `otherwise` where nobody can be asked: for what a preview looks up about something that is
 * only declared, because the cluster may not be there yet.
 *
 * @throws what `ask` throws when somebody has answered
 */
export async function ifReachable<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return otherwise;
  }
}
