/** Bundles the entry points into dist/. Called by run.mjs, and by hand after `npm ci`: `node tools/build.mjs`. */
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const stamp = join(dist, ".inputs");

/** Output → source. Those without .js are executables that Pulumi looks for by this name. */
export const bundles = {
  "tools/main.js": "tools/main.ts",
  "provider/pulumi-resource-swarm": "lab-provider/main.ts",
  "random/pulumi-resource-random": "tools/random-plugin/main.ts",
  "language/pulumi-language-nodejs": "tools/language-host/main.ts",
  "language/runner.js": "tools/language-host/runner.ts",
  "lab/main.js": "lab/main.ts",
  "status/main.js": "status/main.ts",
  "tasks/main.js": "tasks/main.ts",
  "operations/main.js": "operations/main.ts",
  "inspection/main.js": "inspection/main.ts",
  "adoption/main.js": "adoption/main.ts",
  "stack/main.js": "stack/main.ts",
  "schema/main.js": "schema/main.ts",
  "reference/main.js": "reference/main.ts",
  "map/main.js": "map/main.ts",
};

/** What runs in a browser: output → source. */
const pages = {
  "map/page.js": "map/page/main.tsx",
  "map/page.css": "map/page/page.css",
};

/** What bundles are made by, beside the sources that esbuild finds in them. */
const makers = ["package-lock.json", "tools/build.mjs", "tsconfig.json"];

/** Path, size and time of each file, a line for one: contents need not be read. */
function fingerprint(files) {
  const line = (file) => {
    const { size, mtimeMs } = statSync(join(root, file), { throwIfNoEntry: false }) ?? {};
    return `${file}\0${size}\0${mtimeMs}`;
  };
  return files.map(line).join("\n");
}

/**
 * Whether dist/ is not what its sources say. Those alone are looked at: a program that is edited, and what lies
 * beside it, are in no bundle.
 */
export function isOutdated() {
  if (!existsSync(stamp)) return true;
  const made = readFileSync(stamp, "utf8");
  return made !== fingerprint(made.split("\n").map((line) => line.split("\0", 1)[0]));
}

/** What the Pulumi SDK reads to send functions to the engine, as no plugin of ours does: two MiB that are left out. */
const unsent = {
  name: "unsent",
  setup(build) {
    build.onResolve({ filter: /^@npmcli\/arborist$/ }, ({ path }) => ({
      path,
      namespace: "unsent",
    }));
    build.onLoad({ filter: /./, namespace: "unsent" }, () => ({
      contents: "module.exports = {};",
    }));
  },
};

/** How a bundle for Node 20 is made, as one CommonJS file. */
const forNode = {
  platform: "node",
  target: "node20",
  format: "cjs",
  // A shell script is imported as its text.
  loader: { ".sh": "text" },
  // Its other build asks import.meta where it lies, which nothing in a bundle of this format can answer.
  alias: { openpgp: "./node_modules/openpgp/dist/node/openpgp.min.cjs" },
  // ssh2's optional native parts: it does without them. What starts browsers, which looks for its own files. And the
  // compiler, which is read where it lies: it is large.
  external: ["cpu-features", "*.node", "playwright-core", "typescript"],
  plugins: [unsent],
  banner: { js: "#!/usr/bin/env node" },
};

/** How one for a browser is made: a script that needs no other file, or a style sheet. */
const forBrowser = {
  platform: "browser",
  target: ["chrome115", "firefox115", "safari16.4"],
  format: "iife",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
};

/**
 * Bundles one entry point into one file, for a browser where the source is a part of a page.
 *
 * @param options - of esbuild, beside and before those that every bundle has
 */
export async function bundle(source, output, options = {}) {
  const esbuild = await import("esbuild");
  const temporary = `${output}.${process.pid}.tmp`;
  const isPage = /\.(tsx|css)$/.test(source);
  const kind = isPage ? forBrowser : forNode;
  mkdirSync(dirname(output), { recursive: true });
  try {
    const { external = [], ...others } = options;
    const result = await esbuild.build({
      entryPoints: [source],
      outfile: temporary,
      absWorkingDir: root,
      bundle: true,
      logLevel: "warning",
      metafile: true,
      ...kind,
      ...others,
      external: [...(kind.external ?? []), ...external],
    });
    if (!isPage) chmodSync(temporary, 0o755);
    renameSync(temporary, output);
    return result;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Bundles everything. Each output is replaced in one step: a run that uses the old one is not disturbed. */
export async function build() {
  const began = Date.now();
  const results = await Promise.allSettled(
    Object.entries({ ...bundles, ...pages }).map(([output, source]) =>
      bundle(source, join(dist, output)),
    ),
  );
  const failed = results.filter(({ status }) => status === "rejected");
  if (failed.length > 0) throw new Error(failed.map(({ reason }) => reason.message).join("\n"));
  const inputs = results.flatMap(({ value }) => Object.keys(value.metafile.inputs));
  const own = inputs.filter((file) => !/(^|\/)node_modules\/|^unsent:/.test(file));
  const files = [...new Set([...makers, ...own])].sort();
  // Before the look at what was saved meanwhile, which may not be in them: what is saved after it differs from this.
  const made = fingerprint(files);
  // By this machine's clock, as times of changes are.
  const isCurrent = (file) =>
    statSync(join(root, file), { throwIfNoEntry: false })?.ctimeMs < began;
  if (files.every(isCurrent)) writeFileSync(stamp, made);
  else rmSync(stamp, { force: true });
}

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  if (isOutdated()) await build();
}
