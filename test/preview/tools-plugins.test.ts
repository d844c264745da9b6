import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { clonePaths, pinnedVersions } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi";
import { Project } from "./harness";

/*
 * The language host and the random plugin of tools/, built from the sources as they are, under the real CLI. Not
 * proved: that the official ones do the same with this program; that needs a machine that can download them.
 */

const root = resolve(__dirname, "../..");
const paths = clonePaths(root);

jest.setTimeout(120_000);

let folder = "";
let command = "";

beforeAll(async () => {
  const pulumi = await findPulumi(paths);
  if (pulumi === undefined) throw new Error("Pulumi is not here yet; `npm test` gets it");
  command = pulumi.command;
  folder = await mkdtemp(join(tmpdir(), "swarm-tools-"));
  const plugin = `home/plugins/resource-random-v${pinnedVersions(root).random}`;
  await bundle("language-host/main.ts", "language/pulumi-language-nodejs");
  await bundle("language-host/runner.ts", "language/runner.js");
  await bundle("random-plugin/main.ts", `${plugin}/pulumi-resource-random`);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function bundle(source: string, output: string): Promise<void> {
  const script = `import { bundle } from ${JSON.stringify(join(root, "tools/build.mjs"))};
    await bundle("tools/${source}", ${JSON.stringify(join(folder, output))});`;
  const args = ["--input-type=module", "-e", script];
  await promisify(execFile)(process.execPath, args, { cwd: root });
}

/** A project with a TypeScript program and a stack. */
async function start(program: string): Promise<{ directory: string; project: Project }> {
  const directory = await mkdtemp(join(folder, "project-"));
  await mkdir(join(directory, "state"));
  await symlink(join(root, "node_modules"), join(directory, "node_modules"));
  const text = {
    "package.json": "{}",
    "index.ts": program,
    "tsconfig.json": JSON.stringify({
      compilerOptions: { strict: true, module: "nodenext", skipLibCheck: true, noCheck: true },
    }),
    "Pulumi.yaml": JSON.stringify({
      name: "tools",
      runtime: { name: "nodejs", options: { tsconfig: "tsconfig.json" } },
      plugins: { languages: [{ name: "nodejs", path: "../language" }] },
    }),
    "Pulumi.test.yaml": JSON.stringify({ config: { "tools:words": ["a", "b"] } }),
  };
  for (const [name, content] of Object.entries(text)) {
    await writeFile(join(directory, name), content);
  }
  const { HOME, PATH } = process.env;
  const environment = {
    HOME,
    PATH,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(directory, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    TS_NODE_CACHE_DIRECTORY: join(folder, "ts-node"),
  };
  const project = new Project(directory, environment, command);
  await project.pulumi("stack", "init", "test");
  return { directory, project };
}

const password = (args: string) => `
  import * as random from "@pulumi/random";
  const password = new random.RandomPassword("db", ${args});
  export const result = password.result;
  export const special = password.special;`;

describe("the random plugin", () => {
  it("makes a password once, keeps it secret and makes another when an argument changes", async () => {
    const { directory, project } = await start(password("{ length: 24, special: false }"));
    const first = await project.preview();
    expect(first.text).toMatch(/\+ random:index\/randomPassword:RandomPassword: \(create\)/);
    expect(first.text).toMatch(/length +: 24/);
    expect((await project.up()).code).toBe(0);
    const shown = async () => {
      const { text } = await project.pulumi("stack", "output", "--json", "--show-secrets");
      return (JSON.parse(text) as { result: string }).result;
    };
    const made = await shown();
    expect(made).toMatch(/^[A-Za-z0-9]{24}$/);
    const state = await readFile(join(directory, "state/.pulumi/stacks/tools/test.json"), "utf8");
    expect(state).not.toContain(made);
    expect((await project.pulumi("stack", "output")).text).toMatch(/result +\[secret\]/);

    const second = await project.preview("--expect-no-changes", "--refresh");
    expect(second.code).toBe(0);
    await writeFile(join(directory, "index.ts"), password("{ length: 20, special: false }"));
    const third = await project.preview();
    expect(third.text).toContain("~ length: 24 => 20");
    expect(third.text).toContain("+-1 to replace");
    expect((await project.up()).code).toBe(0);
    expect(await shown()).toMatch(/^[A-Za-z0-9]{20}$/);
    const destroyed = await project.pulumi("destroy", "--yes");
    expect(destroyed.text).toContain("2 deleted");
  });

  it("takes over a password that is given on import", async () => {
    const { project } = await start("export {};");
    const type = "random:index/randomPassword:RandomPassword";
    const options = ["--yes", "--protect=false", "--generate-code=false"];
    const imported = await project.pulumi("import", type, "db", "given-secret", ...options);
    expect(imported.code).toBe(0);
    const { text } = await project.pulumi("stack", "export", "--show-secrets");
    expect(text).toContain('\\"given-secret\\"');
  });

  it("names what is wrong with the arguments", async () => {
    const { project } = await start(password("{ length: 3, minUpper: 2, minLower: 2 }"));
    const { code, text } = await project.preview();
    expect(code).not.toBe(0);
    expect(text).toContain(
      "property length value {3} has a problem: got 3; expected at least 4, the sum of minLower, " +
        "minUpper, minNumeric and minSpecial",
    );
  });

  it("names the plugin that another type needs", async () => {
    const { project } = await start(`
      import * as random from "@pulumi/random";
      new random.RandomPet("pet");`);
    const { code, text } = await project.preview();
    expect(code).not.toBe(0);
    const { random } = pinnedVersions(root);
    expect(text).toContain(
      "random:index/randomPet:RandomPet needs Pulumi's own random plugin; the one here, made because " +
        "downloads are blocked, knows random:index/randomPassword:RandomPassword only. Where downloads " +
        `work: pulumi plugin install resource random ${random}`,
    );
  });
});

describe("the language host", () => {
  it("hands the program its configuration, secret values included", async () => {
    const { project } = await start(`
      import * as pulumi from "@pulumi/pulumi";
      const config = new pulumi.Config();
      export const words = config.requireObject<string[]>("words").join("+");
      export const key = config.requireSecret("key");
      export const where = [pulumi.getProject(), pulumi.getStack(), pulumi.runtime.isDryRun()].join();`);
    await project.pulumi("config", "set", "--secret", "key", "hidden");
    const { text } = await project.pulumi("preview");
    expect(text).toMatch(/words *: "a\+b"/);
    expect(text).toMatch(/key *: \[secret\]/);
    expect(text).toMatch(/where *: "tools,test,true"/);
    expect(text).not.toContain("hidden");
  });

  it("runs the program as the SDK's own runner does, with what Pulumi.yaml says for node", async () => {
    const { directory, project } = await start(`
      const { argv, execArgv, connected = false, env } = process;
      const own = Object.keys(env).filter((name) => /^NODE_/.test(name));
      export const seen = [argv.slice(1), execArgv, process.cwd(), connected, own];`);
    const settings = await readFile(join(directory, "Pulumi.yaml"), "utf8");
    const options = '"tsconfig":"tsconfig.json","nodeargs":"--no-deprecation"';
    const given = settings.replace('"tsconfig":"tsconfig.json"', options);
    await writeFile(join(directory, "Pulumi.yaml"), given);
    await project.up();
    const { text } = await project.pulumi("stack", "output", "seen", "--json");
    const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run/index.js");
    expect(JSON.parse(text)).toEqual([[runner], ["--no-deprecation"], directory, false, []]);
  });

  it("shows a RunError without a stack trace, and what the program writes", async () => {
    const { project } = await start(`
      import { RunError } from "@pulumi/pulumi";
      console.log("looking around");
      throw new RunError("Pulumi.test.yaml cannot be used\\n  a: wrong");`);
    const { code, text } = await project.pulumi("preview");
    expect(code).not.toBe(0);
    expect(text).toContain("looking around");
    expect(text).toContain("error: Pulumi.test.yaml cannot be used\n      a: wrong");
    expect(text).not.toContain("    at ");
  });

  it.each(["SIGINT", "SIGKILL"] as const)("ends with the CLI on %s", async (signal) => {
    const { directory, project } = await start(`
      import { readFileSync, writeFileSync } from "node:fs";
      const parent = /^PPid:\\t(\\d+)$/m.exec(readFileSync("/proc/" + process.ppid + "/status", "utf8"));
      writeFileSync("pids", [parent![1], process.ppid, process.pid].join(" "));
      console.log("waiting");
      setInterval(() => {}, 1000);`);
    const running = project.start("preview");
    await running.saw("waiting");
    const text = await readFile(join(directory, "pids"), "utf8");
    const [cli = 0, host = 0, program = 0] = text.split(" ").map(Number);
    process.kill(cli, signal);
    // The first interrupt asks the engine to stop, the second does not wait for the program.
    if (signal === "SIGINT") process.kill(cli, signal);
    await running.outcome;
    await waitUntilGone(host);
    await waitUntilGone(program);
  });
});

/** There is no event for the end of a process that is not a child. */
async function waitUntilGone(pid: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error(`process ${pid} still runs`);
}
