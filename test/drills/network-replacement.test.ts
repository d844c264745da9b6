/**
 * Networks with services on them: made with everything that can be said, replaced under their services, taken over,
 * refused, used by somebody else, out of addresses, changed by hand.
 *
 * Does not prove: encryption (network-encryption), drivers other than overlay, Windows nodes.
 */
import { cloneOf, inside, minute, refused, setProgram, up } from "./story";

const clone = cloneOf("network-replacement", {
  hosts: ["manager-1: { role: manager }", "worker-1: { role: worker }"],
  // Room for the routing mesh's network and for one more.
  settings: [
    'swarm:settings: { defaultAddrPool: ["10.60.0.0/23"], defaultAddrPoolMaskLength: 24 }',
  ],
});

interface Declared {
  readonly subnet?: string;
  readonly more?: string;
}

/** Two services on one network, and whatever else the story needs. */
function declare({ subnet = "10.61.0.0/24", more = "" }: Declared = {}): void {
  const base = subnet.replace(/\.0\/.*/, "");
  setProgram(
    clone,
    `  const front = new Network("front", {
    attachable: true, driverOpts: { "com.docker.network.driver.mtu": "1300" }, labels: { tier: "web" },
    subnets: [{ subnet: "${subnet}", gateway: "${base}.9", ipRange: "${base}.128/25" }],
  }, onCluster(cluster));
  const both = (name: string, image: string, constraint: string): void => {
    new Service(name, {
      image, stopSignal: "SIGKILL", replicas: 1, convergeTimeout: "3m",
      ...(image === "busybox" ? { args: ["sleep", "infinity"] } : {}),
      networks: [{ target: front.name }], placement: { constraints: [constraint] },
    }, onCluster(cluster));
  };
  both("server", "nginx", "node.role == manager");
  both("client", "busybox", "node.role == worker");
${more}`,
  );
}

async function inspect(network: string): Promise<Record<string, unknown>> {
  const found = JSON.parse(
    await clone.on("manager-1", "docker", "network", "inspect", network),
  ) as [Record<string, unknown>];
  return found[0];
}

it(
  "is made as declared, and its services reach each other across hosts",
  async () => {
    declare();
    await up(clone);
    const { Attachable, Options, Labels, IPAM } = await inspect("front");
    expect({ Attachable, Labels, IPAM }).toMatchObject({
      Attachable: true,
      Labels: { tier: "web" },
      IPAM: {
        Config: [{ Subnet: "10.61.0.0/24", Gateway: "10.61.0.9", IPRange: "10.61.0.128/25" }],
      },
    });
    expect(Options).toMatchObject({ "com.docker.network.driver.mtu": "1300" });
    expect(await inside(clone, "client", "wget -qO- http://server")).toContain("nginx");
    expect(await inside(clone, "client", "ip -4 addr")).toMatch(
      /inet 10\.61\.0\.(12[89]|1[3-9]\d|2\d\d)\//,
    );
    expect(await clone.planned()).toEqual([]);
  },
  30 * minute,
);

