import type { types } from "@pulumi/command";
import { isSecret, output } from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import { inLab } from "../../components/lab";
import { endpointsOn } from "../../components/on-cluster";
import { dockerProvider } from "../../components/docker-provider";
import { Recorder, valueOf } from "./recorder";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL";

let engine: Recorder;

beforeEach(async () => {
  engine = new Recorder();
  await engine.start();
});

const labHosts = {
  "worker-3": { role: "worker" },
  "manager-2": { role: "manager", memory: "1GiB" },
  "manager-1": { role: "manager", labels: { tier: "db" }, availability: "drain" },
} as const;

describe("Cluster in a lab", () => {
  it("names every child after the host it is for, and is the parent of all", async () => {
    new Cluster("cluster", inLab({ lab: {}, hosts: labHosts }));
    const all = await engine.all();
    expect([...all].map(([name, { path }]) => `${path} ${name}`).sort()).toEqual([
      "swarm:index:Cluster cluster",
      "swarm:index:Cluster$pulumi:providers:swarm cluster-provider",
      "swarm:index:Cluster$swarm:index:Host cluster-host-manager-1",
      "swarm:index:Cluster$swarm:index:Host cluster-host-manager-2",
      "swarm:index:Cluster$swarm:index:Host cluster-host-worker-3",
      "swarm:index:Cluster$swarm:index:LabMachine cluster-machine-manager-1",
      "swarm:index:Cluster$swarm:index:LabMachine cluster-machine-manager-2",
      "swarm:index:Cluster$swarm:index:LabMachine cluster-machine-worker-3",
      "swarm:index:Cluster$swarm:index:LabServices cluster-lab",
      "swarm:index:Cluster$swarm:index:Node cluster-node-manager-1",
      "swarm:index:Cluster$swarm:index:Node cluster-node-manager-2",
      "swarm:index:Cluster$swarm:index:Node cluster-node-worker-3",
      "swarm:index:Cluster$swarm:index:Quorum cluster-quorum",
      "swarm:index:Cluster$swarm:index:Swarm cluster-swarm",
    ]);
  });

  it("sends every child through the one provider", async () => {
    new Cluster("cluster", inLab({ lab: {}, hosts: labHosts }));
    const children = [...(await engine.all()).values()].filter(
      ({ type }) => type.startsWith("swarm:index:") && type !== "swarm:index:Cluster",
    );
    expect(new Set(children.map(({ provider }) => provider))).toEqual(
      new Set(["cluster-provider"]),
    );
  });

  it("makes the swarm on the first manager, adds managers one by one, then workers", async () => {
    new Cluster("cluster", inLab({ lab: {}, hosts: labHosts }));
    const order = async (name: string) => (await engine.find(name)).dependsOn;
    expect((await engine.find("cluster-swarm")).inputs).toEqual({
      host: "manager-1",
      advertiseAddr: "198.51.100.1",
    });
    expect(await order("cluster-machine-manager-1")).toEqual(["cluster-lab"]);
    expect(await order("cluster-swarm")).toEqual([
      "cluster-host-manager-1",
      "cluster-machine-manager-1",
    ]);
    expect(await order("cluster-node-manager-2")).toEqual([
      "cluster-host-manager-2",
      "cluster-machine-manager-2",
      "cluster-node-manager-1",
      "cluster-quorum",
      "cluster-swarm",
    ]);
    expect(await order("cluster-node-worker-3")).toEqual([
      "cluster-host-worker-3",
      "cluster-machine-worker-3",
      "cluster-node-manager-2",
      "cluster-quorum",
      "cluster-swarm",
    ]);
    expect(await order("cluster-quorum")).toEqual(["cluster-swarm"]);
    expect((await engine.find("cluster-quorum")).inputs).toEqual({
      managers: ["manager-1", "manager-2"],
      workers: ["worker-3"],
    });
  });

  it("hands each machine its memory, each host all addresses and the lab's sources, each node its declaration", async () => {
    new Cluster(
      "cluster",
      inLab({
        lab: { memory: "2GiB" },
        hosts: {
          ...labHosts,
          "manager-1": { ...labHosts["manager-1"], engine: { version: "28.5" } },
        },
        engine: { version: "26.1.5" },
      }),
    );
    expect((await engine.find("cluster-lab")).inputs).toEqual({
      image: "centos",
      engines: ["26.1.5", "28.5"],
    });
    expect((await engine.find("cluster-machine-manager-1")).inputs).toEqual({
      host: "manager-1",
      memory: "2GiB",
    });
    expect((await engine.find("cluster-machine-manager-2")).inputs).toEqual({
      host: "manager-2",
      memory: "1GiB",
    });
    expect((await engine.find("cluster-host-worker-3")).inputs).toEqual({
      host: "worker-3",
      addresses: {
        "manager-1": "198.51.100.1",
        "manager-2": "198.51.100.2",
        "worker-3": "198.51.100.3",
      },
      engine: {
        version: "26.1.5",
        repository: "http://198.51.100.1:8000",
        repositoryKey: false,
        registryMirrors: ["http://198.51.100.1:5000"],
      },
      firewall: { role: "worker" },
    });
    expect((await engine.find("cluster-node-manager-1")).inputs).toEqual({
      host: "manager-1",
      role: "manager",
      labels: { tier: "db" },
      availability: "drain",
      advertiseAddr: "198.51.100.1",
    });
  });

  it("prepares each host as all shall be, with what it has of its own over it", async () => {
    const args = inLab({
      lab: {},
      host: { packages: ["gcc"], users: { hadoop: { uid: 1500 } }, modules: ["nvme_tcp"] },
      engine: { version: "26.1", daemon: { debug: true }, labels: { zone: "a" } },
      firewall: { ports: ["9100/tcp"] },
      hosts: {
        "manager-1": { role: "manager" },
        "worker-2": {
          role: "worker",
          hostname: "worker-2.example.org",
          packages: ["jq"],
          swap: false,
          engine: {
            version: "28.5",
            labels: { disk: "ssd" },
            daemon: output({ mtu: 1400 }),
            registryMirrors: ["https://mirror.example.org"],
          },
          firewall: false,
        },
      },
    });
    new Cluster("cluster", args);
    const addresses = {
      "manager-1": "198.51.100.1",
      "worker-2": "198.51.100.2",
      "worker-2.example.org": "198.51.100.2",
    };
    const common = {
      users: { hadoop: { uid: 1500 } },
      modules: ["br_netfilter", "ip_vs", "overlay", "vxlan", "nvme_tcp"],
    };
    const source = { repository: "http://198.51.100.1:8000", repositoryKey: false };
    expect((await engine.find("cluster-host-manager-1")).inputs).toEqual({
      host: "manager-1",
      addresses,
      ...common,
      packages: ["gcc"],
      engine: {
        ...source,
        version: "26.1",
        labels: { zone: "a" },
        daemon: { debug: true },
        registryMirrors: ["http://198.51.100.1:5000"],
      },
      firewall: { role: "manager", ports: ["9100/tcp"] },
    });
    expect((await engine.find("cluster-host-worker-2")).inputs).toEqual({
      host: "worker-2",
      addresses,
      hostname: "worker-2.example.org",
      ...common,
      packages: ["gcc", "jq"],
      swap: false,
      engine: {
        ...source,
        version: "28.5",
        labels: { zone: "a", disk: "ssd" },
        daemon: { debug: true, mtu: 1400 },
        registryMirrors: ["https://mirror.example.org"],
      },
      firewall: false,
    });
  });

  it("keeps the swarm's tokens and its unlock key secret", async () => {
    new Cluster("cluster", inLab({ lab: {}, hosts: labHosts }));
    expect((await engine.find("cluster-swarm")).secretOutputs).toEqual([
      "workerToken",
      "managerToken",
      "unlockKey",
    ]);
  });

  it("tells role and address of each node", async () => {
    const cluster = new Cluster("cluster", inLab({ lab: {}, hosts: labHosts }));
    expect(await valueOf(cluster.summary)).toEqual({
      "manager-1": { role: "manager", address: "198.51.100.1" },
      "manager-2": { role: "manager", address: "198.51.100.2" },
      "worker-3": { role: "worker", address: "198.51.100.3" },
    });
  });

  it("fails to hand out a connection, and names the way in", () => {
    const cluster = new Cluster("cluster", inLab({ lab: {}, hosts: labHosts }));
    expect(() => cluster.connection("manager-1")).toThrow(
      "hosts.manager-1: got no address and hostKey; expected both, to connect from outside the provider. " +
        "For a machine of the lab use `npm run lab -- ssh manager-1`.",
    );
  });

  it("fails without a manager", () => {
    expect(
      () => new Cluster("cluster", inLab({ lab: {}, hosts: { a: { role: "worker" } } })),
    ).toThrow("hosts: got no manager; expected one at least");
  });
});

