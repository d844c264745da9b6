/**
 * What other programs read of this one, kept in schema/: the schema that the plugin serves, and that of a stack's
 * configuration file for editors; and the components' part of the first, of which the plugin is made.
 *
 *   node dist/schema/main.js write      makes the records anew; refuses what would break programs without a new version
 *   node dist/schema/main.js check      says what in them is not as the sources have it
 *   node dist/schema/main.js settings   prints the configuration's for the package, which has no lab
 *
 * Exit code: 0 done, 1 not done.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { labFreeSchema } from "../cluster/configuration";
import { packageSchema } from "../provider/adapter/schema";
import { resourceTypes } from "../provider/types";
import { version } from "../package.json";
import { breakingChanges, mayBreak } from "./breaking";
import { componentsSchema } from "./components";
import { settingsJsonSchema } from "./settings";
import { sorted } from "./sorted";

const root = process.cwd();
const providerFile = "schema/provider.json";
const settingsFile = "schema/settings.json";
/** Which the plugin is made of. */
const componentsFile = "plugin/schema.json";

function text(value: object): string {
  return `${JSON.stringify(sorted(value), undefined, 2)}\n`;
}

function fresh(): Record<string, string> {
  const components = componentsSchema(root);
  const provider = packageSchema({
    version,
    types: resourceTypes,
    configuration: labFreeSchema,
    components,
  });
  return {
    [componentsFile]: text(components),
    [providerFile]: text(provider),
    [settingsFile]: text(settingsJsonSchema(root, true)),
  };
}

function recorded(file: string): string {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** What would break programs that were written for the recorded version. */
function broken(now: string): string[] {
  const before = recorded(providerFile);
  if (before === "") return [];
  const old = JSON.parse(before) as { readonly version: string };
  if (mayBreak(old.version, version)) return [];
  return breakingChanges(
    old as object as Record<string, unknown>,
    JSON.parse(now) as Record<string, unknown>,
  );
}

function write(): number {
  const files = fresh();
  const problems = broken(files[providerFile] ?? "");
  if (problems.length > 0) {
    console.error(
      `schema: these would break programs that use version ${version}; take them back, or raise the version in ` +
        `package.json:\n${problems.map((line) => `  ${line}`).join("\n")}`,
    );
    return 1;
  }
  for (const [file, content] of Object.entries(files)) writeFileSync(join(root, file), content);
  return 0;
}

function check(): number {
  const old = Object.entries(fresh()).filter(([file, content]) => recorded(file) !== content);
  for (const [file] of old)
    console.error(`${file}: not as the sources have it. Run \`npm run schema\`.`);
  return old.length === 0 ? 0 : 1;
}

function settings(): number {
  process.stdout.write(text(settingsJsonSchema(root, false)));
  return 0;
}

const commands: Readonly<Record<string, () => number>> = { write, check, settings };
const [word = ""] = process.argv.slice(2);
const command = commands[word];
if (command === undefined) {
  console.error(`schema: got "${word}"; expected one of ${Object.keys(commands).join(", ")}`);
  process.exitCode = 1;
} else process.exitCode = command();
