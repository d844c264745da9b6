#!/usr/bin/env node
/**
 * `npm run <task>` from a bare clone: sees to the npm packages and the bundles, then hands over to dist/tools/main.js.
 * Plain JavaScript without a dependency, because it runs before there are any.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fail, isNeeded } from "./bootstrap.mjs";
import { root } from "./build.mjs";

const oldestNode = [20, 19];

function checkMachine() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    fail(
      `Node.js: got ${process.version} (${process.execPath}); expected ${oldestNode.join(".")} or newer. ` +
        "Install a newer one from nodejs.org or with your version manager.",
    );
  }
  if (process.platform !== "linux") {
    fail(
      `operating system: got ${process.platform}; expected linux for npm run. For machines that exist, ` +
        "npm ci, node tools/build.mjs and an installed Pulumi will do: pulumi up -s prod. The lab needs Linux; a virtual machine is fine.",
    );
  }
}

/** State, keys and disks are for nobody else on this machine; an older clone's folder was open to all. */
function closeFolder() {
  const folder = join(root, ".swarm");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** The lock belongs to the open file of the process itself: the kernel frees it when that ends, in whatever way. */
function bootstrap() {
  mkdirSync(join(root, ".swarm", "locks"), { recursive: true });
  const locked = (...options) => {
    const lock = join(root, ".swarm", "locks", "bootstrap");
    const command = [process.execPath, join(root, "tools", "bootstrap.mjs")];
    const flock = ["--no-fork", "--conflict-exit-code", "75", ...options, lock, ...command];
    const { status, error } = spawnSync("flock", flock, { stdio: "inherit" });
    if (error) fail("the program flock is missing; install the package util-linux");
    return status;
  };
  let status = locked("--nonblock");
  if (status === 75) {
    console.error("another run is installing or bundling in this clone; waiting for it …");
    status = locked("--timeout", "1800");
  }
  if (status === 75)
    fail("the other run still installs or bundles after 30 min; end it and try again");
  if (status !== 0) process.exit(status ?? 1);
}

checkMachine();
closeFolder();
if (isNeeded()) bootstrap();
process.chdir(root);
await import(pathToFileURL(join(root, "dist", "tools", "main.js")).href);
