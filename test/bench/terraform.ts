import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Ansible } from "./ansible";
import { command } from "./comparison";
import { keysOf, Services } from "./rival";

/** Its programs, in the order in which they are looked for: OpenTofu reads the same files. */
const PROGRAMS = ["terraform", "tofu"] as const;

/** The provider's module as it calls itself; go.mod says where it is and in which version. */
const MODULE = "github.com/terraform-providers/terraform-provider-docker";

/** Seconds for the build of the provider; two quiet cores need about 200. */
const BUILD_SECONDS = "1500";

/** `docker_service` of the provider for Docker, over SSH, on a Terraform that is on PATH. */
export class TerraformServices extends Services {
  readonly name = "Terraform";
  protected readonly prefix = "tf_";
  private readonly folder: string;
  private readonly program: string;

  private constructor(ansible: Ansible, folder: string, program: string) {
    super(ansible);
    this.folder = folder;
    this.program = program;
  }

  /**
   * Finds the program, and builds its provider from Go modules where it is not here yet.
   *
   * @throws Error saying which of the two cannot be had, and why
   */
  static async get(ansible: Ansible): Promise<TerraformServices> {
    const program = await programOnPath();
    const folder = resolve(".swarm", "bench", "terraform");
    mkdirSync(folder, { recursive: true });
    if (!existsSync(join(folder, "bin"))) await buildProvider(folder);
    // The provider is taken from the folder, so nothing is asked of a registry of providers.
    const overrides = `dev_overrides { "kreuzwerker/docker" = "${join(folder, "bin")}" }`;
    const rest = "direct {}";
    writeFileSync(join(folder, "cli.rc"), `provider_installation {\n${overrides}\n${rest}\n}\n`);
    rmSync(join(folder, "terraform.tfstate"), { force: true });
    return new TerraformServices(ansible, folder, program);
  }

  async deploy(services: number, tasks: number, mark = "0"): Promise<void> {
    const { destination, options } = this.ansible.login("manager-1");
    const docker = { host: `ssh://${destination}`, ssh_opts: options };
    const whole = {
      terraform: { required_providers: { docker: { source: "kreuzwerker/docker" } } },
      provider: { docker },
      ...(services === 0
        ? {}
        : { resource: { docker_service: this.resources(services, tasks, mark) } }),
    };
    writeFileSync(join(this.folder, "main.tf.json"), JSON.stringify(whole));
    await this.run("apply", "-auto-approve");
    await this.untilRunning(services, tasks, mark);
  }

  async plan(): Promise<string> {
    const text = await this.run("plan");
    const changed = / (\d+) to change/.exec(text)?.[1] ?? "0";
    const lines = text.split("\n").filter((line) => /^\s+[~+-] \S+ += /.test(line));
    return [`${changed} changed`, ...lines.map((line) => line.trim())].join("\n");
  }

  /** By itself, so that its state knows. */
  override async remove(): Promise<void> {
    await this.deploy(0, 0);
  }

  private resources(services: number, replicas: number, mark: string): object {
    const one = (key: string): object => ({
      name: `${this.prefix}${key}`,
      task_spec: {
        container_spec: {
          // Without its tag it would be told apart from what Docker keeps, on each run.
          image: "busybox:latest",
          args: ["sleep", "100000"],
          stop_grace_period: "0s",
          env: { MARK: key === "s0" ? mark : "0" },
        },
      },
      mode: { replicated: { replicas } },
    });
    return Object.fromEntries(keysOf(services).map((key) => [key, one(key)]));
  }

  private async run(task: string, ...flags: readonly string[]): Promise<string> {
    const words = [`-chdir=${this.folder}`, task, "-input=false", "-no-color", ...flags];
    return command([this.program, ...words], {
      TF_CLI_CONFIG_FILE: join(this.folder, "cli.rc"),
      CHECKPOINT_DISABLE: "1",
    });
  }
}

/** @throws Error when none of them is there */
async function programOnPath(): Promise<string> {
  for (const program of PROGRAMS) {
    const answer = await command([program, "version"], { CHECKPOINT_DISABLE: "1" }).catch(() => "");
    if (answer !== "") return program;
  }
  throw new Error(`PATH: got neither of ${PROGRAMS.join(" and ")}; expected one of them`);
}

/** Caches live in the folder and go when it is done; the program stays. */
async function buildProvider(folder: string): Promise<void> {
  const module = resolve("test", "bench", "terraform-provider");
  const cache = join(folder, "go");
  const built = join(folder, "built");
  // Neither optimised nor with tables for debuggers: it is built to be measured for what it asks of Docker.
  const compiler = ["-ldflags=-s -w", "-gcflags=all=-dwarf=false -N -l"];
  const flags = ["-mod=readonly", "-modcacherw", "-trimpath", ...compiler];
  const output = `-o=${join(built, "terraform-provider-docker")}`;
  await command(["timeout", BUILD_SECONDS, "go", "build", "-C", module, ...flags, output, MODULE], {
    CGO_ENABLED: "0",
    GOWORK: "off",
    GOGC: "off",
    GOPATH: join(cache, "path"),
    GOMODCACHE: join(cache, "modules"),
    GOCACHE: join(cache, "cache"),
  });
  renameSync(built, join(folder, "bin"));
  rmSync(cache, { recursive: true, force: true });
}
