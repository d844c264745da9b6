/**
 * The example in YAML, with nothing changed in it but the machines and where the plugin is: it brings a swarm and a
 * stack file up on machines that are there already, by address, host key and a private key. Nothing is left to be done
 * then, a change of the file is one, and `destroy` leaves the machines in no swarm.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { clonePaths } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi";
import { Clone, type Outcome } from "../e2e/clone";
import { yamlHost, YAML_HOST_MILLISECONDS } from "../yaml-host/yaml-host";
import { Rack } from "./rack";
import { ask, until } from "./stack-lab";
import { minute } from "./story";

const clone = new Clone("yaml");
const hosts = { "manager-1": "manager", "worker-1": "worker" };
const rack = new Rack(clone, hosts);
const folder = mkdtempSync(join(tmpdir(), "swarm-yaml-drill-"));
const greeting = "a greeting that nobody else reads";
let cli = "pulumi";
let environment: NodeJS.ProcessEnv = {};

interface Program {
  plugins: { providers: { name: string; path: string }[] };
  resources: Record<string, { properties: Record<string, unknown> } & Record<string, unknown>>;
  variables?: object;
  outputs: Record<string, unknown>;
}

beforeAll(
  async () => {
    const host = await yamlHost();
    await clone.make();
    await rack.boot({ memory: "640MiB", image: "debian" });
    await clone.npmOk("pack");
    const pulumi = await findPulumi(clonePaths(clone.directory));
    if (pulumi === undefined) throw new Error("Pulumi is not here yet; `npm test` gets it");
    cli = pulumi.command;
    environment = {
      HOME: process.env.HOME,
      ...pulumi.environment,
      PATH: `${host}:${pulumi.environment.PATH ?? process.env.PATH ?? ""}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "for tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    cpSync(join(__dirname, "../../examples/yaml"), folder, { recursive: true });
    edit((program) => {
      program.plugins.providers = [
        { name: "swarm", path: join(clone.directory, "dist", "package", "plugin") },
      ];
      Object.assign(program.resources.cluster?.properties ?? {}, {
        engine: rack.engine,
        hosts: rack.hosts(),
      });
    });
  },
  YAML_HOST_MILLISECONDS + 40 * minute,
);

afterAll(async () => {
  await pulumi("destroy", "--yes");
  rmSync(folder, { recursive: true, force: true });
  await clone.clear();
}, 20 * minute);

function edit(change: (program: Program) => void): void {
  const file = join(folder, "Pulumi.yaml");
  const program = parse(readFileSync(file, "utf8")) as Program;
  change(program);
  // Pulumi's YAML has no aliases.
  writeFileSync(file, stringify(program, { aliasDuplicateObjects: false }));
}

function pulumi(...args: readonly string[]): Promise<Outcome> {
  return run(args);
}

/** @param input - of its standard input */
function run(args: readonly string[], input = ""): Promise<Outcome> {
  const words = [...args, "--stack", "dev", "--non-interactive", "--color", "never"];
  return new Promise((resolve) => {
    const options = { cwd: folder, env: environment, timeout: 25 * minute, maxBuffer: 2 ** 26 };
    const child = execFile(cli, words, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

/** Sets a value as a user does: not on a command line. */
async function encrypt(key: string, value: string): Promise<void> {
  const { code, stderr } = await run(["config", "set", "--secret", key], value);
  if (code !== 0) throw new Error(`${key}: ${stderr}`);
}

async function pulumiOk(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await pulumi(...args);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

function services(): Promise<string> {
  return clone.on("manager-1", "docker service ls --format '{{.Name}} {{.Replicas}}' | sort");
}

describe("the example in YAML", () => {
  it(
    "brings a swarm and a stack of files up, and has nothing to do then",
    async () => {
      await pulumiOk("stack", "init");
      await encrypt("sshKey", rack.privateKey);
      await encrypt("greeting", greeting);
      expect(await pulumiOk("preview")).toContain("swarm:index:Service shop.web create");
      await pulumiOk("up", "--yes", "--skip-preview");
      expect(await services()).toBe("shop_web 1/1");
      const roles = await clone.on(
        "manager-1",
        "docker node ls --format '{{.Hostname}} {{.Status}}' | sort",
      );
      expect(roles).toBe("manager-1 Ready\nworker-1 Ready");
      for (const host of Object.keys(hosts))
        await until(`http://${rack.addressOf(host)}:8080/`, "nginx");
      const urls = JSON.parse(await pulumiOk("stack", "output", "--json")) as { urls: string[] };
      expect(urls.urls).toEqual(
        Object.keys(hosts).map((host) => `http://${rack.addressOf(host)}:8080`),
      );
      await pulumiOk("preview", "--expect-no-changes");
    },
    35 * minute,
  );

  it(
    "hands a secret of the program to the containers, and keeps it and the key out of the state",
    async () => {
      const node = await clone.on(
        "manager-1",
        "docker service ps shop_web --filter desired-state=running --format '{{.Node}}'",
      );
      const read = "docker exec $(docker ps -q --filter name=shop_web.) cat /run/secrets/greeting";
      expect(await clone.on(node, read)).toBe(greeting);
      const state = await pulumiOk("stack", "export");
      for (const secret of [greeting, "PRIVATE KEY"]) expect(state).not.toContain(secret);
    },
    10 * minute,
  );

  it(
    "changes what was changed in a file",
    async () => {
      const file = join(folder, "shop.yml");
      const text = readFileSync(file, "utf8");
      writeFileSync(
        file,
        text.replace("image: nginx", "image: nginx\n    deploy: { replicas: 2 }"),
      );
      expect(await pulumiOk("preview", "--diff")).toContain("+ replicas: 2");
      await pulumiOk("up", "--yes", "--skip-preview");
      expect(await services()).toBe("shop_web 2/2");
      expect((await ask(`http://${rack.addressOf("worker-1")}:8080/`)).status).toBe(200);
    },
    15 * minute,
  );

  it(
    "has room for a single service, with a provider of the program's own, and answers questions",
    async () => {
      edit((program) => {
        const { hosts: machines, ssh } = program.resources.cluster?.properties ?? {};
        const question = (name: string, more: object): object => ({
          "fn::invoke": {
            function: `swarm:index:${name}`,
            options: { provider: "${swarm}" },
            ...more,
          },
        });
        program.variables = {
          hosts: machines,
          ssh,
          tasks: question("getTasks", { arguments: { service: "${jobs.id}" }, return: "tasks" }),
          service: question("getService", { arguments: { name: "shop_web" } }),
          swarm_: question("getSwarm", { return: "managers" }),
        };
        Object.assign(program.outputs, {
          jobs: "${tasks[0].state}",
          running: "${service.runningTasks}",
          managers: "${swarm_}",
        });
        Object.assign(program.resources, {
          swarm: {
            type: "pulumi:providers:swarm",
            properties: { hosts: "${hosts}", ssh: "${ssh}" },
          },
          jobs: {
            type: "swarm:index:Service",
            properties: { image: "nginx" },
            options: { provider: "${swarm}", dependsOn: ["${cluster}"] },
          },
        });
      });
      await pulumiOk("up", "--yes", "--skip-preview");
      expect(await services()).toBe("jobs 1/1\nshop_web 2/2");
      expect(JSON.parse(await pulumiOk("stack", "output", "--json"))).toMatchObject({
        jobs: "running",
        running: 2,
        managers: ["manager-1"],
      });
      await pulumiOk("preview", "--expect-no-changes");
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
