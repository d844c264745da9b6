/** `node tools/pictures.mjs`: draws the pictures of docs/images anew, with Debian's Chromium. */
import { spawnSync } from "node:child_process";
import { build, bundle, isOutdated, root } from "./build.mjs";

if (isOutdated()) await build();
const program = `${root}/.swarm/pictures/map.js`;
await bundle(`${root}/test/pictures/map.ts`, program);
process.exitCode =
  spawnSync(process.execPath, [program], { cwd: root, stdio: "inherit" }).status ?? 1;
