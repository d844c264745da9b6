/**
 * The npm package as a stranger has it: unpacked into an empty folder beside nothing of this repository, compiled
 * strictly, previewed with the plugin that is in it, and with one that Pulumi gets from a release's server.
 */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { version } from "../../package.json";
import { clonePaths } from "../../tools/paths";
import { findPulumi } from "../../tools/pulumi";
import { Project } from "./harness";

const root = resolve(__dirname, "../..");
const run = promisify(execFile);
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL";

/** A port of the loopback address on which nothing listens, because this file keeps it for its own server. */
let closed = 0;
let folder = "";
let project: Project;
/** Requests to the release's server. */
const asked: string[] = [];
const server = createServer((request, response) => {
  const file = join(root, "dist", basename(request.url ?? ""));
  asked.push(basename(file));
  if (!existsSync(file)) response.writeHead(404).end();
  else response.end(readFileSync(file));
});

jest.setTimeout(180_000);

beforeAll(async () => {
  closed = await portOf(createServer());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const words = ["tools/pack.mjs", "--server", "https://example.org/plugins"];
  await run(process.execPath, words, { cwd: root });
  folder = await mkdtemp(join(tmpdir(), "swarm-package-"));
  const unpacked = join(folder, "node_modules", "pulumi-swarm");
  await mkdir(unpacked, { recursive: true });
  const archive = join(root, "dist", `pulumi-swarm-${version}.tgz`);
  await run("tar", ["-xzf", archive, "--strip-components=1", "-C", unpacked]);
  // What npm would get from its registry.
  for (const name of ["@pulumi", "@types"])
    await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
  await mkdir(join(folder, "state"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ main: "index.ts" }));
  const strict = {
    strict: true,
    module: "nodenext",
    target: "es2022",
    noEmit: true,
    types: ["node"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: strict }));
  project = await open();
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A free port, no longer listened on. */
async function portOf(listener: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const { port } = listener.address() as AddressInfo;
  await new Promise((done) => listener.close(done));
  return port;
}

async function open(): Promise<Project> {
  const pulumi = await findPulumi(clonePaths(root));
  if (pulumi === undefined) throw new Error("Pulumi is not here yet; `npm test` gets it");
  const { HOME, PATH } = process.env;
  const environment = {
    HOME,
    PATH,
    ...pulumi.environment,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  await settle([{ name: "swarm", path: "node_modules/pulumi-swarm/plugin" }]);
  const opened = new Project(folder, environment, pulumi.command);
  await opened.pulumi("stack", "init", "test");
  return opened;
}

/** Writes Pulumi.yaml. */
async function settle(providers: readonly object[]): Promise<void> {
  const settings = { name: "shop", runtime: "nodejs", plugins: { providers } };
  await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify(settings));
}

async function write(program: string): Promise<void> {
  await writeFile(join(folder, "index.ts"), program);
}

async function compile(...flags: readonly string[]): Promise<string> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const ended = run(process.execPath, [tsc, "-p", ".", ...flags], { cwd: folder });
  return ended.then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  );
}

function program(more = ""): string {
  return `
    import { Cluster, endpointsOn, Network, onCluster, Service } from "pulumi-swarm";
    const cluster = new Cluster("cluster", {
      ssh: { password: "none", port: ${closed} },
      hosts: { "manager-1": { role: "manager", address: "127.0.0.1", hostKey: "${hostKey}" } },
    });
    const front = new Network("front", {}, onCluster(cluster));
    new Service(
      "web",
      { image: "nginx:1", networks: [{ target: front.name }], ports: [{ target: 80, published: 8080 }] },
      onCluster(cluster, front),
    );
    export const urls = endpointsOn(cluster, 8080);
    ${more}`;
}

const unreachable =
  /manager-1: no connection to manager-1 \(root@127\.0\.0\.1:\d+\): nothing listens/;

