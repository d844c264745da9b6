/**
 * `npm run pack`: the npm package, as dist/pulumi-swarm-VERSION.tgz. It holds the public door (public.ts) as one file
 * with its declarations, and the plugin; what they are made of is in them, with its licences in THIRD-PARTY.txt.
 *
 * `-- --server URL`: for a release. Pulumi then looks for the plugin at that URL, and the archives to put there are
 * made as well: dist/pulumi-resource-swarm-vVERSION-OS-ARCH.tar.gz.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { bundle, root } from "./build.mjs";

const dist = join(root, "dist");
const folder = join(dist, "package");
const declarations = join(dist, "declarations");
const clone = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { version, dependencies } = clone;

/** Name in the npm registry. */
const NAME = "pulumi-swarm";
const PLUGIN = "pulumi-resource-swarm";

/** Left out of the bundles: programs have them once, and share them with what else they use. */
const shared = ["@pulumi/pulumi", "@pulumi/random", "@pulumi/docker"];

/** What a declaration may name beside files of the package. */
const knownToAll = new Set(["@pulumi/pulumi", "@pulumi/docker"]);

/** Whatever a declaration names: `… from "x"` at the start of a line (not in a comment), or `import("x")`. */
const NAMED = /^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/gm;

/** Systems that the plugin runs on: one program for all, Node.js is what differs. */
const platforms = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"];

const doors = { index: "public", docker: "components/docker-provider" };

async function bundles() {
  const one = (source, output, options) =>
    bundle(source, join(folder, output), {
      ...options,
      minifyWhitespace: true,
      legalComments: "none",
    });
  const library = { external: shared, banner: {} };
  const results = await Promise.all([
    ...Object.entries(doors).map(([door, source]) => one(`${source}.ts`, `${door}.js`, library)),
    one("plugin/main.ts", join("plugin", PLUGIN), {}),
  ]);
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const own = inputs.filter((file) => /^(lab|lab-provider|tools|test)\//.test(file));
  if (own.length > 0)
    throw new Error(
      `${own.join(", ")}: of this repository alone; expected nothing of it in the package`,
    );
  return inputs;
}

/** The declarations that the doors lead to; the others are of no use to a program. */
function types() {
  rmSync(declarations, { recursive: true, force: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.package.json"], { cwd: root });
  const wanted = new Set();
  const follow = (file) => {
    if (wanted.has(file)) return;
    wanted.add(file);
    for (const [, clause, call] of readFileSync(file, "utf8").matchAll(NAMED)) {
      const name = clause ?? call;
      if (name.startsWith(".")) follow(join(dirname(file), `${name}.d.ts`));
      else if (!knownToAll.has(name))
        throw new Error(
          `${relative(declarations, file)}: names "${name}", which whoever uses the package need not have`,
        );
    }
  };
  for (const [door, source] of Object.entries(doors)) {
    follow(join(declarations, `${source}.d.ts`));
    writeFileSync(join(folder, `${door}.d.ts`), `export * from "./types/${source}";\n`);
  }
  for (const file of [...wanted].sort())
    cpSync(file, join(folder, "types", relative(declarations, file)));
}

/** The terms of everything that was bundled: they are to go where it goes. */
function licences(inputs) {
  const packages = new Set(
    inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  const sections = [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(root, path, "package.json"), "utf8"),
    );
    const files = readdirSync(join(root, path)).filter((file) =>
      /^(licen[cs]e|copying|notice)/i.test(file),
    );
    const texts = files.sort().map((file) => readFileSync(join(root, path, file), "utf8").trim());
    return [`${name} ${version} (${license})`, ...texts].join("\n\n");
  });
  return `${sections.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

function manifest(server) {
  const door = (name) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
  return {
    name: NAME,
    version,
    description: clone.description,
    license: clone.license,
    keywords: ["pulumi", "docker", "swarm"],
    engines: clone.engines,
    main: "./index.js",
    types: "./index.d.ts",
    exports: {
      ".": door("index"),
      "./docker": door("docker"),
      "./package.json": "./package.json",
    },
    dependencies: { "@pulumi/random": dependencies["@pulumi/random"] },
    peerDependencies: {
      "@pulumi/docker": `^${dependencies["@pulumi/docker"]}`,
      "@pulumi/pulumi": `^${dependencies["@pulumi/pulumi"]}`,
    },
    peerDependenciesMeta: { "@pulumi/docker": { optional: true } },
    // How Pulumi's language host learns which plugin a program needs.
    pulumi: { resource: true, name: "swarm", version, ...(server === undefined ? {} : { server }) },
  };
}

/** What a release puts at its URL: the name is what Pulumi asks for. */
function archives() {
  const plugin = join(folder, "plugin");
  const first = join(dist, `${PLUGIN}-v${version}-${platforms[0]}.tar.gz`);
  const alike = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  const packed = ["--use-compress-program=gzip -n", "-cf", first, "-C", plugin, PLUGIN];
  execFileSync("tar", [...alike, ...packed]);
  return platforms.map((platform) => {
    const file = join(dist, `${PLUGIN}-v${version}-${platform}.tar.gz`);
    if (file !== first) copyFileSync(first, file);
    return file;
  });
}

function serverOf(words) {
  const { server } = parseArgs({ args: words, options: { server: { type: "string" } } }).values;
  if (server === undefined || /^(https?|github|gitlab):\/\//.test(server)) return server;
  throw new Error(
    `--server: got "${server}"; expected a URL that Pulumi can get plugins from, such as https://example.org/plugins`,
  );
}

async function pack(words) {
  const server = serverOf(words);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const inputs = await bundles();
  types();
  writeFileSync(join(folder, "THIRD-PARTY.txt"), licences(inputs));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(server), null, 2)}\n`);
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  copyFileSync(join(root, "schema", "provider.json"), join(folder, "schema.json"));
  const settings = [join(dist, "schema", "main.js"), "settings"];
  writeFileSync(
    join(folder, "settings.json"),
    execFileSync(process.execPath, settings, { cwd: root }),
  );
  copyFileSync(join(root, "docs", "package.md"), join(folder, "README.md"));
  const npm = ["pack", "--silent", folder, "--pack-destination", dist];
  const archive = join(dist, execFileSync("npm", npm, { encoding: "utf8" }).trim());
  if (!existsSync(archive)) throw new Error(`${archive}: npm pack has not made it`);
  for (const file of [archive, ...(server === undefined ? [] : archives())])
    console.log(relative(root, file));
}

await pack(process.argv.slice(2)).catch((error) => {
  console.error(`pack: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
