import { Document, Pair, Scalar, YAMLMap, YAMLSeq, type Node } from "yaml";
import { resolvePlain } from "../scalar";

/** A number that a stack file writes in octal, such as permission bits. */
export class Octal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What a stack file is made of; undefined is left out, null is a key alone. */
export type Written =
  | string
  | number
  | boolean
  | null
  | undefined
  | Octal
  | readonly Written[]
  | { readonly [key: string]: Written };

/** Signs that are read as something else, or not at all, unless they are escaped between double quotes. */
const escaped =
  /[^\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;
const everyEscaped = new RegExp(escaped, "gu");

/** Lists of words that read well on one line. */
const onOneLine = new Set(["command", "entrypoint", "test"]);
const longestLine = 72;

/**
 * A stack file's text, which Docker's reader takes for the very same values: texts that it would take for something else
 * are quoted, and `$` in values is doubled.
 */
export function renderStackFile(root: Readonly<Record<string, Written>>): string {
  const document = new Document(undefined, { version: "1.1" });
  document.contents = mapNode(root);
  const text = document.toString({
    lineWidth: 0,
    nullStr: "",
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    flowCollectionPadding: false,
  });
  return text.replace(everyEscaped, escape);
}

function nodeOf(value: Exclude<Written, undefined>, key: string): Node {
  if (value instanceof Octal) {
    const octal = new Scalar(value.value);
    octal.format = "OCT";
    return octal;
  }
  if (typeof value === "string") return textNode(value.replaceAll("$", "$$$$"));
  if (isList(value)) return listNode(value, key);
  return typeof value === "object" && value !== null ? mapNode(value) : new Scalar(value);
}

function isList(value: Written): value is readonly Written[] {
  return Array.isArray(value);
}

function textNode(text: string): Scalar {
  const node = new Scalar(text);
  const isText = resolvePlain(text)?.kind === "text";
  if (!isText || text === "<<" || escaped.test(text)) node.type = Scalar.QUOTE_DOUBLE;
  return node;
}

function listNode(items: readonly Written[], key: string): YAMLSeq {
  const list = new YAMLSeq();
  for (const item of items) if (item !== undefined) list.items.push(nodeOf(item, ""));
  const length = JSON.stringify(items).length;
  const isShort = length <= longestLine && items.every(isPlainWord);
  if (onOneLine.has(key) && isShort) list.flow = true;
  return list;
}

function isPlainWord(item: Written): boolean {
  return typeof item === "string" && !/[\n{}[\]]/.test(item);
}

function mapNode(entries: Readonly<Record<string, Written>>): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of Object.entries(entries))
    if (value !== undefined) map.items.push(new Pair(textNode(key), nodeOf(value, key)));
  return map;
}

function escape(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
