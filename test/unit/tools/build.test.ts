import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(__dirname, "../../..");

/** Everything that goes into the bundles, as esbuild finds it, and everything that a change of makes them outdated. */
const script = `
  import { build } from "esbuild";
  import { bundles, sources } from "./tools/build.mjs";
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
  console.log(
    JSON.stringify({ bundled: Object.keys(metafile.inputs), sources: sources(), packages }),
  );
`;

interface Bundled {
  readonly bundled: readonly string[];
  readonly sources: readonly string[];
  /** Packages and parts of Node by entry point. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
}

describe("the bundles", () => {
  let found: Bundled;
  beforeAll(() => {
    const words = ["--input-type=module", "-e", script];
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
    if (stderr !== "") throw new Error(stderr);
    found = JSON.parse(stdout) as Bundled;
  });

  it("are outdated when any file changes that they are made of", () => {
    const watched = new Set(found.sources);
    expect(found.bundled.length).toBeGreaterThan(100);
    expect(found.bundled.filter((file) => !watched.has(resolve(root, file)))).toEqual([]);
  });

  it("read stack files without Pulumi and without a connection to anything", () => {
    const packages = found.packages["stack/main.ts"] ?? [];
    expect(packages).toContain("yaml");
    expect(packages.filter((name) => /pulumi|ssh2|grpc/.test(name))).toEqual([]);
  });
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
