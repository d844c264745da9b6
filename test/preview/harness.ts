import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { clonePaths } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi";
import type { Pulumi } from "../../tools/pulumi";
import { yamlHost } from "../yaml-host/yaml-host";

const root = resolve(__dirname, "../..");
const run = promisify(execFile);

/** What a run of the CLI said and how it ended. */
export interface Outcome {
  readonly code: number;
  /** Standard output and standard error together, as a user sees them. */
  readonly text: string;
}

/** A run of the CLI that is still going on. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  /** Resolves as soon as the output has the text. */
  saw(text: string): Promise<void>;
  /** What Ctrl-C sends. */
  interrupt(): void;
}

const DEADLINE_MILLISECONDS = 120_000;

/** The provider under test: inside the clone, like the real one, because a lab finds its parts from there. */
export const plugin = join(root, "dist/preview/pulumi-resource-swarm");

/** The Pulumi CLI that `npm run` uses, with the provider and the language host built from the sources as they are. */
export class Workspace {
  private readonly directory: string;
  private readonly pulumi: Pulumi;

  private constructor(directory: string, pulumi: Pulumi) {
    this.directory = directory;
    this.pulumi = pulumi;
  }

  /** @throws Error when there is no CLI yet */
  static async open(): Promise<Workspace> {
    const pulumi = await findPulumi(clonePaths(root));
    if (pulumi === undefined) throw new Error("Pulumi is not here yet; `npm test` gets it");
    const directory = await mkdtemp(join(tmpdir(), "swarm-preview-"));
    const script = `import { bundle } from ${JSON.stringify(join(root, "tools/build.mjs"))};
      await bundle(process.argv[1], process.argv[2]);`;
    const words = ["--input-type=module", "-e", script, "test/preview/plugin/main.ts", plugin];
    await run(process.execPath, words, { cwd: root });
    return new Workspace(directory, pulumi);
  }

  /** A project with a stack of its own. `program` is JavaScript; `swarm` has the provider and the resource class. */
  async project(program: string, hosts: readonly string[] = []): Promise<Project> {
    const directory = await mkdtemp(join(this.directory, "project-"));
    const project = new Project(directory, this.environment(directory, hosts), this.pulumi.command);
    await mkdir(join(directory, "state"));
    await mkdir(project.notes);
    // The SDK alone: Pulumi's own language host asks for the plugin of every provider SDK that it finds.
    await mkdir(join(directory, "node_modules/@pulumi"), { recursive: true });
    const sdk = "node_modules/@pulumi/pulumi";
    await symlink(join(root, sdk), join(directory, sdk));
    await writeFile(join(directory, "package.json"), "{}");
    const settings = {
      name: "notes",
      runtime: { name: "nodejs", options: { typescript: false } },
      plugins: { providers: [{ name: "swarm", path: dirname(plugin) }] },
    };
    await writeFile(join(directory, "Pulumi.yaml"), JSON.stringify(settings));
    await writeFile(join(directory, "swarm.js"), LIBRARY);
    await project.rewrite(program);
    await project.pulumi("stack", "init", "test");
    return project;
  }

