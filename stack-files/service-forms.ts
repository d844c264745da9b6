import { isIP } from "node:net";
import { advise } from "./advice";
import { duration, listOf, mapOf, mismatch, oneOrMoreOf, text, texts, whole } from "./forms";
import type { FileModel, UlimitModel } from "./model";
import { apply, type Form } from "./reading";
import { honoured, record } from "./record";
import { quote } from "./value";
import { splitWords } from "./words";

/** What people write for a shell. */
const operators = new Set(["&&", "||", "|", ">", ">>", "2>&1"]);

/** A command: a text is split into words, a list is taken as it is, nothing at all is the image's own. */
export const command: Form<readonly string[]> = (value, path, reading) => {
  if (value.kind === "null") return undefined;
  if (value.kind === "list") return listOf(text)(value, path, reading);
  const line = text(value, path, reading);
  if (line === undefined) return undefined;
  const split = splitWords(line);
  if ("problem" in split) {
    mismatch(value, path, reading, "words as in a shell", `It has ${split.problem}.`);
    return undefined;
  }
  const operator = split.words.find((word) => operators.has(word));
  if (operator !== undefined)
    reading.report.warn(
      value.at,
      path,
      `${quote(operator)} is a word like any other: no shell runs this. Write a list, ["sh", "-c", "…"], with the whole line as one text.`,
    );
  if (split.cut !== "")
    reading.report.warn(
      value.at,
      path,
      `the "#" begins a comment to Docker: ${quote(split.cut.trim())} is left out. Put the word with "#" into quotes to keep it.`,
    );
  return split.words;
};

const ulimit: Form<Omit<UlimitModel, "name">> = (value, path, reading) => {
  const limit = whole(-1);
  if (value.kind !== "map") {
    const both = limit(value, path, reading);
    return both === undefined ? undefined : { soft: both, hard: both };
  }
  const read = apply(ulimitRecord, value, path, reading);
  if (read === undefined) return undefined;
  const { soft, hard } = read;
  if (soft === undefined || hard === undefined) {
    const said = value.entries.has("soft") && value.entries.has("hard");
    if (!said) mismatch(value, path, reading, "a number, or a map with soft and hard");
    return undefined;
  }
  if (hard >= 0 && (soft < 0 || soft > hard)) {
    mismatch(value, path, reading, "a soft limit that is not above the hard one");
    return undefined;
  }
  return { soft, hard };
};

/** @see https://github.com/docker/go-units/blob/v0.5.0/ulimit.go */
const limits = [
  ...["core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc"],
  ...["rss", "rtprio", "rttime", "sigpending", "stack"],
];

const ulimitRecord = record({ soft: honoured(whole(-1)), hard: honoured(whole(-1)) });

export const ulimits: Form<Readonly<Record<string, Omit<UlimitModel, "name">>>> = (
  value,
  path,
  reading,
) => {
  if (value.kind === "map")
    for (const [name, { at }] of value.entries)
      if (!limits.includes(name))
        reading.report.warn(
          at,
          [...path, name],
          limits.includes(name.toLowerCase())
            ? "expected the name of a limit in lower case, such as nofile: Docker does not check this one."
            : `is no limit that the kernel knows, and no task can start with it: Docker does not check it. ${advise(name, limits, reading.report)}`,
        );
  return mapOf(ulimit)(value, path, reading);
};

/** A name server; Docker leaves out in silence what is no address. */
const nameServer: Form<string> = (value, path, reading) => {
  const address = text(value, path, reading);
  if (address === undefined || isIP(address) !== 0) return address;
  reading.report.warn(
    value.at,
    path,
    `got "${address}", which Docker leaves out; expected an address such as "10.0.0.53".`,
  );
  return undefined;
};

export const dns = oneOrMoreOf(nameServer);

/** Modes that look like octal permissions and are meant as such nearly always. */
const octalLooks = /^(?:4[04]{2}|6[046]{2}|[57][05]{2}|7[0-7]{2}|644|640|755|775)$/;

/** Permission bits: `0440` is octal already in YAML; a text is octal for Compose, and decimal when it was a variable. */
const mode: Form<number> = (value, path, reading) => {
  if (value.kind === "text" && value.template === undefined) {
    const octal = /^(?:0o?)?[0-7]{1,4}$/.test(value.text);
    if (octal) return Number.parseInt(value.text.replace(/^0o/, ""), 8);
  }
  const bits = whole(0, 0o7777)(value, path, reading);
  if (bits === undefined || value.kind === "list" || value.kind === "map") return bits;
  const octal = (bits >>> 0).toString(8).padStart(4, "0");
  if (value.template !== undefined)
    reading.report.warn(
      value.at,
      path,
      `${value.text} from a variable is a decimal number to Docker: 0${octal.replace(/^0/, "")} in octal. Write the mode itself, as in mode: 0440.`,
    );
  else if (value.written === value.text && octalLooks.test(value.text))
    reading.report.warn(
      value.at,
      path,
      `${value.text} is a decimal number: ${octal} in octal. Write 0${value.text} if that is meant.`,
    );
  return bits;
};

const fileRecord = record(
  {
    source: honoured(text),
    target: honoured(text),
    uid: honoured(text),
    gid: honoured(text),
    mode: honoured(mode),
  },
  "warning",
);

/** A secret or a config that a service is given. */
export const file: Form<FileModel> = (value, path, reading) => {
  if (value.kind !== "map") {
    const source = text(value, path, reading);
    return source === undefined ? undefined : reading.places.mark({ source }, value.at, path);
  }
  const read = apply(fileRecord, value, path, reading);
  if (read === undefined) return undefined;
  const { source, ...rest } = read;
  if (source !== undefined) return reading.places.mark({ ...rest, source }, value.at, path);
  const said = value.entries.has("source");
  if (!said) mismatch(value, path, reading, "a map with source");
  return undefined;
};

export const restart: Form<string> = (value, path, reading) => {
  const got = value.kind === "boolean" ? undefined : text(value, path, reading);
  if (got !== undefined && /^(?:(?:no|always|unless-stopped|on-failure)(?::\d{0,9})?)?$/.test(got))
    return got;
  if (got === undefined && value.kind !== "boolean") return undefined;
  mismatch(
    value,
    path,
    reading,
    '"no", "always", "unless-stopped", "on-failure" or "on-failure:3"',
  );
  return undefined;
};

/** A time that Docker takes below nought too. */
export const grace: Form<number> = (value, path, reading) => {
  const amount = duration(Number.NEGATIVE_INFINITY)(value, path, reading);
  if (amount !== undefined && amount < 0)
    reading.report.warn(
      value.at,
      path,
      "is below nought: the engine then waits for ever for the task to stop. Write a time above it.",
    );
  return amount;
};

/** Kernel settings by name. */
export const sysctls: Form<Readonly<Record<string, string>>> = (value, path, reading) => {
  const read = texts(value, path, reading);
  for (const [name, one] of Object.entries(read ?? {}))
    if (one === "") {
      const here = [...path, name];
      reading.report.warn(
        reading.places.at(here),
        here,
        "has no value, and no task can start with it. Write one.",
      );
    }
  return read;
};
