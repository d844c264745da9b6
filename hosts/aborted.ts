import { abortError } from "./errors";

/** Rejects when `signal` is aborted, for whoever waits for something that does not know it. @param end - nobody waits any more */
export async function aborted(signal: AbortSignal, end: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = (): void => {
      reject(abortError(signal));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { signal: end });
  });
}
