/**
 * Pages for somebody who is new, followed word for word: the files that they show are written, the commands typed, and
 * what they show of the output is looked for. The npm package in an empty folder and a bare machine; this repository and
 * two machines; a swarm with a stack that Docker's own commands have made, taken over without a restart; the same
 * as somebody looks at it who comes from Ansible. What is not as on the page is in newcomer-pages.ts.
 *
 * Does not prove: packages and images from Docker's own servers; Pulumi's own service as a backend.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { version as randomVersion } from "@pulumi/random/package.json";
import { version } from "../../package.json";
import { clonePaths } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi";
import { Clone } from "../e2e/clone";
import { serveDebian } from "./debian-archive";
import { ansiblePage, packagePage, readmePage, stackDeployPage } from "./newcomer-pages";
import { Rack } from "./rack";
import { driftOf, Reader, type Reading } from "./reader";
import { until } from "./stack-lab";
import { minute } from "./story";

const clone = new Clone("newcomer");
const rack = new Rack(clone, { "manager-1": "manager", "worker-1": "worker" });
const newcomers = mkdtempSync(join(tmpdir(), "swarm-newcomer-"));
/** Home of somebody who has this repository's package, and nothing else of it. */
const programmer = join(newcomers, "programmer");
/** Home of somebody who has a clone of it. */
const operator = join(newcomers, "operator");
const agentSocket = join(newcomers, "agent");
let agent: ChildProcess | undefined;

beforeAll(async () => {
  await clone.make();
  await rack.boot({ memory: "900MiB", image: "debian" });
  for (const home of [programmer, operator]) {
    mkdirSync(join(home, ".ssh"), { mode: 0o700, recursive: true });
    writeFileSync(join(home, ".ssh", "id_ed25519"), rack.privateKey, { mode: 0o600 });
  }
  agent = await startAgent();
}, 40 * minute);

afterAll(async () => {
  agent?.kill();
  rmSync(newcomers, { recursive: true, force: true });
  await clone.clear();
}, 20 * minute);

