/**
 * Machines behind address translation: all are reached at one address, each at a port of its own, and what the swarm says
 * goes over a second card, what containers say over a third. A way that is closed between two of them keeps the swarm from
 * being whole, and is named before anything joins and by a look at any time.
 *
 * Does not prove: cards with cables of their own (these are three on one), more than one translation on the way.
 */
import { Clone } from "../e2e/clone";
import { Gateway } from "./gateway";
import { minute } from "./node-lab";
import { Rack, site } from "./rack";

const hosts = ["manager-1", "worker-1", "worker-2"];
const clone = new Clone("host-nat");
const rack = new Rack(clone, {
  "manager-1": "manager",
  "worker-1": "worker",
  "worker-2": "worker",
});
let gateway: Gateway;

/** Where the service is published: on each node, and by the gateway, which hands it to the first. */
const published = 8088;
/** A machine's address among the nodes. */
const nodeAddress = (host: string): string => `192.168.77.${hosts.indexOf(host) + 11}`;
/** Its address for what containers say. */
const dataAddress = (host: string): string => `192.168.78.${hosts.indexOf(host) + 11}`;
const portOf = (host: string): number => 2200 + hosts.indexOf(host);

/** A card more, beside the one that the machine has; each answers for its own address alone. */
const card = (name: string, address: string): string =>
  `ip link add link vec0 name ${name} type macvlan mode bridge && ip address add ${address}/24 dev ${name} && ip link set ${name} up`;

/**
 * The only ways to a machine are ports of the gateway; between the machines there is none over their first cards. What is
 * on the wire is counted, by card.
 */
function wires(): string {
  const first = `{ ${hosts.map((host) => rack.addressOf(host)).join(", ")} }`;
  const doors = hosts
    .map((host) => `tcp dport ${portOf(host)} dnat to ${rack.addressOf(host)}:22`)
    .concat(`tcp dport ${published} dnat to ${rack.addressOf("manager-1")}:${published}`)
    .join("\n    ");
  return `table ip drill {
  chain doors {
    type nat hook prerouting priority dstnat; policy accept;
    ${doors}
  }
  chain back { type nat hook postrouting priority srcnat; policy accept; ct status dnat masquerade; }
}
table bridge drill {
  counter overlay-data { }
  counter overlay-nodes { }
  chain closed { }
  chain between {
    type filter hook forward priority 1; policy accept;
    ip saddr ${first} ip daddr ${first} drop
    ip saddr 192.168.78.0/24 udp dport 4789 counter name overlay-data
    ip saddr 192.168.77.0/24 udp dport 4789 counter name overlay-nodes
    jump closed
  }
}
`;
}

/** Closes a way, and opens all others. */
async function close(rule = ""): Promise<void> {
  const rules = rule === "" ? "" : `add rule bridge drill closed ${rule} drop\n`;
  await gateway.nft(`flush chain bridge drill closed\n${rules}`);
}

/** Packets that were counted. */
async function counted(name: string): Promise<number> {
  const said = await gateway.nft(`list counter bridge drill ${name}\n`);
  return Number(/packets (\d+)/.exec(said)?.[1]);
}

const stack = `services:
  web:
    image: nginx
    ports: ["${published}:80"]
    networks: [back]
    deploy: { placement: { constraints: ["node.hostname == worker-2"] } }
  client:
    image: busybox
    command: ["sleep", "infinity"]
    stop_signal: SIGKILL
    networks: [back, sealed]
    deploy: { placement: { constraints: ["node.hostname == worker-1"] } }
networks:
  back: {}
  sealed: { driver_opts: { encrypted: "" } }
`;

function declare(more: object = {}): void {
  const machines = Object.entries(rack.hosts()).map(([host, machine]) => [
    host,
    {
      ...machine,
      ...{ address: gateway.plan.gateway, ssh: { port: portOf(host) } },
      ...{ advertiseAddr: nodeAddress(host), dataPathAddr: dataAddress(host) },
    },
  ]);
  rack.declare({
    "swarm:ssh": { privateKey: rack.privateKey },
    "swarm:hosts": Object.fromEntries(machines) as object,
    ...more,
  });
}

interface Checked {
  readonly hosts: readonly { readonly host: string; readonly problems: readonly string[] }[];
  readonly network: { readonly ways: number; readonly blocked: number; readonly seconds: number };
}

async function check(): Promise<Checked & { readonly code: number }> {
  const { code, stdout } = await clone.npm("hosts", ["check", "--json", ...site]);
  return { code, ...(JSON.parse(stdout) as Checked) };
}

beforeAll(async () => {
  await clone.make();
  await rack.boot({ memory: "640MiB", image: "centos" });
  gateway = new Gateway(clone, hosts);
  for (const host of hosts)
    await clone.on(
      host,
      `modprobe macvlan && ${card("eth1", nodeAddress(host))} && ${card("eth2", dataAddress(host))} && ` +
        "sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2",
    );
  await gateway.nft(wires());
  clone.write("web.yml", stack);
}, 40 * minute);