  /**
   * A project whose program is YAML.
   *
   * @param program - what Pulumi.yaml says beside its name and its plugins
   * @param files - by name, beside it
   */
  async yaml(program: object, files: Readonly<Record<string, string>> = {}): Promise<Project> {
    const project = await this.project("", [await yamlHost()]);
    const random = { name: "random", path: join(root, "dist/random") };
    const providers = [{ name: "swarm", path: dirname(plugin) }, random];
    const settings = { name: "notes", runtime: "yaml", plugins: { providers }, ...program };
    const all = { "Pulumi.yaml": JSON.stringify(settings), ...files };
    for (const [name, text] of Object.entries(all))
      await writeFile(join(project.directory, name), text);
    return project;
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  /** @param hosts - folders with further language hosts */
  private environment(project: string, hosts: readonly string[]): NodeJS.ProcessEnv {
    const { HOME, TMPDIR, PATH } = process.env;
    const user = Object.entries({ HOME, TMPDIR }).filter(([, value]) => value !== undefined);
    return {
      ...Object.fromEntries(user),
      ...this.pulumi.environment,
      PATH: [...hosts, this.pulumi.environment.PATH ?? PATH ?? ""].join(delimiter),
      PULUMI_HOME: join(this.directory, "home"),
      PULUMI_BACKEND_URL: `file://${join(project, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "for tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // As the tasks do, which read Pulumi's events.
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  }
}

/** A resource as the state holds it. */
export interface StoredResource {
  readonly type: string;
  readonly urn: string;
  readonly [property: string]: unknown;
}

/** One program with one stack. */
export class Project {
  /** Folder that stands for the machine of every note. */
  readonly notes: string;
  /** Where the program lies. */
  readonly directory: string;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly cli: string;

  constructor(directory: string, environment: NodeJS.ProcessEnv, cli: string) {
    this.directory = directory;
    this.environment = environment;
    this.cli = cli;
    this.notes = join(directory, "notes");
  }

  /** Replaces the program. */
  async rewrite(program: string): Promise<void> {
    const text = `const pulumi = require("@pulumi/pulumi");
      const { Note, Other, Provider } = require("./swarm.js");
      const directory = ${JSON.stringify(this.notes)};
      ${program}`;
    await writeFile(join(this.directory, "index.js"), text);
  }

  /** Sets the stack's configuration; the encryption of its file stays. */
  async configure(config: object): Promise<void> {
    const file = join(this.directory, "Pulumi.test.yaml");
    const before = await readFile(file, "utf8");
    await writeFile(file, `${before}\nconfig: ${JSON.stringify(config)}\n`);
  }

  /** Runs the CLI to its end. */
  async pulumi(...args: readonly string[]): Promise<Outcome> {
    return this.start(...args).outcome;
  }

  async preview(...args: readonly string[]): Promise<Outcome> {
    return this.pulumi("preview", "--diff", ...args);
  }

  async up(...args: readonly string[]): Promise<Outcome> {
    return this.pulumi("up", "--yes", "--skip-preview", ...args);
  }

  /** Starts the CLI. */
  start(...args: readonly string[]): Running {
    const always = ["--non-interactive", "--color", "never"];
    const child = spawn(this.cli, [...args, ...always], {
      cwd: this.directory,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: DEADLINE_MILLISECONDS,
    });
    let text = "";
    const hear = (part: Buffer): void => {
      text += part.toString();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    const outcome = new Promise<Outcome>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code: code ?? -1, text });
      });
    });
    const saw = async (wanted: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (text.includes(wanted)) resolve();
        };
        child.stdout.on("data", look);
        void outcome.then(() => {
          reject(new Error(`the run ended without saying ${JSON.stringify(wanted)}:\n${text}`));
        });
        look();
      });
    return { outcome, saw, interrupt: () => child.kill("SIGINT") };
  }

  /** The stack's state as it lies on disk, secrets encrypted. */
  async state(): Promise<string> {
    return readFile(join(this.directory, "state/.pulumi/stacks/notes/test.json"), "utf8");
  }

  /** Changes the resources of the state by hand, as after runs of earlier times. */
  async editState(edit: (resources: StoredResource[]) => StoredResource[]): Promise<void> {
    const file = join(this.directory, "export.json");
    await this.pulumi("stack", "export", "--file", file);
    const stored = JSON.parse(await readFile(file, "utf8")) as {
      deployment: { resources: StoredResource[] };
    };
    stored.deployment.resources = edit(stored.deployment.resources);
    await writeFile(file, JSON.stringify(stored));
    await this.pulumi("stack", "import", "--file", file);
  }

  /** What was done to the notes, in order. */
  async done(): Promise<readonly string[]> {
    const log = await readFile(join(this.notes, "log.txt"), "utf8").catch(() => "");
    return log.split("\n").filter(Boolean);
  }
}

const LIBRARY = `
const pulumi = require("@pulumi/pulumi");
class Note extends pulumi.CustomResource {
  constructor(name, args, options) {
    super("swarm:index:Note", name, { location: undefined, checksum: undefined, ...args }, options);
  }
}
class Other extends pulumi.CustomResource {
  constructor(type, name, args, options) {
    super(type, name, args, options);
  }
}
class Provider extends pulumi.ProviderResource {
  constructor(name, args, options) {
    super("swarm", name, args, options);
  }
}
module.exports = { Note, Other, Provider };
`;
