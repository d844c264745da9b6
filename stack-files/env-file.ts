import type { Path } from "./finding";
import { assignments, choice, flag, listOf, mismatch, text } from "./forms";
import { readNamed, type Form, type Reading } from "./reading";
import { newer, record } from "./record";
import { quote, type Value } from "./value";

type Values = Readonly<Record<string, string | null>>;

const inQuotes = /^(["']).*\1$/s;
const keptQuotes =
  "the quotes are part of the value, as Docker's stacks read it. Leave them out if they are not meant.";

/**
 * Lines of `NAME=value`, literally: quotes, `$` and trailing spaces are part of the value. A name alone has the value
 * of the variable of that name, or is left out.
 *
 * @see https://github.com/docker/cli/blob/v29.7.2/pkg/kvfile/kvfile.go
 */
function parseLines(
  content: Buffer,
  name: string,
  value: Value,
  path: Path,
  reading: Reading,
): Values {
  const fail = (line: number, message: string): void => {
    reading.report.error(value.at, path, `${name}:${line}: ${message}`);
  };
  let lines: string[];
  try {
    lines = new TextDecoder("utf-8", { fatal: true }).decode(content).split("\n");
  } catch {
    mismatch(value, path, reading, "a file in UTF-8");
    return {};
  }
  const values = new Map<string, string | null>();
  let quoted = 0;
  lines.forEach((whole, index) => {
    const line = whole.replace(/\r$/, "").trimStart();
    if (line === "" || line.startsWith("#")) return;
    const cut = line.indexOf("=");
    const key = cut < 0 ? line : line.slice(0, cut);
    if (key === "") fail(index + 1, "got no name before the =; expected NAME=value.");
    else if (/[ \t]/.test(key))
      fail(index + 1, `got ${quote(key)} as a name; expected NAME=value without export or spaces.`);
    else if (cut >= 0) {
      const set = line.slice(cut + 1);
      if (set.length > 1 && inQuotes.test(set)) quoted ||= index + 1;
      values.set(key, set);
    } else {
      const found = reading.variables.get(key);
      if (found !== undefined) values.set(key, found);
    }
  });
  if (quoted > 0) reading.report.warn(value.at, path, `${name}:${quoted}: ${keptQuotes}`);
  return Object.fromEntries(values);
}

const fileRecord = record({
  path: newer(text),
  required: newer(flag),
  format: newer(choice(["raw"])),
});

const oneFile: Form<Values> = (value, path, reading) => {
  if (value.kind !== "map") {
    const name = text(value, path, reading);
    return name === undefined ? undefined : readValues(name, true, value, path, reading);
  }
  const read = fileRecord(value, path, reading);
  if (read === undefined) return undefined;
  const { path: name, required = true } = read;
  if (name === undefined) {
    mismatch(value, path, reading, "a map with path");
    return undefined;
  }
  return readValues(name, required, value, path, reading);
};

function readValues(
  name: string,
  required: boolean,
  value: Value,
  path: Path,
  reading: Reading,
): Values | undefined {
  const content = readNamed(name, value, path, reading, required);
  return content === undefined ? undefined : parseLines(content, name, value, path, reading);
}

/** The variables of one or more env files; a later file wins. */
export const variableFiles: Form<Values> = (value, path, reading) => {
  const files =
    value.kind === "list" ? listOf(oneFile)(value, path, reading) : [oneFile(value, path, reading)];
  return Object.fromEntries((files ?? []).flatMap((values) => Object.entries(values ?? {})));
};

/** The labels of one or more files of `NAME=value`. */
export const labelFiles: Form<Readonly<Record<string, string>>> = (value, path, reading) => {
  const names =
    value.kind === "list" ? listOf(text)(value, path, reading) : [text(value, path, reading)];
  const values = (names ?? []).flatMap((name) =>
    name === undefined ? [] : Object.entries(readValues(name, true, value, path, reading) ?? {}),
  );
  return Object.fromEntries(values.map(([name, one]) => [name, one ?? ""]));
};

/** `environment`: a map or a list, whose items Docker takes as they are, with all their spaces and quotes. */
export const variables: Form<Values> = (value, path, reading) => {
  if (value.kind === "list")
    value.items.forEach((item, index) => {
      if (item.kind !== "text") return;
      const cut = item.text.indexOf("=");
      const name = cut < 0 ? item.text : item.text.slice(0, cut);
      const set = cut < 0 ? "" : item.text.slice(cut + 1);
      const warn = (message: string): void => {
        reading.report.warn(item.at, [...path, index], message);
      };
      if (/\s/.test(name))
        warn(
          `the name ${quote(name)} has its spaces as part of it. Write NAME=value without spaces around "=".`,
        );
      else if (set.length > 1 && inQuotes.test(set)) warn(keptQuotes);
    });
  return assignments(value, path, reading);
};

/** A service's variables: those of its env files, `environment` over them, both with what only the caller knows. */
export function resolveEnvironment(
  files: Values | undefined,
  own: Values | undefined,
  path: Path,
  reading: Reading,
): Values {
  const from = (values: Values, part: Path): Values =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        resolve(value, [...part, name], name, reading),
      ]),
    );
  const resolved = {
    ...from(files ?? {}, [...path, "env_file"]),
    ...from(own ?? {}, [...path, "environment"]),
  };
  sayTaken(resolved, [...path, "environment"], reading);
  return resolved;
}

/** Docker takes a variable that is missing or empty from where the command runs. */
function resolve(
  value: string | null,
  path: Path,
  name: string,
  { variables, report, places }: Reading,
): string | null {
  if (value !== null && value !== "") return value;
  const found = variables.get(name);
  if (value === "" && found !== undefined && found !== "")
    report.warn(
      places.at(path),
      path,
      `${name} is empty in the file, so Docker takes its value from where it runs. Leave the variable out there to keep it empty.`,
    );
  return found ?? value;
}

const mostNames = 5;

/** Says once for a service which of its variables have no value: some files let hundreds through. */
function sayTaken(values: Values, path: Path, { report, places }: Reading): void {
  const names = Object.keys(values).filter((name) => values[name] === null);
  const [first] = names;
  if (first === undefined) return;
  const here = [...path, first];
  const more = names.length - mostNames;
  const others = more > 0 ? ` and ${more} more` : "";
  const message =
    names.length === 1
      ? `${first} has no value anywhere: it is taken away from what the image sets. Write ${first}= for an empty one.`
      : `${names.slice(0, mostNames).join(", ")}${others} have no value anywhere: they are taken away from what the image sets. Write ${first}= for an empty one.`;
  report.warn(places.at(here), here, message);
}