it(
  "is replaced under its services: they go, it goes, it comes back, they come back",
  async () => {
    declare({ subnet: "10.62.0.0/24" });
    const planned = await clone.planned();
    expect(planned.filter((step) => step.startsWith("replace"))).toEqual([
      expect.stringMatching(/^replace client/),
      expect.stringMatching(/^replace front subnets\[0\]/),
      expect.stringMatching(/^replace server/),
    ]);
    await up(clone);
    expect(await inside(clone, "client", "wget -qO- http://server")).toContain("nginx");
    expect(await inside(clone, "client", "ip -4 addr")).toContain("inet 10.62.0.");
    const networks = await clone.on(
      "manager-1",
      "docker network ls -q --filter driver=overlay --filter name=front",
    );
    expect(networks.split("\n")).toHaveLength(1);
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "takes over a network that is as declared, and refuses one that is not",
  async () => {
    await clone.on(
      "manager-1",
      "docker network create -d overlay --label by=hand --subnet 10.63.0.0/24 found",
    );
    const { Id } = await inspect("found");
    const found = (subnet: string): string =>
      `  new Network("found", { labels: { by: "hand" }, subnets: [{ subnet: "${subnet}" }] }, onCluster(cluster));\n`;
    declare({ subnet: "10.62.0.0/24", more: found("10.64.0.0/24") });
    expect(await refused(clone)).toContain(
      'network "found" exists already and differs in subnets[0]',
    );
    declare({ subnet: "10.62.0.0/24", more: found("10.63.0.0/24") });
    expect(await up(clone)).toContain('network "found" exists already: taken over');
    expect(await inspect("found")).toMatchObject({ Id });
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "waits for whoever uses it when it is to go, and names who does not leave",
  async () => {
    await clone.on(
      "manager-1",
      "docker service create -d --name foreign --network found --stop-signal KILL busybox sleep infinity",
    );
    declare({ subnet: "10.62.0.0/24" });
    expect(await refused(clone)).toMatch(
      /network "found" cannot be removed: still used by service foreign after 90s/,
    );
    // Docker lets go of a network only some time after the service: that is waited for.
    await clone.on("manager-1", "docker", "service", "rm", "foreign");
    await up(clone);
    const names = await clone.on(
      "manager-1",
      "docker network ls --filter driver=overlay --format '{{.Name}}'",
    );
    expect(names.split("\n").sort()).toEqual(["front", "ingress"]);
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "refuses ranges that another network, or a node, has, before anything is made",
  async () => {
    const more = `  new Network("over", { subnets: [{ subnet: "10.62.0.128/25" }] }, onCluster(cluster));
  new Network("site", { subnets: [{ subnet: "198.18.0.0/15" }] }, onCluster(cluster));
`;
    declare({ subnet: "10.62.0.0/24", more });
    const output = await refused(clone);
    expect(output).toContain(
      '"10.62.0.128/25", which overlaps with 10.62.0.0/24 of network "front"',
    );
    expect(output).toMatch(
      /"198\.18\.0\.0\/15", in which node manager-1 has its address 198\.1[89]\./,
    );
    const names = await clone.on(
      "manager-1",
      "docker network ls --filter driver=overlay --format '{{.Name}}'",
    );
    expect(names.split("\n").sort()).toEqual(["front", "ingress"]);
  },
  20 * minute,
);

it(
  "says at preview what could never work",
  async () => {
    const more = `  new Network("wrong", { subnets: [
    { subnet: "10.70.0.0/24", gateway: "10.71.0.1", auxAddresses: { printer: "10.70.0.7" } },
    { subnet: "10.70.0.0/25" }, { subnet: "10.72.0.3/24" }, { subnet: "fd00:10::/64" },
  ] }, onCluster(cluster));
`;
    declare({ subnet: "10.62.0.0/24", more });
    const { code, stdout, stderr } = await clone.npm("preview");
    expect(code).not.toBe(0);
    for (const text of [
      'subnets[0].gateway: got "10.71.0.1"; expected an address within 10.70.0.0/24',
      "subnets[0].auxAddresses: Docker does not keep these",
      'subnets[1].subnet: got "10.70.0.0/25", which overlaps with "10.70.0.0/24" of subnets[0]',
      'subnets[2].subnet: got "10.72.0.3/24"; expected an address range',
      'subnets[3].subnet: got the IPv6 range "fd00:10::/64" in a network without IPv6',
    ])
      expect(`${stdout}${stderr}`).toContain(text);
  },
  10 * minute,
);

it(
  "says that the swarm's address pool is used up, and leaves no network without addresses",
  async () => {
    const more = `  const last = new Network("last", {}, onCluster(cluster));
  new Network("late", {}, onCluster(cluster, last));
`;
    declare({ subnet: "10.62.0.0/24", more });
    expect(await refused(clone)).toContain(
      'network "late" got no addresses within 20s and is removed again',
    );
    const names = await clone.on(
      "manager-1",
      "docker network ls --filter driver=overlay --format '{{.Name}}'",
    );
    expect(names.split("\n").sort()).toEqual(["front", "ingress", "last"]);
  },
  20 * minute,
);

it(
  "gives IPv6 addresses beside the others, and cuts a network off from the outside",
  async () => {
    const more = `  const six = new Network("six", { ipv6: true, internal: true,
    subnets: [{ subnet: "10.65.0.0/24" }, { subnet: "fd00:65::/64" }] }, onCluster(cluster));
  new Service("six", { image: "busybox", args: ["sleep", "infinity"], stopSignal: "SIGKILL",
    networks: [{ target: six.name }] }, onCluster(cluster));
`;
    declare({ subnet: "10.62.0.0/24", more });
    await up(clone);
    expect(await inspect("six")).toMatchObject({ EnableIPv6: true, Internal: true });
    expect(await inside(clone, "six", "ip -4 addr")).toContain("inet 10.65.0.");
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "is seen to be gone, and made again",
  async () => {
    declare({ subnet: "10.62.0.0/24", more: '  new Network("lone", {}, onCluster(cluster));\n' });
    await up(clone);
    await clone.on("manager-1", "docker", "network", "rm", "lone");
    expect(await clone.planned()).toEqual(["create lone"]);
    await up(clone);
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);
