import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from "yaml";
import type { Position, Report } from "./finding";
import { resolvePlain } from "./scalar";
import { describe, quote, type Entry, type MapValue, type Scalar, type Value } from "./value";
import { deepest, parseYaml, tooDeep } from "./yaml";

/** Bytes of a stack file. Docker has no limit; a hundred services need a half of this. */
const largestFile = 256 * 1024;
/** Values in a file once its aliases stand for what they mean. */
const mostValues = 100_000;
/** One slip in YAML often makes many errors. */
const mostErrors = 5;

/** Thrown inside of this file alone, to leave a document that is too much. */
class TooMuch extends Error {}

/**
 * What a stack file says, as `docker` from version 28 on reads YAML; undefined when it is none, which is reported.
 *
 * @see https://github.com/yaml/go-yaml/blob/v3.0.4/decode.go
 */
export function readDocument(bytes: Buffer, file: string, report: Report): MapValue | undefined {
  const start: Position = { file, line: 1, column: 1 };
  const fail = (message: string, at = start): void => {
    report.error(at, [], message);
  };
  if (bytes.length > largestFile) {
    fail(
      `got ${bytes.length} bytes; expected at most ${largestFile}. Split the file: several are merged.`,
    );
    return undefined;
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    fail("got bytes that are no UTF-8; expected a text in YAML.");
    return undefined;
  }
  const { contents, problems, place: lineOf } = parseYaml(text);
  const place = (offset: number): Position => ({ file, ...lineOf(offset) });
  for (const { message, offset } of problems.slice(0, mostErrors)) fail(message, place(offset));
  if (problems.length > 0) return undefined;
  try {
    const value = new Builder(place, report).build(contents, 0, start);
    if (value.kind === "map") return value;
    fail(`got ${describe(value)}; expected a map with the key services.`, value.at);
    return undefined;
  } catch (error) {
    if (error instanceof TooMuch) {
      fail(error.message);
      return undefined;
    }
    throw error;
  }
}

/** Turns the nodes of a document into values: aliases and merge keys are followed, scalars resolved, keys checked. */
class Builder {
  readonly #place: (offset: number) => Position;
  readonly #report: Report;
  readonly #anchors = new Map<string, Value>();
  /** How many values a list or map holds, those in it included. */
  readonly #sizes = new WeakMap<Value, number>();
  #values = 0;

  constructor(place: (offset: number) => Position, report: Report) {
    this.#place = place;
    this.#report = report;
  }

  /** @param missing - where a value is missing that YAML has no node for */
  build(node: ParsedNode | null, depth: number, missing: Position): Value {
    if (node === null) return this.#count({ kind: "null", at: missing, text: "", written: "" }, 1);
    const at = this.#place(node.range[0]);
    if (isAlias(node)) return this.#follow(node.source, at);
    if (depth > deepest) throw new TooMuch(tooDeep);
    const before = this.#values;
    const value = isScalar(node)
      ? this.#scalar(node, at, missing)
      : isSeq(node)
        ? this.#list(node, depth, at)
        : this.#map(node, depth, at);
    this.#count(value, 1);
    this.#sizes.set(value, this.#values - before);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, value);
    return value;
  }

  #count<T extends Value>(value: T, size: number): T {
    this.#values += size;
    if (this.#values > mostValues)
      throw new TooMuch(
        `got more than ${mostValues} values once aliases stand for what they mean; expected fewer.`,
      );
    return value;
  }

