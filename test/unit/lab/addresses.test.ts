import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AddressBook } from "../../../lab/addresses";
import { planLab } from "../../../lab/plan";

const base = mkdtempSync(join(tmpdir(), "swarm-addresses-"));

afterAll(() => {
  rmSync(base, { recursive: true });
});

function planFor(directory: string): ReturnType<typeof planLab> {
  return planLab({ directory, routes: [], hosts: ["manager-1"], recorded: undefined });
}

describe("a lab's folder", () => {
  it.each([
    ["a new one", undefined],
    ["one that was open to all", 0o755],
  ])("is closed to others before a machine is made: %s", async (what, mode) => {
    const directory = join(base, what.replaceAll(" ", "-"), ".swarm", "lab");
    if (mode !== undefined) {
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, mode);
    }
    await new AddressBook(directory).keep(planFor(directory), "manager-1");
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it("keeps the addresses that were given, and forgets them one by one", async () => {
    const directory = join(base, "kept");
    const book = new AddressBook(directory);
    const plan = planFor(directory);
    await book.keep(plan, "manager-1");
    expect(book.read()).toEqual({
      subnet: plan.subnet,
      hosts: { "manager-1": plan.addresses.hosts["manager-1"] },
    });
    await book.forget("manager-1");
    expect(book.read()).toEqual({ subnet: plan.subnet, hosts: {} });
  });
});