/** An ssh-agent without a key. */
async function startAgent(): Promise<ChildProcess> {
  const child = spawn("ssh-agent", ["-D", "-a", agentSocket]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

/** A newcomer's: npm goes on as it is set up on this machine. */
function environmentOf(home: string): NodeJS.ProcessEnv {
  return {
    HOME: home,
    PATH: process.env.PATH,
    TMPDIR: clone.temporary,
    TERM: "xterm",
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), ".npm"),
    npm_config_userconfig: process.env.npm_config_userconfig ?? join(homedir(), ".npmrc"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** Pulumi, installed. */
async function withPulumi(): Promise<NodeJS.ProcessEnv> {
  const pulumi = await findPulumi(clonePaths(clone.directory));
  if (pulumi === undefined) throw new Error("Pulumi is not here yet; `npm test` gets it");
  return {
    ...environmentOf(programmer),
    SSH_AUTH_SOCK: agentSocket,
    PATH: [dirname(pulumi.command), process.env.PATH].join(delimiter),
    PULUMI_HOME: join(programmer, ".pulumi"),
    PULUMI_CONFIG_PASSPHRASE: "for tests",
    // One that was built here is where plugins cannot be downloaded.
    ...(pulumi.origin === "built" && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
  };
}

const addresses = (): Record<string, string> => ({
  "203.0.113.11": rack.addressOf("manager-1"),
  "203.0.113.21": rack.addressOf("worker-1"),
});

/** A reader in the clone. */
function readerOf(reading: Reading, more: Readonly<Record<string, string>> = {}): Reader {
  expect(driftOf(reading)).toEqual([]);
  const environment = environmentOf(operator);
  const engine = `config:\n  swarm:engine: ${JSON.stringify(rack.engine)}\n`;
  const here = { ...addresses(), "config:\n": engine, ...more };
  return new Reader(reading, { folder: clone.directory, environment, here });
}

async function services(): Promise<string[]> {
  const list = await clone.on("manager-1", "docker service ls --format '{{.Name}} {{.Replicas}}'");
  return list.split("\n").sort();
}

async function nodes(): Promise<string[]> {
  const labels = "{{range $name, $value := .Spec.Labels}} {{$name}}={{$value}}{{end}}";
  const format = `{{.Description.Hostname}} {{.Spec.Role}} {{.Status.State}}${labels}`;
  const line = `docker node ls -q | xargs docker node inspect --format '${format}'`;
  return (await clone.on("manager-1", line)).split("\n").sort();
}

describe("docs/package.md", () => {
  it(
    "leads from an empty folder and a bare machine to a swarm with a service and a stack",
    async () => {
      await clone.npmOk("pack");
      const shop = join(programmer, "shop");
      const archive = `pulumi-swarm-${version}.tgz`;
      mkdirSync(shop);
      cpSync(join(clone.directory, "dist", archive), join(shop, archive));
      expect(driftOf(packagePage)).toEqual([]);
      const { hostKey = "" } = rack.hosts("manager-1")["manager-1"] ?? {};
      const reader = new Reader(packagePage, {
        folder: shop,
        environment: await withPulumi(),
        here: {
          ...addresses(),
          "ssh-ed25519 AAAA…": hostKey.split(" ").slice(0, 2).join(" "),
          "pulumi login --local": `pulumi login file://${programmer}`,
          "  hosts: {\n": `  engine: ${JSON.stringify(rack.engine)},\n  hosts: {\n`,
        },
      });
      await reader.type("ssh-add ~/.ssh/id_ed25519");
      const random = join(clone.directory, "dist", "random");
      if (existsSync(random))
        await reader.type(
          `pulumi plugin install resource random ${randomVersion} --file ${random}`,
        );
      expect(await clone.on("manager-1", "command -v docker || true")).toBe("");
      await reader.follow("Five minutes");
      expect(await services()).toEqual(["shop_db 1/1", "web 1/1"]);
      await until(`http://${rack.addressOf("manager-1")}:8080/`, "nginx");
      await reader.type("pulumi destroy --yes");
      const said = await reader.follow("Settings in the stack's file");
      expect(said.get("pulumi preview")).toMatch(/swarm:index:Service +shop\.db +create/);
    },
    60 * minute,
  );
});

describe("README.md", () => {
  it(
    "leads from machines to a swarm",
    async () => {
      for (const host of ["manager-1", "worker-1"]) await serveDebian(clone, host);
      const reader = readerOf(readmePage);
      try {
        await reader.follow("Your own machines");
        expect(await nodes()).toEqual(["manager-1 manager ready", "worker-1 worker ready tier=db"]);
        const installed = "dpkg-query --show --showformat '${Package} ' jq systemd-timesyncd";
        for (const host of ["manager-1", "worker-1"])
          expect(await clone.on(host, installed)).toBe("jq systemd-timesyncd");
        await reader.type("npm run preview -- --stack prod --expect-no-changes");
      } finally {
        await reader.type("npm run destroy -- --stack prod --yes");
      }
    },
    60 * minute,
  );
});

const shop = `version: "3.8"
services:
  web:
    image: nginx:\${TAG}
    ports: ["8080:80"]
    secrets: [token]
    deploy: { replicas: 2 }
secrets: { token: { file: ./token.txt } }
`;
const production = `version: "3.8"
services:
  web: { environment: { STAGE: prod } }
`;
const files = { "shop.yml": shop, "shop.prod.yml": production, "token.txt": "first" };

/** Everything up to engines, and no swarm. */
const enginesOnly = ["", "-provider", "-lab", "-machine-*", "-host-*"].flatMap((name) => [
  "--target",
  `**::cluster${name}`,
]);

/** Two nodes with a stack, as `docker swarm init`, `join` and `docker stack deploy` make them. */
async function buildByHand(): Promise<void> {
  await clone.npmOk("up", ["--yes", "--skip-preview", ...enginesOnly], { minutes: 30 });
  const [first, second] = Object.values(addresses());
  const names = { "manager-1": "node-1", "worker-1": "node-2" };
  for (const [host, name] of Object.entries(names))
    await clone.on(
      host,
      `echo ${name} > /etc/hostname && hostname ${name} && echo 127.0.1.1 ${name} >> /etc/hosts && ` +
        "systemctl restart docker",
    );
  await clone.on("manager-1", `docker swarm init --advertise-addr ${first}`);
  const token = await clone.on("manager-1", "docker swarm join-token -q worker");
  await clone.on(
    "worker-1",
    `docker swarm join --token ${token} --advertise-addr ${second} ${first}:2377`,
  );
  await clone.on("manager-1", "docker node update --label-add tier=db node-2");
  for (const [name, text] of Object.entries(files)) {
    const encoded = Buffer.from(text).toString("base64");
    await clone.on("manager-1", `mkdir -p shop && echo ${encoded} | base64 -d > shop/${name}`);
    clone.write(`stacks/prod/${name}`, text);
  }
  const deploy = "TAG=latest docker stack deploy --detach=false -c shop.yml -c shop.prod.yml shop";
  await clone.on("manager-1", `cd shop && ${deploy}`);
}

/** What must stay the very same. */
async function inventory(): Promise<string> {
  const lines = [
    "docker service ls -q | xargs docker service inspect --format '{{.Spec.Name}} {{.ID}} {{.Version.Index}}'",
    "docker service ps -q --filter desired-state=running shop_web | sort",
    "docker node ls -q | xargs docker node inspect --format '{{.Description.Hostname}} {{json .Spec}} {{.ID}}' | sort",
    "docker secret ls -q | xargs docker secret inspect --format '{{.Spec.Name}} {{.ID}}'",
    "docker info --format '{{.Swarm.Cluster.ID}}'",
  ];
  return clone.on("manager-1", lines.join("; "));
}

describe("a swarm that Docker's own commands have made", () => {
  let before = "";

  beforeAll(async () => {
    await buildByHand();
    before = await inventory();
  }, 45 * minute);

  it(
    "is looked at as docs/from-ansible.md says, with a user whom sudo asks, and left alone",
    async () => {
      const { answer } = ansiblePage.asked[0];
      for (const host of ["manager-1", "worker-1"])
        await clone.on(
          host,
          "useradd --create-home --shell /bin/bash deploy && " +
            `echo deploy:${answer} | chpasswd && ` +
            "echo 'deploy ALL=(ALL:ALL) ALL' > /etc/sudoers.d/deploy && " +
            "cp -r /root/.ssh /home/deploy/ && chown -R deploy: /home/deploy/.ssh",
        );
      const reader = readerOf(ansiblePage);
      await reader.follow("Step by step");
      expect(await inventory()).toBe(before);
      await reader.type("npm run pulumi -- stack rm --yes --stack prod");
    },
    20 * minute,
  );

  it(
    "is taken over as docs/from-docker-stack-deploy.md says: nothing of it restarts or changes",
    async () => {
      const here = { 'TAG: "1.4"': 'TAG: "latest"', "TAG=1.4": "TAG=latest" };
      const reader = readerOf(stackDeployPage, here);
      for (const heading of stackDeployPage.followed) await reader.follow(heading);
      expect(await inventory()).toBe(before);
      const preview = readFileSync(join(clone.directory, "preview.json"), "utf8");
      const { steps } = JSON.parse(preview) as { steps: { op: string }[] };
      expect(steps.length).toBeGreaterThan(0);
      expect(steps.filter(({ op }) => !["same", "read", "refresh"].includes(op))).toEqual([]);
    },
    40 * minute,
  );
});
