/**
 * Each system that a lab machine can look like, with the engine of 26.1 and of 29.8: bare machines become a swarm of two
 * on which a service answers, what is changed by hand on a machine is seen, property by property, and repaired, and in
 * the end the machines are left as they were.
 *
 * Does not prove: SELinux, kernels of the systems, cgroup v1, yum 3 itself (docs/lab.md says what stands in for it).
 */
import { tellHosts, type Cell } from "./host-story";

const engines = [
  { declared: "26.1", version: "26.1.5" },
  { declared: "29.8", version: "29.8.1" },
] as const;
const images = ["centos7", "centos", "centos10", "debian", "ubuntu"] as const;

const cells: Cell[] = images.flatMap((image) => engines.map((engine) => ({ image, ...engine })));
const seconds = new Map<string, Record<string, number>>();

afterAll(() => {
  console.table(Object.fromEntries(seconds));
});

describe.each(cells)("$image with Docker $declared", (cell) => {
  const acts: Record<string, number> = {};
  const name = `${cell.image} ${cell.declared}`;
  tellHosts(cell, (act, spent) => {
    acts[act] = spent;
    seconds.set(name, acts);
  });
});
