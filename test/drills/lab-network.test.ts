/**
 * The network card of a lab machine fails, as its driver has it when a frame cannot be handed over: the machine is back
 * by itself, with its ways.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Daemon } from "../../lab/daemon";
import { machineFolder } from "../../lab/machine";
import { Clone } from "../e2e/clone";
import { Rack } from "./rack";
import { minute } from "./story";

const host = "manager-1";
const clone = new Clone("lab-network");
const folder = machineFolder(join(clone.directory, ".swarm", "lab"), host);

beforeAll(async () => {
  await clone.make();
  await new Rack(clone, { [host]: "manager" }).boot({ memory: "512MiB", image: "debian" });
}, 40 * minute);

afterAll(async () => clone.clear(), 20 * minute);

/** Times that the machine's console says that its card was started anew. */
function restarts(): number {
  const said = readFileSync(join(folder, "console.log"), "utf8");
  return said.split("vec0 has dropped a frame").length - 1;
}

test(
  "a machine whose network card has failed is back by itself",
  async () => {
    const pid = String(await new Daemon(folder, "console").pid());
    const ip = (...words: readonly string[]): string => {
      const inLab = [`--net=/proc/${pid}/ns/net`, "--", "ip", ...words];
      return execFileSync("nsenter", inLab, { encoding: "utf8" });
    };
    const [tap = ""] = ip("-brief", "link", "show", "type", "tun").split(" ");
    const ways = await clone.on(host, "ip route; ip -brief address show dev vec0");
    expect(restarts()).toBe(0);
    const [, gateway = ""] = /^default via (\S+)/m.exec(ways) ?? [];
    const talk = `for i in {1..300}; do echo >/dev/udp/${gateway}/9; sleep 0.1; done`;
    await clone.on(host, `systemd-run --quiet bash -c ${JSON.stringify(talk)}`);
    ip("link", "set", tap, "down");
    const deadline = Date.now() + minute;
    while (restarts() === 0) {
      expect(Date.now()).toBeLessThan(deadline);
      await delay(200);
    }
    ip("link", "set", tap, "up");
    let now = "";
    while (now !== ways) {
      expect(Date.now()).toBeLessThan(deadline);
      now = await clone.on(host, "ip route; ip -brief address show dev vec0").catch(() => "");
    }
  },
  3 * minute,
);
