import * as settings from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";

/** What the SDK's own host of providers uses, and its declarations leave out. */
interface Internals {
  /** Runs a function whose resources, settings and calls to the engine have nothing to do with those of others. */
  withLocalStorage<T>(act: () => Promise<T>): Promise<T>;
  /** Asks the engine what it can do. */
  awaitFeatureSupport(): Promise<void>;
  /** Resolves when every resource that was registered is there, or has failed. */
  waitForRPCs(): Promise<void>;
}

export const { withLocalStorage, awaitFeatureSupport, waitForRPCs } = {
  ...state,
  ...settings,
} as unknown as Internals;
