import type { Run, Slot } from "../../cluster/run";

/** Hosts that are being prepared at this moment. */
const hosts: Slot<Set<string>> = { make: () => new Set<string>() };

/** What is at work on a host, until it is over. */
export async function atWorkOn<T>(run: Run, host: string, act: () => Promise<T>): Promise<T> {
  run.get(hosts).add(host);
  try {
    return await act();
  } finally {
    run.get(hosts).delete(host);
  }
}

/** Whether a host is being prepared: what it lets in is not settled yet. */
export function isAtWorkOn(run: Run, host: string): boolean {
  return run.get(hosts).has(host);
}
