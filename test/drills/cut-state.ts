import type { Config, Network, Node, Secret, Service, Swarm, Task, Volume } from "@docker/node-sdk";
import type { Machine } from "../../hosts/machine";

/** How often each part of the declaration was changed; a change of a part makes its calls happen again. */
export interface Generations {
  /** What no task uses: a secret, a config, a network, a volume, labels of nodes and of the swarm. */
  readonly objects: number;
  /** A service with its secret and its config, and another one that comes and goes. */
  readonly services: number;
  /** The machine's users, kernel settings and /etc/hosts. */
  readonly host: number;
  /** The engine's daemon.json. */
  readonly engine: number;
}

/** The program of the stack: everything follows from the generations in story.json. */
export const program = `import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster } from "./components/cluster";
import type { MachineSource } from "./components/cluster-args";
import { onCluster } from "./components/on-cluster";
import { providerArgs } from "./components/provider-args";
import { Config } from "./resources/config";
import { Network } from "./resources/network";
import { Provider } from "./resources/provider";
import { Secret } from "./resources/secret";
import { Service } from "./resources/service";
import { Volume } from "./resources/volume";
import { readSettings } from "./settings";

const settings = readSettings();

function boot(machines: MachineSource): void {
  const provider = new Provider("lab-provider", providerArgs(settings));
  machines.make("lab", (...dependsOn) => ({ provider, dependsOn }));
}

function deploy({ objects, services, host }: Record<string, number>): void {
  const cluster = new Cluster("cluster", settings, {
    transformations: [
      ({ type, props, opts }) =>
        type === "swarm:index:Host"
          ? {
              props: {
                ...props,
                addresses: { ...props.addresses, store: "192.0.2." + (host % 250 + 1) },
                users: { [host % 2 === 0 ? "ann" : "bob"]: {} },
                sysctls: { "net.ipv4.ip_forward": "1", "vm.max_map_count": String(262144 + host) },
              },
              opts,
            }
          : undefined,
    ],
  });
  const at = onCluster(cluster);
  const labels = { generation: String(objects) };
  new Secret("loose", { value: "loose " + objects }, at);
  new Secret("marked", { value: "the same", labels }, at);
  new Config("loose", { value: "loose " + objects }, at);
  new Config("marked", { value: "the same", labels }, at);
  new Network("side", { labels, attachable: objects % 2 === 0 }, at);
  new Volume("spare", { name: "spare-" + objects, host: "manager-1", deleteData: true }, at);
  const net = new Network("net", {}, at);
  const data = new Volume("data", { host: "manager-1" }, at);
  const token = new Secret("token", { value: "token " + services }, at);
  const page = new Config("page", { value: "page " + services }, at);
  const common = { image: "busybox", args: ["sleep", "infinity"], stopSignal: "SIGKILL", convergeTimeout: "2m" };
  const needs = onCluster(cluster, net, data);
  new Service("web", {
    ...common,
    env: { GENERATION: String(services) },
    networks: [{ target: net.name }],
    secrets: [{ source: token.name, target: "token" }],
    configs: [{ source: page.name, target: "/page" }],
    mounts: [{ type: "volume", source: data.name, target: "/data" }],
    placement: { constraints: ["node.role == manager"] },
    updateConfig: { monitor: "1s" },
  }, needs);
  new Service("guest-" + (services % 2), { ...common, networks: [{ target: net.name }] }, needs);
}

if (settings.machines !== undefined) boot(settings.machines);
else deploy(JSON.parse(readFileSync(join(__dirname, "story.json"), "utf8")));
`;

/** What shows that the machine is as declared: names without the digits of their version. */
export interface Shown {
  readonly secrets: Record<string, string>;
  readonly configs: Record<string, string>;
  readonly networks: Record<string, string>;
  readonly volumes: Record<string, string>;
  readonly services: Record<string, string>;
  readonly running: Record<string, number>;
  readonly swarm: string;
  readonly node: string;
  readonly files: readonly string[];
}

/** What must be the same object as before, whatever was cut. */
export type Kept = Readonly<Record<"swarm" | "node" | "web" | "net" | "data", string>>;

/** The state that the program declares. */
export function declared({ objects, services, host, engine }: Generations): Shown {
  const marked = `generation=${objects}`;
  return {
    secrets: { loose: "", marked, token: "" },
    configs: { loose: `loose ${objects}`, marked: "the same", page: `page ${services}` },
    networks: { net: "", side: `${marked} attachable=${objects % 2 === 0}` },
    volumes: { data: "", [`spare-${objects}`]: "" },
    services: { [`guest-${services % 2}`]: "", web: `GENERATION=${services} secrets=1 configs=1` },
    running: { [`guest-${services % 2}`]: 1, web: 1 },
    swarm: marked,
    node: marked,
    files: [
      `daemon generation=${engine}`,
      `docker ${host % 2 === 0 ? "ann" : "bob"}`,
      `hosts 192.0.2.${(host % 250) + 1} store`,
      `sysctl vm.max_map_count = ${262144 + host}`,
    ],
  };
}

