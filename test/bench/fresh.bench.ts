/**
 * Three machines that are up and bare, like Enterprise Linux 9, become a swarm with one service that answers: by an
 * Ansible playbook as its users write it, and by this program, in turn, each on machines of its own; then the same run
 * again, where nothing is left to do.
 */
import { until } from "../drills/stack-lab";
import { Rack, site } from "../drills/rack";
import { Clone } from "../e2e/clone";
import { Ansible } from "./ansible";
import { compare } from "./comparison";
import { freshPlaybook } from "./fresh-playbook";

const ROUNDS = 2;
const roles = { "manager-1": "manager", "worker-1": "worker", "worker-2": "worker" };
const hosts = Object.keys(roles);
const clone = new Clone("bench-fresh");
const rack = new Rack(clone, roles);

/** The service of both. */
const web = { image: "nginx", replicas: 3, published: 8080, target: 80 };

/** The same for this program. */
function declare(): void {
  const machines = Object.entries(rack.hosts()).map(([name, host]) => [
    name,
    { ...host, labels: { zone: "one" } },
  ]);
  clone.write(
    "stacks/fresh.yml",
    `services:
  web:
    image: ${web.image}
    ports: ["${web.published}:${web.target}"]
    deploy: { replicas: ${web.replicas} }
`,
  );
  rack.declare({
    "swarm:ssh": { privateKey: rack.privateKey },
    "swarm:hosts": Object.fromEntries(machines) as object,
    "swarm:stacks": { fresh: { file: "stacks/fresh.yml" } },
  });
}

/** Bare machines that nobody has been on. */
async function boot(): Promise<void> {
  await clone.npm("pulumi", ["stack", "rm", "--force", "--yes", ...site]);
  await clone.npm("destroy", ["--yes"]);
  await rack.boot({ memory: "640MiB", image: "centos" });
}

async function answers(): Promise<void> {
  await Promise.all(
    hosts.map(async (name) => until(`http://${rack.addressOf(name)}:${web.published}/`, "nginx")),
  );
}

async function main(): Promise<void> {
  const again: Record<string, number[]> = { ansible: [], program: [] };
  const timed = async (name: string, run: () => Promise<unknown>): Promise<void> => {
    const began = performance.now();
    await run();
    again[name]?.push((performance.now() - began) / 1000);
  };
  try {
    await clone.make();
    await rack.boot({ memory: "640MiB", image: "centos" });
    const ansible = await Ansible.get(rack);
    await ansible.meet();
    await compare(
      "bare machines to a swarm whose service answers",
      ROUNDS,
      [
        {
          name: "Ansible",
          run: async () => {
            await ansible.play(freshPlaybook(rack, hosts, web));
            await answers();
          },
          after: async () => {
            await timed("ansible", async () => ansible.play(freshPlaybook(rack, hosts, web)));
            await boot();
            declare();
          },
        },
        {
          name: "npm run up",
          run: async () => {
            await clone.npmOk("up", ["--yes", "--skip-preview", ...site], { minutes: 20 });
            await answers();
          },
          after: async () => {
            await timed("program", async () =>
              clone.npmOk("preview", ["--expect-no-changes", ...site]),
            );
            await boot();
            await ansible.meet();
          },
        },
      ],
      { warm: false },
    );
    const seconds = (name: string): string =>
      (again[name] ?? []).map((figure) => figure.toFixed(1)).join(", ");
    console.log(
      `once more, with nothing to do, in s: playbook ${seconds("ansible")}; npm run preview ${seconds("program")}`,
    );
  } finally {
    await clone.clear();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