afterAll(async () => {
  await clone.npm("destroy", ["--yes", ...site]);
  await clone.clear();
}, 20 * minute);

describe("machines behind address translation", () => {
  it(
    "do not become a swarm while a way between two of them is closed: who, which way, which rule",
    async () => {
      declare();
      const [from, to] = ["worker-1", "worker-2"].map(nodeAddress);
      await close(`ip saddr ${from ?? ""} ip daddr ${to ?? ""} tcp dport 7946`);
      const reason = `network: 7946/tcp from worker-1 to worker-2 (${to ?? ""}) does not get there; expected a rule that lets it in from ${from ?? ""}.`;
      const { code, stdout, stderr } = await clone.npm("up", ["--yes", "--skip-preview", ...site], {
        minutes: 30,
      });
      expect(code).not.toBe(0);
      expect(`${stdout}${stderr}`).toContain("it does not join, because it and the other nodes");
      expect(`${stdout}${stderr}`).toContain(reason);
      const nodes = (await clone.on("manager-1", "docker node ls --format '{{.Hostname}}'")).split(
        "\n",
      );
      expect(nodes).toContain("manager-1");
      expect(nodes.length).toBeLessThan(3);
      const checked = await check();
      expect([checked.code, checked.network.ways, checked.network.blocked]).toEqual([1, 6, 1]);
      expect(checked.hosts.flatMap(({ problems }) => problems)).toEqual([
        expect.stringContaining(reason),
      ]);
    },
    40 * minute,
  );

  it(
    "are a swarm once it is open, by the addresses of their other cards",
    async () => {
      await close();
      declare({ "swarm:stacks": { site: { file: "web.yml" } } });
      const said = await clone.npmOk("up", ["--yes", "--skip-preview", ...site], { minutes: 20 });
      expect(said).toContain("manager-1 has a data path of its own");
      const format =
        "{{.Description.Hostname}} {{.Status.State}} {{.Status.Addr}} {{with .ManagerStatus}}{{.Addr}}{{end}}";
      const line = `docker node inspect --format '${format}' $(docker node ls -q)`;
      const nodes = (await clone.on("manager-1", line)).split("\n").map((text) => text.trim());
      expect(nodes.sort()).toEqual([
        `manager-1 ready ${nodeAddress("manager-1")} ${nodeAddress("manager-1")}:2377`,
        `worker-1 ready ${nodeAddress("worker-1")}`,
        `worker-2 ready ${nodeAddress("worker-2")}`,
      ]);
      for (const host of hosts) {
        const state = await clone.on(host, "cat /var/lib/docker/swarm/docker-state.json");
        expect(JSON.parse(state)).toMatchObject({ DataPathAddr: dataAddress(host) });
      }
      await clone.npmOk("preview", ["--diff", "--expect-no-changes", ...site]);
      const status = await clone.npmOk("status", site);
      for (const host of hosts) expect(status).toMatch(new RegExp(`${host} .*ready`));
      // Once, for all of them.
      const url = `http://${gateway.plan.gateway}:${published}`;
      expect(status.match(new RegExp(`${url} +200 OK`, "g"))).toHaveLength(1);
    },
    40 * minute,
  );

  it(
    "answer for a service on each node, and what containers say goes over the third card alone",
    async () => {
      const before = await counted("overlay-data");
      for (const host of hosts) {
        const ask = `exec 3<>/dev/tcp/${nodeAddress(host)}/${published}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;
        expect(await clone.on(host, "timeout", "30", "bash", "-c", ask)).toContain("200 OK");
      }
      expect(await counted("overlay-data")).toBeGreaterThan(before);
      const asked = "docker exec $(docker ps -q --filter name=site_client) wget -qO- http://web/";
      expect(await clone.on("worker-1", asked)).toContain("nginx");
      expect(await counted("overlay-nodes")).toBe(0);
    },
    15 * minute,
  );

  it(
    "are looked through at any time: all ways in seconds, or what is closed, ESP too",
    async () => {
      const open = await check();
      expect(open.hosts.flatMap(({ problems }) => problems)).toEqual([]);
      expect([open.code, open.network.ways, open.network.blocked]).toEqual([0, 6, 0]);
      console.log(`6 ways between 3 machines: ${open.network.seconds} s`);
      const [from, to] = ["manager-1", "worker-1"].map(dataAddress);
      await close(`ip saddr ${from ?? ""} ip daddr ${to ?? ""} ip protocol esp`);
      const closed = await check();
      expect([closed.code, closed.network.blocked]).toEqual([1, 1]);
      expect(closed.hosts.flatMap(({ problems }) => problems)).toEqual([
        expect.stringContaining(
          `network: protocol 50 (ESP) from manager-1 to worker-1 (${to ?? ""}) does not get there; expected a rule that lets it in from ${from ?? ""}.`,
        ),
      ]);
      await close();
    },
    15 * minute,
  );
});
