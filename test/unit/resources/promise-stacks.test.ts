import { sparePromiseStacks } from "../../../resources/promise-stacks";
import type { Stacks } from "../../../resources/promise-stacks";

// What a loader of TypeScript puts in the place of the runtime's own: here it only counts.

const { debuggablePromise } = jest.requireActual<{
  debuggablePromise: (promise: Promise<unknown>, context: string) => Promise<unknown>;
}>("@pulumi/pulumi/runtime/debuggable");

const stacks = Error as unknown as Stacks;
const before = stacks.prepareStackTrace;
const lookUp = jest.fn(
  (error: Error, frames: readonly unknown[]) => `${error.message} looked up, ${frames.length}`,
);

beforeEach(() => {
  lookUp.mockClear();
});

afterEach(() => {
  stacks.prepareStackTrace = before;
});

describe("the stacks of Pulumi's promises", () => {
  it("are not looked up, and there all the same", async () => {
    stacks.prepareStackTrace = lookUp;
    sparePromiseStacks();
    const promise = Promise.resolve();
    await debuggablePromise(promise, "a promise");
    expect(lookUp).not.toHaveBeenCalled();
    const { _debugStackTrace: stack } = promise as unknown as Record<string, string>;
    expect(stack).toMatch(/^Error\n {4}at debuggablePromise .*\n {4}at .*promise-stacks\.test/);
  });

  it("are the only ones: errors are looked up", () => {
    stacks.prepareStackTrace = lookUp;
    sparePromiseStacks();
    expect(new Error("an error").stack).toMatch(/^an error looked up, \d+$/);
  });

  it("are nobody's business where nothing is looked up", () => {
    const plain: Stacks = {};
    sparePromiseStacks(plain);
    expect(plain).toEqual({});
  });
});
