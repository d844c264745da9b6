import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One thing said to a machine. */
export interface Call {
  /** What is said, without what differs from one time to the next: `POST /services/:/update`, `install-engine.sh`. */
  readonly kind: string;
  /** Whether it changes something there. */
  readonly changes: boolean;
}

const hosts = join(__dirname, "..", "..", "hosts");

/** The scripts of the program by name, the longest first: one may hold another. */
const scripts = readdirSync(hosts, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sh"))
  .map((name): [string, string] => [
    name.split("/").at(-1) ?? name,
    readFileSync(join(hosts, name), "utf8"),
  ])
  .sort(([, a], [, b]) => b.length - a.length);

const looks = /^(facts\.sh|listen\.sh|reach\.sh|read |cat |true$|kill |a script: )/;

/** Whether a command's input is a script, so that nothing is known of it before that has come. */
export function isScript(commandLine: string): boolean {
  return commandLine.includes(" bash -euo pipefail -s -- ") || commandLine.endsWith(" -s --");
}

/** What a command is, as `hosts/` starts it. @param input its whole input, where that is a script */
export function commandCall(commandLine: string, input: string): Call {
  const kind = isScript(commandLine) ? scriptKind(commandLine, input) : plainKind(commandLine);
  return { kind, changes: !looks.test(kind) };
}

function scriptKind(commandLine: string, input: string): string {
  const known = scripts.find(([, text]) => input.includes(text.trim()));
  if (known !== undefined) return known[0];
  const path = / -s -- '?([^' ]+)/.exec(commandLine)?.[1] ?? "";
  if (input.startsWith("{ umask 077\nfolder=")) return `write ${path}`;
  if (input.startsWith('{ [ -e "$1" ] || exit')) return `read ${path}`;
  return `a script: ${input.slice(2).split("\n", 1)[0] ?? ""}`;
}

function plainKind(commandLine: string): string {
  const words = / timeout -k 5 \d+ (.*)$/s.exec(commandLine)?.[1] ?? commandLine;
  return words.split(" ").slice(0, 3).join(" ").replaceAll(/\d+/g, "N");
}

/** The call of the Engine API that bytes to its socket begin with; undefined where they go on with one. */
export function engineCall(bytes: Buffer): Call | undefined {
  const head = bytes.subarray(0, 2000).toString("latin1");
  const found = /^(GET|HEAD|POST|PUT|DELETE) (?:\/v[\d.]+)?(\/[^ ?]*)\S* HTTP\/1\.1\r\n/.exec(head);
  if (found === null) return undefined;
  const [, method = "", path = ""] = found;
  const [noun = "", ...rest] = path.slice(1).split("/");
  // An id or a name in the second place; verbs stand there, too.
  const verbs = ["create", "init", "join", "leave", "update", "unlock", "unlockkey"];
  const scrubbed = rest.map((word, index) => (index > 0 || verbs.includes(word) ? word : ":"));
  return {
    kind: `${method} /${[noun, ...scrubbed].join("/")}`,
    changes: method !== "GET" && method !== "HEAD",
  };
}
