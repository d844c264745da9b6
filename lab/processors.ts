import { readFileSync } from "node:fs";
import type { LabPlan } from "./plan";

/**
 * The processors that a machine runs on for as long as it is up, as `taskset` takes them.
 *
 * User-Mode Linux is two processes that wait for each other at each call of the guest's programs. On two processors
 * each of these turns wakes one of them up, which takes several times as long as the call: bound to one, a machine starts
 * programs in less than half the time. So each has one of its own, turn by turn; those who are left when there are not enough
 * for another turn may run on all, so that none is busier than the others.
 *
 * @param host - one of the lab's
 * @param status - content of `/proc/self/status`
 */
export function processorsOf(
  plan: LabPlan,
  host: string,
  status = readFileSync("/proc/self/status", "utf8"),
): string {
  const all = allowedProcessors(status);
  const hosts = Object.entries(plan.addresses.hosts).sort(([, a], [, b]) => a - b);
  const place = hosts.findIndex(([name]) => name === host);
  const turns = Math.floor(hosts.length / all.length);
  if (turns > 0 && place >= turns * all.length) return all.join(",");
  // Not every lab begins with the same one.
  const first = Number(plan.gateway.split(".")[2]);
  return String(all[(first + place) % all.length]);
}

/** Those that a process may run on: `Cpus_allowed_list: 0-3,8`. */
function allowedProcessors(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*([0-9,-]+)$/m.exec(status)?.[1] ?? "0";
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
