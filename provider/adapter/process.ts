import { serve } from "./server";
import type { Served } from "./server";

/** Starts the process of a plugin. */
export function startPlugin(served: Omit<Served, "engineAddress">): void {
  // The engine hands a plugin the program's whole configuration, decrypted. It has no use for it, and what it starts
  // (the lab's tools) would inherit it.
  delete process.env.PULUMI_CONFIG;
  runPlugin(served).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}

/**
 * The life of a plugin's process: serves, prints the port, which is how the engine finds it, and ends when the
 * engine that started it is gone.
 */
export async function runPlugin(served: Omit<Served, "engineAddress">): Promise<void> {
  const engineAddress = process.argv.slice(2).findLast((word) => !word.startsWith("-"));
  const provider = await serve(engineAddress === undefined ? served : { ...served, engineAddress });
  const end = (): void => {
    void provider.close().finally(() => process.exit(0));
  };
  // The engine ends a plugin by SIGINT (Ctrl-C is not sent here: a plugin has a process group of its own). It holds
  // the other end of standard input, which closes when the engine dies, however it dies.
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  process.stdin.once("end", end);
  process.stdin.resume();
  process.stdout.write(`${provider.port}\n`);
}
