/**
 * A swarm that was made with Docker's own commands, two stacks and services of none on it, is written down by `npm run
 * adopt` and taken over: nothing of it is changed, no task restarts, and the next preview is empty.
 *
 * Does not prove: engines from other packages than docker-ce's; several managers; a person who confirms keys at a
 * terminal.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "../e2e/clone";
import { Rack, site } from "./rack";
import { minute } from "./story";

const clone = new Clone("adopt");
const rack = new Rack(clone, { "manager-1": "manager", "worker-1": "worker" });

/** Everything up to engines, and no swarm. */
const enginesOnly = ["", "-provider", "-lab", "-machine-*", "-host-*"].flatMap((name) => [
  "--target",
  `**::cluster${name}`,
]);

const shop = `version: "3.8"
services:
  web:
    image: nginx
    ports: ["8080:80"]
    environment: { PRICE: "5$$", EMPTY: "", "YES": "yes" }
    configs:
      - { source: page, target: /usr/share/nginx/html/index.html }
      - { source: bytes, target: /bytes, mode: 0440 }
    secrets: [token]
    networks: { front: { aliases: [shop] } }
    healthcheck: { test: "true", interval: 20s }
    deploy:
      replicas: 2
      update_config: { order: start-first, parallelism: 2 }
      labels: { team: "1" }
  clock:
    image: busybox
    command: sh -c 'while true; do sleep 1; done'
    stop_signal: SIGKILL
    volumes: [data:/data, /tmp:/host:ro]
    deploy: { placement: { constraints: [node.role == manager] } }
networks: { front: { attachable: true, ipam: { config: [{ subnet: 10.77.0.0/24 }] } } }
volumes: { data: {} }
configs: { page: { file: ./page.html }, bytes: { file: ./bytes } }
secrets: { token: { file: ./token.txt } }
`;

const tools = `version: "3.8"
services:
  every:
    image: busybox
    command: sleep 100000
    stop_signal: SIGKILL
    networks: [plain]
    deploy: { mode: global, resources: { limits: { memory: 32M, cpus: "0.2" } } }
networks: { plain: { external: true } }
`;

/** Docker's own commands, a line each. */
const byHand = [
  "docker node update --label-add tier=db worker-1",
  "docker swarm update --task-history-limit 3",
  "docker network create --driver overlay --attachable plain",
  "docker network create --driver overlay lonely",
  "printf secret | docker secret create plain-secret -",
  "printf text | docker config create plain-config -",
  "cd shop && docker stack deploy --detach=false -c shop.yml shop",
  "cd shop && docker stack deploy --detach=false -c tools.yml tools",
  "docker service create --quiet --name lone --network plain --secret plain-secret --config source=plain-config,target=/c --env 'A=a b' --stop-signal SIGKILL --label owner=me --publish 9000:80 nginx",
  "docker service create --quiet --name odd --network lonely --mount type=tmpfs,target=/t,tmpfs-mode=700 --stop-signal SIGKILL busybox sleep 100000",
];

beforeAll(async () => {
  await clone.make();
  await rack.boot({ memory: "900MiB", image: "debian" });
  await clone.npmOk("up", ["--yes", "--skip-preview", ...enginesOnly], { minutes: 30 });
  await buildByHand();
}, 50 * minute);

afterAll(() => clone.clear(), 15 * minute);

async function buildByHand(): Promise<void> {
  const address = rack.addressOf("manager-1");
  const on = (host: string, line: string): Promise<string> => clone.on(host, line);
  await on("manager-1", `docker swarm init --advertise-addr ${address}`);
  const token = await on("manager-1", "docker swarm join-token -q worker");
  const own = rack.addressOf("worker-1");
  await on(
    "worker-1",
    `docker swarm join --token ${token} --advertise-addr ${own} ${address}:2377`,
  );
  const files = {
    "shop.yml": Buffer.from(shop),
    "tools.yml": Buffer.from(tools),
    "page.html": Buffer.from("<h1>one</h1>\n"),
    "token.txt": Buffer.from("first"),
    bytes: Buffer.from([0, 255, 1, 254]),
  };
  for (const [name, content] of Object.entries(files))
    await on(
      "manager-1",
      `mkdir -p shop && echo ${content.toString("base64")} | base64 -d > shop/${name}`,
    );
  for (const line of byHand) await on("manager-1", line);
}

/** Id and version of everything in the swarm, and the tasks that run. */
async function inventory(): Promise<string> {
  const version = "{{.ID}} {{.Version.Index}}";
  const lines = [
    `docker service ls -q | xargs docker service inspect --format '{{.Spec.Name}} ${version}' | sort`,
    "docker service ls -q | xargs docker service ps -q --filter desired-state=running | sort",
    `docker node ls -q | xargs docker node inspect --format '{{.Description.Hostname}} {{json .Spec}} {{.ID}}' | sort`,
    "docker network ls --filter scope=swarm --format '{{.ID}} {{.Name}}' | sort",
    `docker config ls -q | xargs docker config inspect --format '{{.Spec.Name}} ${version}' | sort`,
    `docker secret ls -q | xargs docker secret inspect --format '{{.Spec.Name}} ${version}' | sort`,
    "docker info --format '{{.Swarm.Cluster.ID}}'",
  ];
  return clone.on("manager-1", lines.join("; "));
}

