import { shown } from "../provider/adapter/message";

/** Ends what is under way with an error. */
type Fail = (error: Error) => void;

const underWay = new Set<Fail>();
let isListening = false;

/**
 * Runs a function until it is done, or until a promise is rejected that nobody waits for: a resource that cannot be
 * registered rejects outputs in the middle of the SDK, and whoever waits for the component would wait for ever. It
 * cannot be told whose promise it was, so all that is under way ends.
 */
export async function untilRejected<T>(act: () => Promise<T>): Promise<T> {
  listen();
  let fail: Fail | undefined;
  const rejected = new Promise<never>((_, reject) => {
    fail = reject;
    underWay.add(reject);
  });
  try {
    return await Promise.race([act(), rejected]);
  } finally {
    if (fail !== undefined) underWay.delete(fail);
  }
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  process.on("unhandledRejection", (reason) => {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    if (underWay.size === 0) console.error(shown(error.stack ?? error.message));
    for (const fail of underWay) fail(error);
  });
}
