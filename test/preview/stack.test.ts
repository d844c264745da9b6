import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Project, Workspace } from "./harness";

/*
 * The whole program with stack files, in the real engine. No machine answers: what is looked at is what a preview says
 * of files before anything is asked of a swarm.
 */

const root = resolve(__dirname, "../..");
const hostKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL admin@console";
const cluster = {
  "swarm:ssh": { agent: "/nowhere/agent.socket" },
  "swarm:hosts": {
    "manager-1": { role: "manager", address: "127.0.0.1", hostKey, ssh: { port: 1 } },
  },
};

let workspace: Workspace;
let program = "";

jest.setTimeout(120_000);

beforeAll(async () => {
  workspace = await Workspace.open();
  const script = `
    import { build } from "esbuild";
    const { outputFiles } = await build({
      entryPoints: ["index.ts"],
      bundle: true,
      write: false,
      platform: "node",
      target: "node20",
      external: ["@pulumi/pulumi"],
      logLevel: "error",
    });
    process.stdout.write(outputFiles[0].text);`;
  const words = ["--input-type=module", "-e", script];
  const options = { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 } as const;
  program = spawnSync(process.execPath, words, options).stdout;
});

afterAll(async () => {
  await workspace.close();
});

/** A project with the program, a configuration and stack files. */
async function project(stacks: object, files: Record<string, string>): Promise<Project> {
  const made = await workspace.project('require("./program.js");');
  await writeFile(join(made.directory, "program.js"), program);
  await mkdir(join(made.directory, "stacks"));
  for (const [name, text] of Object.entries(files))
    await writeFile(join(made.directory, "stacks", name), text);
  await made.configure({ ...cluster, "swarm:stacks": stacks });
  return made;
}

it("says everything wrong with files and configuration at once, and makes nothing", async () => {
  const made = await project(
    { shop: { files: ["stacks/shop.yml"], prun: true }, blog: { file: "stacks/blog.yml" } },
    {
      "shop.yml": "services: { web: { image: nginx } }\n",
      "blog.yml": "services:\n  web:\n    image: nginx:${TAG}\n    prots: []\n  api: {}\n",
    },
  );
  const { code, text } = await made.preview();
  expect(code).not.toBe(0);
  expect(text).toContain("Pulumi.test.yaml cannot be used; nothing was touched.");
  expect(text).toContain('stacks.shop.prun: unknown key. Did you mean "prune"?');
  for (const place of [
    "blog.yml:3:12 services.web.image",
    "blog.yml:4:5 services.web.prots",
    "blog.yml:5:8",
  ])
    expect(text).toContain(`stacks/${place}`);
  expect(text).not.toContain("swarm:index:Cluster");
});

it("previews what the files declare, with their warnings, and shows no secret", async () => {
  const made = await project(
    { shop: { file: "stacks/shop.yml", secrets: { password: { value: "hidden-value" } } } },
    {
      "shop.yml":
        "services: { web: { image: nginx, container_name: web, secrets: [password] } }\n" +
        "secrets: { password: { external: true } }\n",
    },
  );
  const { code, text } = await made.preview();
  expect([code, text]).toEqual([0, expect.any(String)]);
  for (const name of [
    "Service::shop.web",
    "Network::shop.default",
    "Secret::shop.password",
    "Namespace::shop",
  ])
    expect(text).toContain(`swarm:index:Stack$swarm:index:${name}`);
  expect(text).toContain("stacks/shop.yml:1:34 services.web.container_name: has no effect");
  expect(text).not.toContain("hidden-value");
});
