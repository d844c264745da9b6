/**
 * An unchanged `npm run preview` of the stack that is up, drift looked for on every machine, against the preview of a
 * Pulumi program that declares nothing: what is left is this project's own share.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { command, compare } from "./comparison";

const ROUNDS = 5;
const folder = resolve(".swarm", "bench", "empty");

const npm = (task: string, ...words: readonly string[]) => [
  "npm",
  "run",
  "-s",
  task,
  "--",
  ...words,
];
const empty = { PULUMI_BACKEND_URL: `file://${folder}/state`, PULUMI_CONFIG_PASSPHRASE: "empty" };
const onEmpty = (...words: readonly string[]) =>
  command(npm("pulumi", ...words, "-C", folder), empty);

interface Plan {
  readonly changeSummary?: Readonly<Record<string, number>>;
}

async function expectUnchanged(): Promise<void> {
  const { changeSummary = {} } = JSON.parse(await command(npm("preview", "--json"))) as Plan;
  const changes = Object.keys(changeSummary).filter((op) => op !== "same");
  if (changes.length === 0) return;
  throw new Error(
    `preview: got changes (${changes.join(", ")}); expected none. Run npm run up first.`,
  );
}

async function makeEmpty(): Promise<void> {
  mkdirSync(`${folder}/state`, { recursive: true });
  const runtime = { name: "nodejs", options: { tsconfig: resolve("tsconfig.pulumi.json") } };
  writeFileSync(`${folder}/Pulumi.yaml`, JSON.stringify({ name: "empty", runtime }));
  writeFileSync(`${folder}/package.json`, JSON.stringify({ name: "empty", main: "index.ts" }));
  writeFileSync(`${folder}/index.ts`, 'import "@pulumi/pulumi";\n');
  if (!existsSync(`${folder}/state/.pulumi/stacks/empty/empty.json`)) {
    await onEmpty("stack", "init", "empty");
  }
}

async function main(): Promise<void> {
  await expectUnchanged();
  await makeEmpty();
  await compare("unchanged preview", ROUNDS, [
    { name: "empty program", run: () => onEmpty("preview", "--stack", "empty") },
    { name: "this stack", run: () => command(npm("preview")) },
  ]);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
