import { DeadlineError } from "../hosts/errors";
import { EngineError } from "../hosts/engine";
import type { Engine } from "../hosts/engine";
import { NoManagerError } from "./managers";
import type { ClusterContext } from "./context";
import { within } from "./within";

/** What is waited for. */
export interface Wait {
  readonly host: string;
  /** `waiting for the node to be ready`. */
  readonly what: string;
  readonly seconds: number;
  /** Undefined when it has come true, else how far it is, for the progress line and the error. */
  look(): Promise<string | undefined>;
  /** Words to add to the error: asked once, when time is up. */
  explain?(): Promise<string>;
}

/** Events that are lost (a manager that dies) and changes without one are found by looking this often. */
const LOOK_MS = 1000;

/**
 * Waits until `look` is content: looks at every event about nodes, and once a second.
 *
 * @throws DeadlineError with the last progress and its explanation, or the signal's reason
 */
export async function until(context: ClusterContext, wait: Wait): Promise<void> {
  const deadline = Date.now() + wait.seconds * 1000;
  const bell = new Bell(context);
  try {
    for (;;) {
      const state = await lookOnce(wait);
      if (state === undefined) return;
      context.signal.throwIfAborted();
      context.progress(`${wait.what}: ${state}`);
      if (Date.now() > deadline) {
        const why = await wait.explain?.();
        const reason = why === undefined || why === "" ? state : `${state}. ${why}`;
        throw new DeadlineError(wait.host, wait.what, wait.seconds, reason);
      }
      await bell.ring(LOOK_MS);
    }
  } finally {
    bell.close();
  }
}

/** While roles change and a leader is elected, managers answer with errors that pass. */
async function lookOnce(wait: Wait): Promise<string | undefined> {
  try {
    return await wait.look();
  } catch (error) {
    if (error instanceof NoManagerError) return error.message;
    if (error instanceof EngineError && error.status >= 500) return error.reason;
    throw error;
  }
}

/** Rings when something happens to a node. */
class Bell {
  private stop: (() => void) | undefined;
  private isClosed = false;
  private waiting: (() => void) | undefined;

  constructor(context: ClusterContext) {
    // Without events there is still the look once a second.
    context.managers
      .use(async (engine) => {
        this.listen(engine);
        return Promise.resolve();
      })
      .catch(() => undefined);
  }

  async ring(milliseconds: number): Promise<void> {
    const rung = new Promise<void>((resolve) => {
      this.waiting = resolve;
    });
    await within(milliseconds / 1000, rung);
  }

  close(): void {
    this.isClosed = true;
    this.stop?.();
  }

  private listen(engine: Engine): void {
    if (this.isClosed) return;
    this.stop = engine.onNodeEvent(() => {
      this.waiting?.();
    });
  }
}
