import type { SystemInfo } from "@docker/node-sdk";
import type { Machines } from "../hosts/machines";
import { within } from "./within";

/** What an engine says of itself; undefined when it does not in time. Why is said by whoever needs it. */
export async function infoWithin(
  machines: Machines,
  host: string,
  seconds: number,
): Promise<SystemInfo | undefined> {
  const info = machines.get(host).engine().info({ deadlineSeconds: seconds });
  return within(
    seconds,
    info.catch(() => undefined),
  );
}
