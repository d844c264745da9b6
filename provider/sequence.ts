import { isEngineError } from "../hosts/engine";

/** Somebody else changes the same object at the same moment: rare, and never often in a row. */
const ATTEMPTS = 5;

/**
 * Reads an object and writes it back, as one attempt does. Docker refuses a write whose version is not the present
 * one: then it is read again and tried again.
 *
 * @throws EngineError when the object has changed in between five times in a row
 */
export async function inSequence<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isEngineError(error, "outOfSequence") || count === ATTEMPTS) throw error;
    }
  }
}
