/**
 * Ten services of two tasks each on one swarm, by `docker stack deploy`, by Ansible's community.docker and by a stack
 * file of this program, in turn: made, unchanged, one of them changed, and a hundred without tasks unchanged. Then what
 * each says of services that nobody has touched, and of one that somebody has.
 *
 * Terraform is not in it: its program and its provider come from no package registry that a machine like this reaches.
 */
import { Rack, site } from "../drills/rack";
import { Clone } from "../e2e/clone";
import { Ansible } from "./ansible";
import { compare, printTable } from "./comparison";
import { AnsibleServices, CommandServices, ProgramServices } from "./rival";
import type { Rival } from "./rival";

const ROUNDS = 2;
const clone = new Clone("bench-rivals");
const rack = new Rack(clone, {
  "manager-1": "manager",
  "worker-1": "worker",
  "worker-2": "worker",
});

/** Each of the rivals does it in turn. */
async function inTurn(
  title: string,
  rounds: number,
  rivals: readonly Rival[],
  run: (rival: Rival) => Promise<unknown>,
  after?: (rival: Rival) => Promise<unknown>,
): Promise<void> {
  const contenders = rivals.map((rival) => ({
    name: rival.name,
    run: async () => run(rival),
    ...(after === undefined ? {} : { after: async () => after(rival) }),
  }));
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
    const program = new ProgramServices(clone, rack);
    const rivals = [new CommandServices(ansible), new AnsibleServices(ansible), program];
    await program.remove();
    await inTurn(
      "10 services of 2 tasks made",
      ROUNDS,
      rivals,
      (rival) => rival.deploy(10, 2),
      (rival) => rival.remove(),
    );
    for (const rival of rivals) await rival.deploy(10, 2);
    await inTurn("10 services unchanged", ROUNDS, rivals, (rival) => rival.deploy(10, 2));
    let number = 0;
    await inTurn("1 of 10 services changed", ROUNDS, rivals, (rival) =>
      rival.deploy(10, 2, String(++number)),
    );
    await correctness(rivals);
    for (const rival of rivals) await rival.remove();
    for (const rival of rivals) await rival.deploy(100, 0);
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
