import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { clonePaths } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi";
import type { Pulumi } from "../../tools/pulumi";
import { peakMemory } from "./peak";
import type { Watched } from "./peak";

const run = promisify(execFile);

/** Who serves resources that do nothing: the least there can be, or this project's adapter. */
export type Idle = "bare" | "adapter";

/**
 * Resources that do nothing, as many as wanted, under the CLI that `npm run` uses. Each declares about what a small
 * service does, and is read before every preview.
 */
export class Floor {
  private readonly folder: string;
  private readonly pulumi: Pulumi;

  private constructor(folder: string, pulumi: Pulumi) {
    this.folder = folder;
    this.pulumi = pulumi;
  }

  /** @throws Error when there is no CLI yet */
  static async make(idle: Idle, count: number): Promise<Floor> {
    const pulumi = await findPulumi(clonePaths(process.cwd()));
    if (pulumi === undefined) throw new Error("Pulumi is not here yet; npm run build gets it");
    const bench = resolve(".swarm", "bench");
    await mkdir(bench, { recursive: true });
    const floor = new Floor(await mkdtemp(join(bench, `floor-${idle}-`)), pulumi);
    await floor.write(idle, count);
    await floor.cli("stack", "init", "floor");
    await floor.cli("up", "--yes", "--skip-preview", "--stack", "floor");
    return floor;
  }

  /** A preview in which nothing changes. */
  async preview(): Promise<void> {
    await this.cli("preview", "--expect-no-changes", "--stack", "floor");
  }

  /** Peak memory of the provider, the program and the CLI in MiB, in such a preview. */
  async memory(): Promise<readonly number[]> {
    const { folder, pulumi } = this;
    const watched: Watched[] = [
      (command) => command.includes(`${folder}/plugin/`),
      (command, at) => command.includes("/runner.js ") && at === folder,
      (command, at) => command.startsWith(pulumi.command) && at === folder,
    ];
    return peakMemory(watched, this.preview());
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async write(idle: Idle, count: number): Promise<void> {
    const { folder } = this;
    const bundler = pathToFileURL(resolve("tools", "build.mjs")).href;
    const { bundle } = (await import(bundler)) as {
      readonly bundle: (source: string, output: string) => Promise<void>;
    };
    await bundle(
      join("test", "bench", "idle", `${idle}.ts`),
      join(folder, "plugin", "pulumi-resource-idle"),
    );
    await mkdir(join(folder, "state"));
    await mkdir(join(folder, "node_modules", "@pulumi"), { recursive: true });
    const sdk = join("node_modules", "@pulumi", "pulumi");
    await symlink(resolve(sdk), join(folder, sdk));
    const project = {
      name: "floor",
      runtime: { name: "nodejs", options: { typescript: false } },
      plugins: { providers: [{ name: "idle", path: join(folder, "plugin") }] },
    };
    await writeFile(join(folder, "package.json"), "{}");
    await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify(project));
    await writeFile(join(folder, "index.js"), programOf(idle, count));
  }

  private async cli(...words: readonly string[]): Promise<void> {
    const { folder, pulumi } = this;
    await run(pulumi.command, [...words, "--non-interactive"], {
      cwd: folder,
      maxBuffer: 2 ** 28,
      env: {
        ...process.env,
        ...pulumi.environment,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "floor",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        // Else each of thousands that are made has the state of all written anew; a preview writes none.
        PULUMI_EXPERIMENTAL: "true",
        PULUMI_SKIP_CHECKPOINTS: "true",
      },
    });
  }
}

function programOf(idle: Idle, count: number): string {
  // The adapter asks for hosts before it does anything; none of them is spoken to.
  const hosts = {
    m: { role: "manager", address: "192.0.2.1", hostKey: HOST_KEY },
  };
  const config = idle === "adapter" ? { hosts, ssh: { password: "x" } } : {};
  return `const pulumi = require("@pulumi/pulumi");
class Provider extends pulumi.ProviderResource {}
const provider = new Provider("idle", "idle", ${JSON.stringify(config)});
for (let number = 0; number < ${count}; number += 1)
  new pulumi.CustomResource("idle:index:Idle", "idle-" + number, {
    image: "busybox",
    replicas: 0,
    args: ["sleep", "100000"],
    env: { NUMBER: String(number) },
  }, { provider });
`;
}

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL";
