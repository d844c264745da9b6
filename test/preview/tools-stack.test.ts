import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chooseBackend } from "../../tools/backend";
import { clonePaths, type Paths } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi";
import { runPulumi, type Session } from "../../tools/session";
import { prepareStack, provideConfigured } from "../../tools/stack";
import { readStackFile } from "../../tools/stack-file";

/*
 * What the tasks do around Pulumi, with the real CLI and a folder that stands for a clone. No program runs: what is
 * looked at are the stack, its configuration and its state.
 */

const root = resolve(__dirname, "../..");
const configuration = "# why\nconfig:\n  swarm:protect: true\n";

jest.setTimeout(120_000);

let clone = "";
let session: Session;
let said: string[] = [];
const say = (line: string) => said.push(line);

beforeEach(async () => {
  const pulumi = await findPulumi(clonePaths(root));
  if (pulumi === undefined) throw new Error("Pulumi is not here yet; `npm test` gets it");
  clone = await mkdtemp(join(tmpdir(), "swarm-clone-"));
  await symlink(join(root, "package.json"), join(clone, "package.json"));
  await writeFile(join(clone, "Pulumi.yaml"), "name: swarm\nruntime: nodejs\n");
  await writeFile(join(clone, "Pulumi.dev.yaml"), configuration);
  const paths = clonePaths(clone);
  const home = { PULUMI_HOME: join(clone, "home") };
  const own = { ...pulumi, environment: { ...pulumi.environment, ...home } };
  session = { paths, pulumi: own, backend: await chooseBackend(paths, home) };
  said = [];
});

afterEach(async () => {
  await rm(clone, { recursive: true, force: true });
});

const prepare = async () => prepareStack(session, "dev", await readStackFile(clone, "dev"), say);
const stateFile = (paths: Paths) => join(paths.state, ".pulumi/stacks/swarm/dev.json");
const read = (file: string) => readFile(file, "utf8");

describe("prepareStack", () => {
  it("makes the stack once and leaves the committed configuration as it is", async () => {
    const file = await prepare();
    expect(file).toBe(join(clone, ".swarm/stacks/Pulumi.dev.yaml"));
    const given = await read(file);
    expect(given).toMatch(/^# why\nconfig:\n {2}swarm:protect: true\nencryptionsalt: v1:\S+\n$/);
    expect(await prepare()).toBe(file);
    expect(await read(file)).toBe(given);
    expect(await read(join(clone, "Pulumi.dev.yaml"))).toBe(configuration);
    expect(said).toEqual([]);
  });

  it("gives Pulumi what was edited since", async () => {
    const salt = (await read(await prepare())).split("\n").at(-2);
    await writeFile(join(clone, "Pulumi.dev.yaml"), "config:\n  swarm:protect: false");
    expect(await read(await prepare())).toBe(`config:\n  swarm:protect: false\n${salt ?? ""}\n`);
  });

  it("uses a file with an encryption of its own as it is", async () => {
    await runPulumi(session, clone, ["stack", "init", "--no-select", "dev"]);
    await runPulumi(session, clone, ["config", "set", "--secret", "-s", "dev", "swarm:key", "k"]);
    const committed = await read(join(clone, "Pulumi.dev.yaml"));
    expect(committed).toContain("encryptionsalt: v1:");
    expect(await prepare()).toBe(join(clone, "Pulumi.dev.yaml"));
    expect(await read(join(clone, "Pulumi.dev.yaml"))).toBe(committed);
  });
});

describe("provideConfigured", () => {
  const set = ["config", "set", "--stack", "dev", "--secret", "swarm:key", "k"];

  it("makes the stack for which a secret is set before there is anything else", async () => {
    await provideConfigured(session, set);
    expect(await read(join(clone, "Pulumi.dev.yaml"))).toBe(configuration);
    await runPulumi(session, clone, set);
    const committed = await read(join(clone, "Pulumi.dev.yaml"));
    expect(committed).toContain("encryptionsalt: v1:");
    expect(await prepare()).toBe(join(clone, "Pulumi.dev.yaml"));
    await provideConfigured(session, set);
    expect(await read(join(clone, "Pulumi.dev.yaml"))).toBe(committed);
  });

  it.each([
    [["config", "set", "--stack", "stage", "swarm:key", "k"]],
    [["config", "set", "swarm:key", "k"]],
    [["stack", "export", "--stack", "dev"]],
  ])("makes none for %j", async (words) => {
    await provideConfigured(session, words);
    await expect(read(stateFile(session.paths))).rejects.toThrow("ENOENT");
  });
});

describe("after a killed run", () => {
  const locks = () => join(session.paths.state, ".pulumi/locks/organization/swarm/dev");
  const lock = async (pid: number, host = hostname()) => {
    await mkdir(locks(), { recursive: true });
    const content = { pid, username: "user", hostname: host, timestamp: "2026-01-01T00:00:00Z" };
    await writeFile(join(locks(), "a.json"), JSON.stringify(content));
    return async () => (await readdir(locks())).includes("a.json");
  };
  /** The number of a process that has ended. */
  const gone = () => spawnSync("true").pid;

  it("clears the lock and forgets what was being done", async () => {
    await prepare();
    const file = stateFile(session.paths);
    const state = JSON.parse(await read(file)) as {
      checkpoint: { latest: Record<string, unknown> };
    };
    const urn = "urn:pulumi:dev::swarm::swarm:index:Network::front";
    const resource = { urn, custom: true, type: "swarm:index:Network" };
    state.checkpoint.latest.pending_operations = [{ resource, type: "creating" }];
    await writeFile(file, JSON.stringify(state));

    const isLocked = await lock(gone());
    await prepare();
    expect(await isLocked()).toBe(false);
    expect(await read(file)).not.toContain('"creating"');
    expect(said).toEqual([
      "stack dev: the last run was killed; its lock is cleared",
      "stack dev: what the last run was at is looked for again",
    ]);
  });

  it("clears the lock when its number belongs to another program by now", async () => {
    await prepare();
    const isLocked = await lock(process.pid);
    await prepare();
    expect(await isLocked()).toBe(false);
  });

  it("leaves the lock of another machine alone", async () => {
    await prepare();
    const isLocked = await lock(gone(), "elsewhere");
    await prepare();
    expect(await isLocked()).toBe(true);
    expect(said).toEqual([]);
  });
});
