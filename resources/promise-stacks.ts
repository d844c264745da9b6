/** A call on a stack, as V8 hands it out. */
interface Frame {
  getFunctionName(): string | null;
  toString(): string;
}

/** Where V8 looks for whoever writes stacks down. */
export interface Stacks {
  prepareStackTrace?: ((error: Error, frames: readonly Frame[]) => unknown) | undefined;
}

/** The function of Pulumi's SDK that makes a promise one which can be named where it is never settled. */
const MAKER = "debuggablePromise";

/**
 * Spares a program the lookup of lines that nobody reads.
 *
 * Pulumi's SDK notes for each of its promises where it was made, several for each resource. In a program of TypeScript
 * each line of that is looked up in source maps, which is a third of the time of a program with a thousand services.
 * These stacks are left as they are; every other one, those of errors above all, is looked up as before. Where nothing
 * is looked up, as in JavaScript, nothing is done.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/debuggable.ts
 */
export function sparePromiseStacks(stacks = Error as unknown as Stacks): void {
  const lookUp = stacks.prepareStackTrace;
  if (lookUp === undefined) return;
  stacks.prepareStackTrace = (error, frames) =>
    frames[0]?.getFunctionName() === MAKER
      ? [String(error), ...frames.map((frame) => `    at ${frame.toString()}`)].join("\n")
      : lookUp(error, frames);
}
