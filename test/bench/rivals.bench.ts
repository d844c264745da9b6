/**
 * Ten services of two tasks each on one swarm, by `docker stack deploy`, by Ansible's community.docker and by a stack
 * file of this program, in turn: made, unchanged, one of them changed, and a hundred without tasks unchanged. Then what
 * each says of services that nobody has touched, and of one that somebody has.
 *
 * Terraform is a fourth where its program is on PATH and its provider for Docker can be built from Go modules.
 */
import { Rack, site } from "../drills/rack";
import { Clone } from "../e2e/clone";
import { Ansible } from "./ansible";
import { compare, printTable } from "./comparison";
import { AnsibleServices, CommandServices, ProgramServices } from "./rival";
import { report } from "./results";
import type { Rival } from "./rival";
import { TerraformServices } from "./terraform";

const ROUNDS = 2;
const clone = new Clone("bench-rivals");
const rack = new Rack(clone, {
  "manager-1": "manager",
  "worker-1": "worker",
  "worker-2": "worker",
});

/** Terraform; none, and a line that says why, where it cannot be had. */
async function terraformOf(ansible: Ansible): Promise<Rival[]> {
  try {
    return [await TerraformServices.get(ansible)];
  } catch (error) {
    report(`Terraform is not in it: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** Each of the rivals does it in turn. */
async function inTurn(
  title: string,
  rounds: number,
  rivals: readonly Rival[],
  run: (rival: Rival) => Promise<unknown>,
): Promise<void> {
  const contenders = rivals.map((rival) => ({ name: rival.name, run: async () => run(rival) }));
  await compare(title, rounds, contenders, { warm: false });
}

/** What each says before anything is done about it. */
async function correctness(rivals: readonly Rival[]): Promise<void> {
  const rows: string[][] = [];
  for (const rival of rivals) {
    const unchanged = await rival.plan();
    await rival.drift();
    const drifted = await rival.plan();
    rows.push([rival.name, unchanged, drifted]);
  }
  printTable(["of ten services", "nobody touched any", "one has another limit"], rows);
}

async function main(): Promise<void> {
  try {
    await clone.make();
    await rack.boot({ memory: "896MiB", image: "debian" });
    const ansible = await Ansible.get(rack);
    await ansible.meet();
    const terraform = await terraformOf(ansible);
    const program = new ProgramServices(clone, rack);
    const rivals = [
      new CommandServices(ansible),
      new AnsibleServices(ansible),
      ...terraform,
      program,
    ];
    await program.remove();
    // Whoever comes first would fetch it for all.
    const machines = Object.keys(rack.hosts());
    await Promise.all(machines.map(async (host) => ansible.on(host, "docker pull -q busybox")));
    await inTurn("10 services of 2 tasks made", 1, rivals, (rival) => rival.deploy(10, 2));
    await inTurn("10 services unchanged", ROUNDS, rivals, (rival) => rival.deploy(10, 2));
    let number = 0;
    await inTurn("1 of 10 services changed", ROUNDS, rivals, (rival) =>
      rival.deploy(10, 2, String(++number)),
    );
    await correctness(rivals);
    // In turn as well: all of them together are more connections than sshd lets in at once.
    for (const rival of rivals) {
      await rival.remove();
      await rival.deploy(100, 0);
    }
    await inTurn("100 services unchanged", 1, rivals, (rival) => rival.deploy(100, 0));
  } finally {
    await clone.npm("destroy", ["--yes", ...site]);
    await clone.clear();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
