/**
 * What is wrong with a configuration is said at once, by its path, before anything is made.
 *
 * Does not prove: machines that refuse a login (see the main job), a disk that is full.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "./clone";

const minute = 60_000;
const clone = new Clone("bad-input");

beforeAll(async () => {
  await clone.make();
}, 5 * minute);

afterAll(() => {
  clone.remove();
});

async function preview(configuration: string): Promise<{ code: number; output: string }> {
  clone.write("Pulumi.dev.yaml", configuration);
  const { code, stdout, stderr } = await clone.npm("preview");
  expect(existsSync(join(clone.directory, ".swarm", "lab", "machines"))).toBe(false);
  return { code, output: stdout + stderr };
}

it(
  "lists all problems of a configuration with their paths",
  async () => {
    const { code, output } = await preview(`config:
  swarm:lab: { memory: lots }
  swarm:hosts:
    web-1: { role: boss, labels: { tier: "a\\nb" } }
    web-2: { role: worker, adress: 203.0.113.7, users: { ann: { uid: 0 } } }
  swarm:host: { timeService: ntp }
  swarm:firewall: { sources: [10.20.0.5/16] }
  swarm:stacks: { shop: { component: Shop } }
`);
    expect(code).not.toBe(0);
    for (const problem of [
      'lab.memory: got "lots"; expected "1536MiB", "2GiB" or the like',
      'hosts.web-1.role: got "boss"; expected "manager" or "worker"',
      'hosts.web-1.labels.tier: got "a\\nb"; expected text of one line',
      "hosts.web-2.adress: unknown",
      "hosts.web-2.users.ann.uid: got 0; expected 1 to 60000",
      'host.timeService: got "ntp"; expected "any", "chrony" or "timesyncd"',
      'firewall.sources[0]: got "10.20.0.5/16"; expected 10.20.0.0/16, the subnet that the address lies in',
      'stacks.shop.component: got "Shop"; expected "WordPress"',
    ]) {
      expect(output).toContain(problem);
    }
    expect(output).not.toMatch(/^ +at .*\(.*:\d+:\d+\)$/m);
  },
  2 * minute,
);

it(
  "refuses a lab that this machine has no memory for",
  async () => {
    const { code, output } = await preview(`config:
  swarm:lab: { memory: 512MiB }
  swarm:hosts: { a: { role: manager, memory: 9000GiB } }
`);
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /lab: got \d+ MiB of memory available; expected at least 9216064 MiB for the machines that are to be booted\./,
    );
  },
  2 * minute,
);

it(
  "warns of an even number of managers and goes on",
  async () => {
    const { code, output } = await preview(`config:
  swarm:lab: { memory: 512MiB }
  swarm:hosts: { a: { role: manager }, b: { role: manager } }
`);
    expect(code).toBe(0);
    expect(output).toContain(
      "hosts: 2 managers survive the loss of 0, as 1 would; expected an odd number.",
    );
  },
  2 * minute,
);
