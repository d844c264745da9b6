/**
 * Installs the npm packages and bundles the sources of a clone. run.mjs starts it under a lock, so that two runs at
 * once do not do it to each other.
 */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, isOutdated, root } from "./build.mjs";

/** Ends the run with what is wrong and the way out. */
export function fail(message) {
  console.error(`swarm: ${message}`);
  process.exit(1);
}

/** Whether an installed package differs from package-lock.json. By content: times say nothing after a checkout. */
function packagesOutdated() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return true;
  const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const found = packages(installed);
  return Object.entries(packages(join(root, "package-lock.json"))).some(
    ([path, { version, optional }]) =>
      path !== "" && (found[path] === undefined ? !optional : found[path].version !== version),
  );
}

function installPackages() {
  const folder = join(root, "node_modules");
  // npm would empty what the link leads to, under the feet of whoever works there.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail(
      `npm packages: ${folder} is a link to packages that are not those of package-lock.json. Run npm ci where it ` +
        "leads to, or remove the link.",
    );
  }
  console.error("npm packages: installing what package-lock.json lists …");
  const started = Date.now();
  // Install scripts are left out: they download Pulumi plugins and compile accelerators, and nothing here needs them.
  // Warnings, too: Pulumi's SDK asks for Node 22 and runs on 20.
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync("npm", ["ci", "--include=dev", ...quiet], {
    cwd: root,
    stdio: "inherit",
  });
  if (error)
    fail(`npm cannot be started (${error.message}); it comes with Node.js, is it on PATH?`);
  if (status !== 0) {
    fail(
      `npm packages: npm ci ended with code ${status}, see above. If no package registry was reached: check the ` +
        "network, or name a mirror with npm config set registry URL.",
    );
  }
  console.error(`npm packages: installed (${Math.round((Date.now() - started) / 1000)} s)`);
}

/** Whether there is anything to install or to bundle. */
export function isNeeded() {
  return packagesOutdated() || isOutdated();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (packagesOutdated()) installPackages();
  try {
    if (isOutdated()) await build();
  } catch (error) {
    fail(`dist: the sources cannot be bundled: ${error.message}`);
  }
}