describe("the package", () => {
  it("is small: one file of JavaScript for each door, declarations, schemas, and the plugin", async () => {
    const archive = join(root, "dist", `pulumi-swarm-${version}.tgz`);
    const { stdout } = await run("tar", ["-tzf", archive]);
    const files = stdout.split("\n").filter((name) => name !== "");
    const others = files.filter((name) => !/\/types\/(components|resources|settings)\//.test(name));
    expect(others.map((name) => name.replace("package/", "")).sort()).toEqual([
      "LICENSE",
      "README.md",
      "THIRD-PARTY.txt",
      "docker.d.ts",
      "docker.js",
      "index.d.ts",
      "index.js",
      "package.json",
      "plugin/pulumi-resource-swarm",
      "schema.json",
      "settings.json",
      "types/public.d.ts",
    ]);
    const plugin = await readFile(
      join(folder, "node_modules/pulumi-swarm/plugin/pulumi-resource-swarm"),
    );
    expect(plugin.length).toBeLessThan(4.5 * 1024 * 1024);
  });

  it("tells Pulumi which plugin it needs, and where a release has it", async () => {
    const file = join(folder, "node_modules/pulumi-swarm/package.json");
    const { pulumi } = JSON.parse(await readFile(file, "utf8")) as { pulumi: object };
    const server = "https://example.org/plugins";
    expect(pulumi).toEqual({ resource: true, name: "swarm", version, server });
  });

  it("has a schema from which Pulumi can make packages for other languages", async () => {
    const schema = "node_modules/pulumi-swarm/schema.json";
    expect(await project.pulumi("schema", "check", schema)).toEqual({ code: 0, text: "" });
  });

  it("compiles strictly, its declarations too, and refuses what the arguments do not have", async () => {
    await write(program());
    expect(await compile()).toBe("");
    await write(
      program(`
        new Service("bad", { image: "a", mode: "sometimes" }, onCluster(cluster));
        new Cluster("lab", { lab: {}, hosts: {} });`),
    );
    const refused = await compile("--skipLibCheck");
    expect(refused).toMatch(/Type '"sometimes"' is not assignable to type/);
    expect(refused).toContain("'lab' does not exist in type 'ClusterArgs'");
  });

  it("previews with the plugin in it: what cannot be reached is said, and nothing stops", async () => {
    await write(program());
    const { code, text } = await project.pulumi("preview");
    expect(text).toMatch(unreachable);
    expect(text).toContain("+ 9 to create");
    expect(text).toContain("http://127.0.0.1:8080");
    expect(code).toBe(0);
  });

  it("previews with a plugin from a release's server", async () => {
    await settle([]);
    const { port } = server.address() as AddressInfo;
    const from = ["--server", `http://127.0.0.1:${port}`];
    const installed = await project.pulumi(
      "plugin",
      "install",
      "resource",
      "swarm",
      version,
      ...from,
    );
    expect(installed.text).toContain("Unpacking plugin");
    expect(asked).toContain(
      `pulumi-resource-swarm-v${version}-linux-${process.arch === "arm64" ? "arm64" : "amd64"}.tar.gz`,
    );
    const { code, text } = await project.pulumi("preview");
    expect(text).toMatch(unreachable);
    expect(code).toBe(0);
  });

  it("reads the same settings as the repository, but for the lab", async () => {
    await settle([{ name: "swarm", path: "node_modules/pulumi-swarm/plugin" }]);
    await write(`
      import { Cluster, deployStacks, readSettings } from "pulumi-swarm";
      const settings = readSettings();
      deployStacks(new Cluster("cluster", settings), settings.stacks);`);
    await writeFile(join(folder, "shop.yml"), 'services: { web: { image: "nginx:1" } }\n');
    const hosts = { "manager-1": { role: "manager", address: "192.0.2.1", hostKey } };
    const stacks = { shop: { files: ["shop.yml"] } };
    const config = {
      "swarm:hosts": hosts,
      "swarm:ssh": { password: "none" },
      "swarm:stacks": stacks,
    };
    const before = await readFile(join(folder, "Pulumi.test.yaml"), "utf8");
    const declare = async (more: object): Promise<void> => {
      const text = `${before}\nconfig: ${JSON.stringify({ ...config, ...more })}\n`;
      await writeFile(join(folder, "Pulumi.test.yaml"), text);
    };
    await declare({
      "swarm:lab": {},
      "swarm:hosts": { a: { role: "manager" } },
      "swarm:ssh": undefined,
    });
    expect((await project.pulumi("preview")).text).toContain(
      "lab: got a lab, which is part of this project's own repository and not of its package",
    );
    await declare({
      "swarm:hosts": {
        "manager-1": {
          ...hosts["manager-1"],
          address: "127.0.0.1",
          ssh: { port: closed, password: "none" },
        },
      },
    });
    const { code, text } = await project.pulumi("preview");
    expect(text).toMatch(unreachable);
    expect(text).toMatch(/swarm:index:Service +shop\.web +create/);
    expect(code).toBe(0);
  });
});
