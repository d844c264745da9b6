import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { copyFiles, repository as root } from "../../repository";

/** When all files of the clone were saved, in seconds. */
const SAVED = 1_700_000_000;

describe("the bundles of a clone", () => {
  const clone = mkdtempSync(join(tmpdir(), "swarm-build-"));
  const run = (script: string): string => {
    const words = ["--input-type=module", "-e", script];
    return execFileSync(process.execPath, words, { cwd: clone, encoding: "utf8" }).trim();
  };
  const isOutdated = () =>
    run(`import { isOutdated } from "./tools/build.mjs"; console.log(isOutdated());`);

  beforeAll(() => {
    for (const file of copyFiles(clone)) utimesSync(file, SAVED, SAVED);
    symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
    expect(isOutdated()).toBe("true");
    run(`import { build } from "./tools/build.mjs"; await build();`);
  }, 60_000);
  afterAll(() => {
    rmSync(clone, { recursive: true });
  });

  it.each([
    ["a source", "hosts/gossip.ts"],
    ["a script for machines", "hosts/scripts/facts.sh"],
    ["a page", "map/page/page.css"],
    ["what the page is made of", "map/page/main.tsx"],
    ["data", "package.json"],
    ["the packages", "package-lock.json"],
    ["how they are made", "tools/build.mjs"],
  ])("are outdated once %s changed, and current when it is as it was", (_, file) => {
    const path = join(clone, file);
    expect(isOutdated()).toBe("false");
    utimesSync(path, SAVED, SAVED + 1);
    expect(isOutdated()).toBe("true");
    utimesSync(path, SAVED, SAVED);
    expect(isOutdated()).toBe("false");
  });

  it("are outdated when a source is gone", () => {
    const path = join(clone, "hosts/gossip.ts");
    renameSync(path, `${path}.away`);
    expect(isOutdated()).toBe("true");
    renameSync(`${path}.away`, path);
  });

  it.each(["index.ts", "services.json", "mine/more.ts", "test/unit/tools/build.test.ts"])(
    "are current when somebody writes a program of their own: %s",
    (file) => {
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      writeFileSync(join(clone, file), "{}");
      expect(isOutdated()).toBe("false");
    },
  );

  it("are outdated when a source was saved while they were made", () => {
    run(`
      import { build } from "./tools/build.mjs";
      import { utimesSync } from "node:fs";
      const made = build();
      setTimeout(() => utimesSync("hosts/gossip.ts", 1, 1), 50);
      await made;
    `);
    expect(isOutdated()).toBe("true");
  }, 60_000);
});

/** What each bundle needs that is not the clone's. */
const needs = `
  import { build } from "esbuild";
  import { bundles } from "./tools/build.mjs";
  const { metafile } = await build({
    entryPoints: Object.values(bundles),
    outdir: "dist/none",
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    packages: "external",
    loader: { ".sh": "text" },
  });
  const packages = Object.fromEntries(
    Object.values(metafile.outputs).map(({ entryPoint, imports }) => [
      entryPoint,
      imports.map(({ path }) => path),
    ]),
  );
  console.log(JSON.stringify(packages));
`;

test("stack files are read without Pulumi and without a connection to anything", () => {
  const words = ["--input-type=module", "-e", needs];
  const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
  expect(stderr).toBe("");
  const packages = (JSON.parse(stdout) as Readonly<Record<string, readonly string[]>>)[
    "stack/main.ts"
  ];
  expect(packages).toContain("yaml");
  expect(packages?.filter((name) => /pulumi|ssh2|grpc/.test(name))).toEqual([]);
});

/** Bundles without a way to take in a shell script: those are for the plugin and the tools. */
const programs = `
  import { build } from "esbuild";
  await build({
    entryPoints: ["index.ts", "public.ts"],
    outdir: "dist/none",
    bundle: true,
    write: false,
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
`;

test("a program of Pulumi's loads no script, which its language host cannot read", () => {
  const words = ["--input-type=module", "-e", programs];
  const { stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
  expect(stderr).toBe("");
});

test("packages are installed without their scripts, by hand too", () => {
  const { stdout } = spawnSync("npm", ["config", "get", "ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stdout.trim()).toBe("true");
});