  #follow(anchor: string, at: Position): Value {
    const value = this.#anchors.get(anchor);
    if (value !== undefined) return this.#count(value, this.#sizes.get(value) ?? 1);
    this.#report.error(
      at,
      [],
      `got *${anchor}; expected the name of an anchor (&${anchor}) above.`,
    );
    return { kind: "null", at, text: "", written: "", broken: true };
  }

  #scalar(node: Extract<ParsedNode, { value: unknown }>, at: Position, missing: Position): Scalar {
    const written = String(node.value);
    const quoted = node.type !== "PLAIN" || node.tag === textTag || node.tag === "!";
    if (quoted) return { kind: "text", at, text: written, written };
    const resolved = resolvePlain(written);
    const wrong = resolved === undefined || !fitsTag(resolved.kind, node.tag);
    if (wrong) {
      const tag = node.tag === undefined ? "" : `${node.tag} `;
      this.#report.error(at, [], `got ${tag}${written}; expected a value that Docker takes here.`);
      return { kind: "text", at, text: written, written, broken: true };
    }
    return { ...resolved, at: written === "" ? missing : at, written };
  }

  #list(
    node: Extract<ParsedNode, { items: unknown; flow?: boolean }>,
    depth: number,
    at: Position,
  ): Value {
    this.#ignoreTag(node, at);
    const items = (node.items as ParsedNode[]).map((item) => this.build(item, depth + 1, at));
    return { kind: "list", at, items };
  }

  /** `!reset` and `!override` are Docker Compose's; Docker's stacks read over them. */
  #ignoreTag({ tag }: ParsedNode, at: Position): void {
    if (tag === undefined || tag.startsWith("tag:yaml.org,2002:") || tag === "!") return;
    this.#report.warn(
      at,
      [],
      `the tag ${tag} has no effect in a stack: Docker reads over it. Leave it out.`,
    );
  }

  #map(node: ParsedNode, depth: number, at: Position): Value {
    this.#ignoreTag(node, at);
    const own = new Map<string, Entry>();
    const merged: MapValue[] = [];
    let merges = 0;
    if (!isMap<ParsedNode, ParsedNode | null>(node)) return { kind: "map", at, entries: own };
    for (const { key, value } of node.items) {
      const keyAt = this.#place(key.range[0]);
      if (isMap(key) && key.flow === true && isMap(node) && node.flow === true) {
        this.#report.error(at, [], 'got "{{" without quotes; expected text. Put it into quotes.');
        return { kind: "null", at, text: "", written: "", broken: true };
      }
      if (isScalar(key) && key.value === "<<" && key.type === "PLAIN") {
        merges += 1;
        if (merges > 1)
          this.#report.error(
            keyAt,
            [],
            'got "<<" twice in one map; expected it once, with a list.',
          );
        merged.push(...this.#mergeSources(this.build(value, depth + 1, keyAt)));
        continue;
      }
      const name = this.#key(key, depth + 1, keyAt);
      const entry = { at: keyAt, value: this.build(value, depth + 1, keyAt) };
      if (name === undefined) continue;
      const before = own.get(name);
      if (before === undefined) own.set(name, entry);
      else
        this.#report.error(
          keyAt,
          [],
          `got the key ${quote(name)} twice in one map; expected it once. The first is in line ${before.at.line}.`,
        );
    }
    for (const source of merged)
      for (const [name, entry] of source.entries) if (!own.has(name)) own.set(name, entry);
    return { kind: "map", at, entries: own };
  }

  #key(key: ParsedNode, depth: number, at: Position): string | undefined {
    const value = this.build(key, depth, at);
    if (value.kind === "text") return value.text;
    const advice = value.kind === "list" || value.kind === "map" ? "" : " Quote it.";
    this.#report.error(at, [], `got ${describe(value)} as a key; expected text.${advice}`);
    return undefined;
  }

  #mergeSources(value: Value): MapValue[] {
    const sources = value.kind === "list" ? value.items : [value];
    return sources.flatMap((source) => {
      if (source.kind === "map") return [source];
      if (!("broken" in source))
        this.#report.error(
          source.at,
          [],
          `got ${describe(source)} after "<<"; expected a map or a list of maps.`,
        );
      return [];
    });
  }
}

const textTag = "tag:yaml.org,2002:str";

const kindOfTag: Readonly<Record<string, readonly Scalar["kind"][]>> = {
  "tag:yaml.org,2002:int": ["integer"],
  "tag:yaml.org,2002:float": ["float", "integer"],
  "tag:yaml.org,2002:bool": ["boolean"],
  "tag:yaml.org,2002:null": ["null"],
  "tag:yaml.org,2002:timestamp": ["date"],
};

function fitsTag(kind: Scalar["kind"], tag: string | undefined): boolean {
  return tag === undefined || (kindOfTag[tag] ?? []).includes(kind);
}
