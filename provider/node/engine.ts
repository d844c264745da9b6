import type { Engine } from "../../hosts/engine";
import { DeadlineError, HostUnreachableError } from "../../hosts/errors";
import type { Context } from "../context";

/** Seconds that a machine gets to answer, and then its engine to start: both may just be booting. */
const BOOT_SECONDS = 180;

/**
 * A machine's engine, ready to be asked: waited for while the machine boots, and started where it was stopped. While it
 * starts, its socket takes calls and answers none of them.
 *
 * @throws HostUnreachableError or DeadlineError with what is in the way
 */
export async function readyEngine(
  context: Pick<Context, "machines" | "progress" | "signal">,
  host: string,
): Promise<Engine> {
  const machine = context.machines.get(host);
  const engine = machine.engine();
  try {
    await engine.version();
    return engine;
  } catch (error) {
    if (!(error instanceof HostUnreachableError || error instanceof DeadlineError)) throw error;
    const { progress, signal } = context;
    await machine.waitUntilReachable({ deadlineSeconds: BOOT_SECONDS, progress, signal });
    progress("waiting for the engine to start");
    // Returns once the engine has said that it is ready.
    const { code } = await machine.run(["systemctl", "start", "docker"], {
      allowFailure: true,
      deadlineSeconds: BOOT_SECONDS,
      signal,
    });
    if (code !== 0) throw error;
    await engine.version();
    return engine;
  }
}
