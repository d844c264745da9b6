/** The tasks that are a command of Pulumi's. */
export const stackTasks = ["up", "preview", "refresh", "destroy"] as const;
/** One of {@link stackTasks}. */
export type StackTask = (typeof stackTasks)[number];

/** The words after `npm run <task> --`. */
export interface StackArguments {
  /** @default "dev" */
  readonly stack: string;
  /** Configuration file instead of the stack's own. */
  readonly configFile: string | undefined;
  /** Examples to deploy beside what the configuration says, by the name of their folder. */
  readonly examples: readonly string[];
  /** Everything else, for Pulumi. */
  readonly rest: readonly string[];
}

/** A command line that cannot be carried out. */
export class ArgumentsError extends Error {}

/**
 * Takes `--stack`, `-s`, `--config-file` and `--example` out of a command line, in every form that Pulumi knows.
 *
 * @throws ArgumentsError when a value is missing, or for `--config`, which would be lost at the next run
 */
export function parseStackArguments(words: readonly string[]): StackArguments {
  let stack = "dev";
  let configFile: string | undefined;
  const examples: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const [flag, inline] = split(word);
    if (/^(-c|--config|--config-path)$/.test(flag)) {
      const fix = "write the value into the stack's file, Pulumi.<stack>.yaml, where it lasts";
      throw new ArgumentsError(`${flag}: not taken here; ${fix}`);
    }
    if (!["-s", "--stack", "--config-file", "--example"].includes(flag)) {
      rest.push(word);
      continue;
    }
    const value = inline ?? words[++index];
    if (value === undefined || value === "") {
      const as = flag === "--example" ? "--example redis" : "--stack prod";
      throw new ArgumentsError(`${flag}: got nothing; expected a value, as in ${as}`);
    }
    if (flag === "--config-file") configFile = value;
    else if (flag === "--example") examples.push(value);
    else stack = value;
  }
  return { stack, configFile, examples, rest };
}

/** The stack that a command line of Pulumi's own names; undefined when it names none. */
export function namedStack(words: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    const [flag, inline] = split(word);
    if (flag === "--stack" || flag === "-s") return inline ?? words[index + 1];
  }
  return undefined;
}

/** `--stack=prod` and `-sprod` → flag and value; other words stay whole. */
function split(word: string): readonly [string, string | undefined] {
  const long = /^(--[a-z-]+)=(.*)$/s.exec(word);
  if (long) return [long[1] ?? "", long[2]];
  const short = /^(-[sc])=?(.+)$/s.exec(word);
  if (short) return [short[1] ?? "", short[2]];
  return [word, undefined];
}

/**
 * Flags that a task adds to the user's own. In a terminal Pulumi asks before it acts, except for a lab, which is made
 * to be thrown away. Without a terminal nobody could answer, and so `up` and `refresh` go ahead; to destroy machines
 * that exist takes a spoken `--yes` even there.
 */
export function addedFlags(
  task: StackTask,
  rest: readonly string[],
  { terminal, lab }: { readonly terminal: boolean; readonly lab: boolean },
): string[] {
  const flags: string[] = [];
  const decided = rest.some((word) => ["-y", "--yes", "--skip-preview", "-f"].includes(word));
  const unasked = lab || (!terminal && task !== "destroy");
  if (task !== "preview" && !decided && unasked) flags.push("--yes");
  if (!terminal && !rest.includes("--non-interactive")) flags.push("--non-interactive");
  return flags;
}
