/**
 * The npm package in an empty folder beside nothing of this repository: npm installs it, the program is compiled
 * strictly, and brings a swarm and a stack file up on machines that are there already, by address, host key and a
 * private key. Nothing is left to be done then, a change is one, and `destroy` leaves a machine in no swarm.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clonePaths } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi";
import { Clone, type Outcome } from "../e2e/clone";
import { Rack } from "./rack";
import { ask, until } from "./stack-lab";
import { minute } from "./story";

const clone = new Clone("package");
const hosts = { "manager-1": "manager", "worker-1": "worker" };
const rack = new Rack(clone, hosts);
const folder = mkdtempSync(join(tmpdir(), "swarm-package-drill-"));
let cli = "pulumi";
let environment: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  await clone.make();
  await rack.boot({ memory: "640MiB", image: "debian" });
  const pulumi = await findPulumi(clonePaths(clone.directory));
  if (pulumi === undefined) throw new Error("Pulumi is not here yet; `npm test` gets it");
  cli = pulumi.command;
  environment = {
    HOME: process.env.HOME,
    PATH: process.env.PATH,
    ...pulumi.environment,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The key reaches the program as it reaches a shell's: in its environment, and from there as a secret.
    SWARM_KEY: rack.privateKey,
  };
}, 40 * minute);

afterAll(async () => {
  await pulumi("destroy", "--yes");
  rmSync(folder, { recursive: true, force: true });
  await clone.clear();
}, 20 * minute);

/** Runs a command in the empty folder. */
function run(command: string, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: environment, timeout: 20 * minute, maxBuffer: 2 ** 26 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

async function ok(command: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(command, ...args);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

function pulumi(...args: readonly string[]): Promise<Outcome> {
  return run(cli, ...args, "--stack", "dev", "--non-interactive", "--color", "never");
}

async function pulumiOk(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await pulumi(...args);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

function declare(replicas: number): void {
  writeFileSync(
    join(folder, "index.ts"),
    `import { Cluster, endpointsOn, onCluster, Service, Stack } from "pulumi-swarm";

const cluster = new Cluster("cluster", {
  ssh: { privateKey: process.env.SWARM_KEY ?? "" },
  engine: ${JSON.stringify(rack.engine)},
  hosts: ${JSON.stringify(rack.hosts())},
});
new Stack("shop", cluster, { files: ["shop.yml"] });
new Service("jobs", { image: "nginx", replicas: ${replicas} }, onCluster(cluster));
export const urls = endpointsOn(cluster, 8080);
`,
  );
}

describe("a program of one's own", () => {
  it(
    "is made from the package by npm, and compiles strictly",
    async () => {
      await clone.npmOk("pack");
      const dist = join(clone.directory, "dist");
      const archive = readdirSync(dist).find((name) => name.endsWith(".tgz")) ?? "";
      await ok("npm", "init", "--yes");
      await ok("npm", "pkg", "set", "main=index.ts");
      const install = ["install", "--no-audit", "--no-fund"];
      await ok("npm", ...install, join(dist, archive), "typescript@6", "@types/node@20");
      const files = {
        "Pulumi.yaml":
          "name: shop\nruntime: nodejs\nplugins:\n  providers:\n    - { name: swarm, path: node_modules/pulumi-swarm/plugin }\n",
        "tsconfig.json": JSON.stringify({
          compilerOptions: { strict: true, module: "nodenext", noEmit: true, types: ["node"] },
          files: ["index.ts"],
        }),
        "shop.yml": 'services:\n  web: { image: nginx, ports: ["8080:80"] }\n',
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      declare(1);
      await ok("npx", "tsc", "-p", ".");
      await pulumiOk("stack", "init");
    },
    15 * minute,
  );

  it(
    "brings a swarm and a stack up, and has nothing to do then",
    async () => {
      await pulumiOk("up", "--yes", "--skip-preview");
      const names = await clone.on(
        "manager-1",
        "docker service ls --format '{{.Name}} {{.Replicas}}'",
      );
      expect(names.split("\n").sort()).toEqual(["jobs 1/1", "shop_web 1/1"]);
      const roles = await clone.on(
        "manager-1",
        "docker node ls --format '{{.Hostname}} {{.Status}}'",
      );
      expect(roles.split("\n").sort()).toEqual(["manager-1 Ready", "worker-1 Ready"]);
      for (const host of Object.keys(hosts))
        await until(`http://${rack.addressOf(host)}:8080/`, "nginx");
      await pulumiOk("preview", "--expect-no-changes");
    },
    30 * minute,
  );

  it(
    "changes what was changed, and keeps the key out of its state",
    async () => {
      declare(2);
      expect(await pulumiOk("preview", "--diff")).toContain("~ replicas: 1 => 2");
      await pulumiOk("up", "--yes", "--skip-preview");
      expect((await ask(`http://${rack.addressOf("worker-1")}:8080/`)).status).toBe(200);
      const names = await clone.on(
        "manager-1",
        "docker service ls --format '{{.Name}} {{.Replicas}}'",
      );
      expect(names).toContain("jobs 2/2");
      expect(await pulumiOk("stack", "export")).not.toContain("PRIVATE KEY");
    },
    15 * minute,
  );

  it(
    "is destroyed to the last service",
    async () => {
      await pulumiOk("destroy", "--yes", "--skip-preview");
      for (const host of Object.keys(hosts))
        expect(await clone.on(host, "docker info --format '{{.Swarm.LocalNodeState}}'")).toBe(
          "inactive",
        );
    },
    15 * minute,
  );
});
