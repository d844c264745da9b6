/**
 * What is written in docs/ out of the sources: the reference of the public door, and the page about what can go wrong.
 *
 *   node dist/reference/main.js write    makes both anew
 *   node dist/reference/main.js check    says what in them is not as the sources have it
 *
 * Exit code: 0 done, 1 not done.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, filesUnder, readSources } from "./files";
import { makeReference } from "./typedoc";
import { troubleshooting } from "./troubleshooting";

const root = process.cwd();
const folder = "docs/reference";
const page = "docs/troubleshooting.md";
/** What the page begins with. */
const head = "reference/head.md";
/** What was found to be fresh last time, as one hash: the reference takes seconds to make. */
const noted = join(root, ".swarm", "check", "reference");

function write(): number {
  makeReference(root, join(root, folder));
  writeFileSync(join(root, page), freshPage());
  return 0;
}

function check(): number {
  const hash = hashOfAll();
  if (textOf(noted) === hash) return 0;
  const stale = textOf(join(root, page)) === freshPage() ? [] : [page];
  const fresh = mkdtempSync(join(tmpdir(), "swarm-reference-"));
  try {
    makeReference(root, fresh);
    stale.push(...differences(join(root, folder), fresh).map((file) => `${folder}/${file}`));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  for (const file of stale)
    console.error(`${file}: not as the sources have it. Run \`npm run reference\`.`);
  if (stale.length > 0) return 1;
  mkdirSync(join(noted, ".."), { recursive: true });
  writeFileSync(noted, hash);
  return 0;
}

function freshPage(): string {
  return troubleshooting(readFileSync(join(root, head), "utf8"), readSources(root));
}

/** Everything that the two are made of, and the two. */
function hashOfAll(): string {
  const hash = createHash("sha256");
  const made = filesUnder(join(root, folder)).map((file) => `${folder}/${file}`);
  const others = ["package-lock.json", "typedoc.json", "tsconfig.json", "tsconfig.package.json"];
  for (const { file, text } of readSources(root)) hash.update(`${file}\0${text}\0`);
  for (const file of [...others, head, page, ...made])
    hash.update(`${file}\0${textOf(join(root, file)) ?? ""}\0`);
  return hash.digest("hex");
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const commands: Readonly<Record<string, () => number>> = { write, check };
const [word = ""] = process.argv.slice(2);
const command = commands[word];
if (command === undefined) {
  console.error(`reference: got "${word}"; expected one of ${Object.keys(commands).join(", ")}`);
  process.exitCode = 1;
} else process.exitCode = command();
