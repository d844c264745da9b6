import { appendFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { ENGINES } from "../../lab/packages/engines";
import packageJson from "../../package.json";

/** Where `npm run bench` wants what is printed as well. @default - nowhere: a benchmark that is run by itself */
const file = process.env.SWARM_BENCH_RESULTS;

/** As it was before this benchmark did anything. */
const [load = 0] = loadavg();

let isBegun = false;

/** Prints text, and keeps it for the file with all results. */
export function report(text: string): void {
  console.log(text);
  if (file === undefined) return;
  if (!isBegun) appendFileSync(file, `${circumstances()}\n\n`);
  isBegun = true;
  appendFileSync(file, `\`\`\`text\n${text}\n\`\`\`\n\n`);
}

/** What figures depend on, in one line. */
function circumstances(): string {
  const [engine] = ENGINES;
  return [
    new Date().toISOString().slice(0, 16).replace("T", " ") + " UTC",
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"})`,
    `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `Linux ${release()}`,
    `load ${load.toFixed(1)} at the start`,
    `Node.js ${process.versions.node}`,
    `Pulumi ${packageJson.dependencies["@pulumi/pulumi"]}`,
    `Docker ${engine?.engine ?? "none"} (the lab's)`,
  ].join(" · ");
}