describe("Cluster on machines that exist", () => {
  const args = {
    ssh: { user: "admin", privateKey: "key", passphrase: "phrase" },
    hosts: {
      "web-1": {
        role: "manager",
        address: "203.0.113.11",
        hostKey: `${hostKey}\n${hostKey}`,
        advertiseAddr: "eth1",
        dataPathAddr: "eth2",
        engine: { labels: { disk: "ssd" } },
        ssh: {
          port: 2222,
          sudoPassword: "sudo",
          jump: { address: "203.0.113.10", hostKey, password: "jump" },
        },
      },
    },
    engine: { insecureRegistries: ["203.0.113.0/24"], daemon: { debug: true } },
    firewall: { source: "members", ports: ["9100/tcp"] },
    settings: { certExpiry: "720h", dataPathPort: 7789, defaultAddrPool: ["10.20.0.0/16"] },
    protect: true,
  } as const;

  it("gives the provider every log-in, with keys and passwords marked and nothing else", async () => {
    new Cluster("cluster", args);
    expect((await engine.find("cluster-provider")).inputs).toEqual({
      ssh: { user: "admin", privateKey: { secret: "key" }, passphrase: { secret: "phrase" } },
      hosts: {
        "web-1": {
          role: "manager",
          address: "203.0.113.11",
          hostKey: `${hostKey}\n${hostKey}`,
          port: 2222,
          sudoPassword: { secret: "sudo" },
          jump: { address: "203.0.113.10", hostKey, password: { secret: "jump" } },
        },
      },
    });
  });

  it("is reached at an address once, however many hosts are behind it", async () => {
    const behind = (address: string, port: number, advertiseAddr: string) =>
      ({ role: "manager", address, hostKey, advertiseAddr, ssh: { port } }) as const;
    const hosts = {
      a: behind("203.0.113.11", 2201, "10.0.0.1"),
      b: behind("203.0.113.11", 2202, "10.0.0.2"),
      c: behind("203.0.113.12", 22, "10.0.0.3"),
    };
    const cluster = new Cluster("cluster", { ...args, hosts });
    expect(await valueOf(endpointsOn(cluster, 80))).toEqual([
      "http://203.0.113.11",
      "http://203.0.113.12",
    ]);
  });

  it("uses the declared addresses, settings and engine, and boots nothing", async () => {
    new Cluster("cluster", args);
    expect((await engine.find("cluster-swarm")).inputs).toEqual({
      host: "web-1",
      advertiseAddr: "eth1",
      dataPathAddr: "eth2",
      certExpiry: "720h",
      dataPathPort: 7789,
      defaultAddrPool: ["10.20.0.0/16"],
    });
    expect((await engine.find("cluster-host-web-1")).inputs).toEqual({
      host: "web-1",
      addresses: { "web-1": "203.0.113.11" },
      interfaces: { "web-1": ["eth1", "eth2"] },
      engine: {
        insecureRegistries: ["203.0.113.0/24"],
        daemon: { debug: true },
        labels: { disk: "ssd" },
      },
      firewall: { role: "manager", source: "members", dataPathPort: 7789, ports: ["9100/tcp"] },
    });
    expect([...(await engine.all()).keys()].filter((name) => name.includes("lab"))).toEqual([]);
  });

  it("leaves the firewall alone where it is told to", async () => {
    new Cluster("cluster", { ...args, firewall: false });
    expect((await engine.find("cluster-host-web-1")).inputs).toMatchObject({ firewall: false });
  });

  it("protects hosts, swarm and nodes", async () => {
    new Cluster("cluster", args);
    const all = [...(await engine.all())];
    expect(all.filter(([, { protect }]) => protect).map(([name]) => name)).toEqual([
      "cluster-host-web-1",
      "cluster-swarm",
      "cluster-node-web-1",
    ]);
  });

  it("hands @pulumi/command a connection with the host key, secrets marked", async () => {
    const cluster = new Cluster("cluster", args);
    const accepted: types.input.remote.ConnectionArgs = cluster.connection("web-1");
    const { privateKey, ...connection } = accepted;
    expect(connection).toEqual({
      host: "203.0.113.11",
      hostKey,
      user: "admin",
      port: 2222,
      privateKeyPassword: expect.anything() as unknown,
      proxy: {
        host: "203.0.113.10",
        hostKey,
        user: "root",
        port: 22,
        password: expect.anything() as unknown,
      },
    });
    expect(await isSecret(output(privateKey))).toBe(true);
  });

  it("hands @pulumi/docker a provider that checks the host key", async () => {
    dockerProvider("edge", new Cluster("cluster", args), "web-1");
    expect((await engine.find("edge")).inputs).toEqual({
      host: "ssh://admin@203.0.113.11:2222",
      sshOpts: JSON.stringify([
        "-o",
        `KnownHostsCommand=/bin/echo 203.0.113.11 ${hostKey}`,
        "-o",
        "HostKeyAlias=203.0.113.11",
        "-o",
        "StrictHostKeyChecking=yes",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "GlobalKnownHostsFile=/dev/null",
      ]),
    });
  });

  it("hands @pulumi/docker an IPv6 address in brackets", async () => {
    const web = { ...args.hosts["web-1"], address: "fd00::10" };
    const cluster = new Cluster("v6", { ...args, hosts: { ...args.hosts, "web-1": web } });
    dockerProvider("edge-v6", cluster, "web-1");
    expect((await engine.find("edge-v6")).inputs).toMatchObject({
      host: "ssh://admin@[fd00::10]:2222",
      sshOpts: expect.stringContaining("HostKeyAlias=fd00::10") as unknown,
    });
  });

  it("fails for a host that it does not have", () => {
    const cluster = new Cluster("cluster", args);
    expect(() => cluster.connection("web-2")).toThrow('got host "web-2"; expected one of web-1');
  });
});
