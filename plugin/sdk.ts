import * as settings from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";

/** What the SDK's own host of providers uses, and its declarations leave out. */
interface Internals {
  /** Runs a function whose resources, settings and calls to the engine have nothing to do with those of others. */
  readonly withLocalStorage: <T>(act: () => Promise<T>) => Promise<T>;
  /** Asks the engine what it can do. */
  readonly awaitFeatureSupport: () => Promise<void>;
  /** Resolves when every resource that was registered is there, or has failed. */
  readonly waitForRPCs: () => Promise<void>;
}

export const { withLocalStorage, awaitFeatureSupport, waitForRPCs } = {
  ...state,
  ...settings,
} as unknown as Internals;