// What a run notes down for the next, and what a file is before it has its name, are named as they are found.
const FILES = `sed -n 's/.*"\\(generation=[0-9]*\\)".*/daemon \\1/p' /etc/docker/daemon.json
echo "docker $(getent group docker | cut -d: -f4)"
sed -n 's/\\(192\\.0\\.2\\.[0-9]* store\\)/hosts \\1/p' /etc/hosts
sed -n 's/^vm/sysctl vm/p' /etc/sysctl.d/90-swarm.conf
find /var/lib/swarm-preparation -mindepth 1 2>/dev/null
find /etc /root -xdev \\( -name '.swarm.*' -o -name 'daemon.json.*' -o -name '*.asc.new' \\)
true`;

/** Asks a manager, past the program. */
export async function look(machine: Machine): Promise<{ shown: Shown; kept: Kept }> {
  const ask = async <T>(path: string, filters?: object): Promise<T> =>
    machine.engine().request<T>("GET", path, filters === undefined ? {} : { query: { filters } });
  const [secrets, configs, networks, { Volumes }, services, tasks, swarm, nodes, files] =
    await Promise.all([
      ask<Secret[]>("/secrets"),
      ask<Config[]>("/configs"),
      ask<Network[]>("/networks", { driver: ["overlay"] }),
      ask<{ Volumes: Volume[] | null }>("/volumes"),
      ask<Service[]>("/services"),
      ask<Task[]>("/tasks", { "desired-state": ["running"] }),
      ask<Swarm>("/swarm"),
      ask<Node[]>("/nodes"),
      machine.script(FILES),
    ]);
  const own = networks.filter(({ Name }) => Name !== "ingress");
  const names = new Map(services.map(({ ID, Spec }) => [ID, Spec?.Name ?? ""]));
  const running = tasks.filter(({ Status }) => Status?.State === "running");
  return {
    shown: {
      secrets: table(secrets, ({ Spec }) => [bare(Spec?.Name), text(Spec?.Labels)]),
      configs: table(configs, ({ Spec }) => [
        bare(Spec?.Name),
        Buffer.from(Spec?.Data ?? "", "base64").toString(),
      ]),
      networks: table(own, ({ Name, Labels, Attachable }) => [
        Name ?? "",
        Name === "side" ? `${text(Labels)} attachable=${String(Attachable)}` : text(Labels),
      ]),
      volumes: table(Volumes ?? [], ({ Name, Labels }) => [Name, text(Labels)]),
      services: table(services, ({ Spec }) => {
        const { Env = [], Secrets, Configs } = Spec?.TaskTemplate?.ContainerSpec ?? {};
        const files = `secrets=${Secrets?.length ?? 0} configs=${Configs?.length ?? 0}`;
        return [Spec?.Name ?? "", Env.length === 0 ? "" : `${Env.join(" ")} ${files}`];
      }),
      running: running.reduce<Record<string, number>>((sum, { ServiceID = "" }) => {
        const name = names.get(ServiceID) ?? ServiceID;
        return { ...sum, [name]: (sum[name] ?? 0) + 1 };
      }, {}),
      swarm: text(swarm.Spec?.Labels),
      node: nodes
        .map(({ Spec }) => text(Spec?.Labels))
        .filter((labels) => labels !== "")
        .join(" and "),
      files: files.stdout.trim().split("\n").sort(),
    },
    kept: {
      swarm: swarm.ID ?? "",
      node: nodes.map(({ ID }) => ID).join(" and "),
      web: services.find(({ Spec }) => Spec?.Name === "web")?.ID ?? "",
      net: own.find(({ Name }) => Name === "net")?.Id ?? "",
      data: (Volumes ?? []).find(({ Name }) => Name === "data")?.CreatedAt ?? "",
    },
  };
}

/** Two objects of one name, such as two versions of a secret, show as two values. */
function table<T>(
  items: readonly T[],
  row: (item: T) => readonly [string, string],
): Record<string, string> {
  const rows: Record<string, string> = {};
  for (const item of items) {
    const [name, value] = row(item);
    const before = rows[name];
    rows[name] = before === undefined ? value : `${before} and ${value}`;
  }
  return rows;
}

function bare(name = ""): string {
  return name.replace(/-[0-9a-f]{8}$/, "");
}

function text(labels: Readonly<Record<string, string>> | null | undefined): string {
  return Object.entries(labels ?? {})
    .filter(([name]) => name === "generation")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