/** When the engines started. */
async function engines(): Promise<string[]> {
  const since = "systemctl show docker --property ActiveEnterTimestampMonotonic";
  return Promise.all(["manager-1", "worker-1"].map((host) => clone.on(host, since)));
}

function read(path: string): string {
  return readFileSync(join(clone.directory, path), "utf8");
}

function adoption(...hosts: readonly ("manager-1" | "worker-1")[]): string[] {
  const keys = hosts.map((host) => rack.hosts(host)[host]?.hostKey ?? "");
  return [
    ...[...site, "--manager", rack.addressOf("manager-1")],
    ...["--identity", join(clone.directory, ".swarm", "lab", "id_ed25519")],
    ...keys.flatMap((key) => ["--host-key", key]),
  ];
}

/** Files of the project that somebody wrote. */
function written(): string[] {
  const top = readdirSync(clone.directory).filter((name) => /^(Pulumi\.site|programs)/.test(name));
  const stacks = readdirSync(join(clone.directory, "stacks"), { recursive: true }).map(String);
  return [...top, ...stacks.filter((name) => name.startsWith("site"))];
}

describe("a swarm that Docker's own commands have made", () => {
  let before = "";

  it(
    "is not spoken to while its host key is nobody's word",
    async () => {
      before = await inventory();
      const here = written();
      const { code, stderr } = await clone.npm("adopt", adoption());
      expect(code).toBe(2);
      expect(stderr).toContain("nobody has confirmed its host key ssh-ed25519 SHA256:");
      expect(written()).toEqual(here);
    },
    5 * minute,
  );

  it(
    "is written down whole, and nothing of it is changed",
    async () => {
      const said = await clone.npmOk("adopt", adoption("manager-1", "worker-1"));
      expect(said).toContain(
        "service odd: a stack file cannot say its mounts[0].tmpfsMode; it is in a program",
      );
      expect(said).not.toMatch(/first up does there|refuses/);
      expect(await inventory()).toBe(before);
      expect(readFileSync(join(clone.directory, "stacks/site/shop/bytes"))).toEqual(
        Buffer.from([0, 255, 1, 254]),
      );
      expect(read("Pulumi.site.yaml")).toContain("taskHistoryLimit: 3");
      expect(read("stacks/site/shop.yml")).toContain("PRICE: 5$$");
      expect(read("stacks/site/unsorted.yml")).not.toContain("com.docker.stack");
    },
    10 * minute,
  );

  it(
    "is taken over without a restart, and then there is nothing to change",
    async () => {
      const key = `config:\n  swarm:ssh: { privateKey: ${JSON.stringify(rack.privateKey)} }\n`;
      clone.edit("Pulumi.site.yaml", "config:\n", key);
      const started = await engines();
      const { code, stdout, stderr } = await clone.npm("preview", site);
      const preview = stdout + stderr;
      expect([code, code === 0 ? "" : preview]).toEqual([0, ""]);
      for (const name of ["shop_web", "shop_clock", "tools_every"])
        expect(preview).toContain(
          `service "${name}" was made by docker stack deploy: taken over as it is`,
        );
      for (const name of ["lone", "odd"])
        expect(preview).toContain(`service "${name}" exists already: taken over as it is`);
      expect(preview).not.toContain("is under this stack's label");
      await clone.npmOk("up", [...site, "--yes"], { minutes: 20 });
      expect(await inventory()).toBe(before);
      expect(await engines()).toEqual(started);
      expect(await clone.planned(site)).toEqual([]);
    },
    30 * minute,
  );

  it(
    "is written over nothing, and one stack can be written alone",
    async () => {
      const again = await clone.npm("adopt", adoption("manager-1", "worker-1"));
      expect(again.code).toBe(2);
      expect(again.stderr).toContain("Pulumi.site.yaml: there already");
      await clone.npmOk("stack", ["export", ...site, "--out", "alone", "shop"]);
      expect(read("alone/shop.yml")).toBe(read("stacks/site/shop.yml"));
      const direct = [...adoption("manager-1").filter((word) => !site.includes(word)), "shop"];
      await clone.npmOk("stack", ["export", "--out", "direct", ...direct]);
      expect(read("direct/shop.yml")).toBe(read("stacks/site/shop.yml"));
      expect(existsSync(join(clone.directory, "direct/shop/bytes"))).toBe(true);
      const other = await clone.npm("stack", ["export", ...site, "--out", "alone", "shop"]);
      expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("there already")]);
    },
    10 * minute,
  );
});
