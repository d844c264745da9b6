/**
 * Machines that are there already: a lab's stack boots them, and another stack that knows no lab prepares them, by
 * addresses, host keys and a private key, like a rack's. One of them has two addresses, advertises the second one and
 * loses it at a reboot. Destroyed with the first manager off.
 *
 * Does not prove: an address that goes to another machine; the first manager's, which is the swarm's own.
 */
import { Clone } from "../e2e/clone";
import { Rack, site } from "./rack";
import { minute, untilOn } from "./story";

const clone = new Clone("swarm-moved");
const hosts = ["manager-1", "manager-2", "manager-3"];
const rack = new Rack(clone, Object.fromEntries(hosts.map((host) => [host, "manager"])));
let spare = "";

beforeAll(async () => {
  await clone.make();
  await rack.boot({ memory: "768MiB" });
  const [device, address] = await rack.interfaceOf("manager-2");
  spare = address.replace(/\d+$/, "77");
  await clone.on("manager-2", `ip address add ${spare}/24 dev ${device}`);
}, 40 * minute);

afterAll(async () => {
  await clone.npm("destroy", ["--yes", ...site]);
  await clone.clear();
}, 20 * minute);

/** Writes the site's configuration. */
function declare(advertised: Readonly<Record<string, string>>): void {
  const machines = Object.entries(rack.hosts()).map(([host, machine]) => {
    const advertiseAddr = advertised[host];
    return [host, { ...machine, ...(advertiseAddr === undefined ? {} : { advertiseAddr }) }];
  });
  rack.declare({
    "swarm:ssh": { privateKey: rack.privateKey },
    "swarm:hosts": Object.fromEntries(machines) as object,
  });
}

/** Node → the address by which the managers know it. */
async function known(): Promise<Record<string, string>> {
  const format =
    "{{.Description.Hostname}} {{.ManagerStatus.Reachability}} {{.ManagerStatus.Addr}}";
  const line = `docker node inspect --format '${format}' $(docker node ls -q)`;
  const lines = (await clone.on("manager-1", line)).split("\n");
  return Object.fromEntries(
    lines.sort().map((text) => {
      const [host = "", ...rest] = text.split(" ");
      return [host, rest.join(" ")];
    }),
  );
}

function expected(second: string): Record<string, string> {
  return {
    "manager-1": `reachable ${rack.addressOf("manager-1")}:2377`,
    "manager-2": `reachable ${second}:2377`,
    "manager-3": `reachable ${rack.addressOf("manager-3")}:2377`,
  };
}

describe("machines that are there already", () => {
  it(
    "become a swarm, by the addresses they are to be known by",
    async () => {
      declare({ "manager-2": "203.0.113.9" });
      const { code, stdout } = await clone.npm("preview", site);
      expect(code).not.toBe(0);
      expect(stdout).toMatch(
        new RegExp(
          `addresses\\.manager-2: got 203\\.0\\.113\\.9; the machine has .*${spare} .*: the host's advertiseAddr, where`,
        ),
      );
      declare({ "manager-2": spare });
      await clone.npmOk("up", ["--yes", ...site], { minutes: 30 });
      expect(await known()).toEqual(expected(spare));
      expect(await clone.planned(site)).toEqual([]);
    },
    45 * minute,
  );

  it(
    "are told apart from their addresses: one that a reboot took away is named, and the other takes its place",
    async () => {
      await clone.npmOk("lab", ["kill", "manager-2"]);
      await clone.npmOk("lab", ["boot", "manager-2"]);
      await untilOn(clone, "manager-1", "docker node ls | grep manager-2 | grep -q Unreachable");
      expect(await clone.npmOk("preview", site)).toMatch(
        new RegExp(`manager-2: advertiseAddr: got "${spare}"; expected an address or interface`),
      );
      declare({});
      const plan = (await clone.planned(site)).join("\n");
      expect(plan).toMatch(/^replace cluster-node-manager-2 advertiseAddr/m);
      expect(plan).not.toMatch(/node-manager-[13]/);
      await clone.npmOk("up", ["--yes", ...site]);
      expect(await known()).toEqual(expected(rack.addressOf("manager-2")));
      expect(await clone.planned(site)).toEqual([]);
    },
    30 * minute,
  );

  it(
    "are in no swarm when the stack is destroyed, the first manager being off",
    async () => {
      await clone.npmOk("lab", ["kill", "manager-1"]);
      await untilOn(clone, "manager-2", "docker node ls | grep manager-1 | grep -q Unreachable");
      const said = await clone.npmOk("destroy", ["--yes", ...site]);
      expect(said).toContain(
        "manager-1 does not answer and leaves: it stops being a manager first.",
      );
      expect(said).toContain(
        "manager-1 does not answer and is taken out of the swarm without its help",
      );
      for (const host of ["manager-2", "manager-3"]) {
        const state = ["docker", "info", "--format", "{{.Swarm.LocalNodeState}}"];
        expect(await clone.on(host, ...state)).toBe("inactive");
      }
    },
    15 * minute,
  );
});
