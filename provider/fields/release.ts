import { setTimeout as delay } from "node:timers/promises";
import type { Service } from "@docker/node-sdk";
import { isEngineError } from "../../hosts/engine";
import type { Context } from "../context";
import type { ReferenceKind } from "./form";

/** Docker lets go of a network some seconds after the last task on it has stopped. */
const releaseSeconds = 90;

/** How an object that may be in use is removed. */
export interface Removal {
  /** `network "front"`, for messages. */
  readonly noun: string;
  /** One try. */
  remove(): Promise<void>;
  /** Whether an error of `remove` says that it is gone already. */
  isGone(error: unknown): boolean;
  /** Who keeps it, for messages. */
  holders(): Promise<readonly string[]>;
}

/**
 * Removes an object and waits for those who still use it. There is no event for "no longer used", so it is tried again.
 *
 * @throws Error after 90 seconds, naming the services that use it
 */
export async function deleteWhenReleased(context: Context, removal: Removal): Promise<void> {
  const { noun } = removal;
  const deadline = Date.now() + releaseSeconds * 1000;
  for (;;) {
    try {
      await removal.remove();
      return;
    } catch (error) {
      if (removal.isGone(error)) return;
      if (!isEngineError(error, "inUse")) throw error;
      const holders = await removal.holders();
      const users = holders.length > 0 ? `used by ${holders.join(", ")}` : "being released";
      if (Date.now() > deadline) {
        throw new Error(
          `${noun} cannot be removed: still ${users} after ${releaseSeconds}s. ` +
            `Docker says: ${error.reason}. Remove what uses it, then run again.`,
          { cause: error },
        );
      }
      context.progress(`waiting for ${noun}: ${users}`);
      await delay(1000, undefined, { signal: context.signal });
    }
  }
}

/** Names of the services that use a network, secret or config. */
export async function servicesUsing(
  context: Context,
  kind: ReferenceKind,
  id: string,
): Promise<string[]> {
  context.managers.invalidate("services");
  return usersAmong(await context.managers.services(), kind, id)
    .map((service) => `service ${service.Spec?.Name ?? service.ID ?? "without a name"}`)
    .sort();
}

/** Those services that use a network, secret or config. */
export function usersAmong(
  services: readonly Service[],
  kind: ReferenceKind,
  id: string,
): Service[] {
  return services.filter((service) => referencesOf(service, kind).includes(id));
}

function referencesOf({ Spec: spec }: Service, kind: ReferenceKind): (string | undefined)[] {
  const task = spec?.TaskTemplate;
  if (kind === "secret") return (task?.ContainerSpec?.Secrets ?? []).map((one) => one.SecretID);
  if (kind === "config") return (task?.ContainerSpec?.Configs ?? []).map((one) => one.ConfigID);
  return [...(task?.Networks ?? []), ...(spec?.Networks ?? [])].map((one) => one.Target);
}
