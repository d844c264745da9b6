import type { Position } from "./finding";

/** What a stack file says at one place, with where it says so: what stays of YAML when its syntax is gone. */
export type Value = Scalar | ListValue | MapValue;

export interface Scalar {
  /** What Docker takes it for. A date is a kind of its own: Docker prints it in Go's way and takes it for no text. */
  readonly kind: "null" | "boolean" | "integer" | "float" | "date" | "text";
  readonly at: Position;
  /** As Docker prints it: `1.10` is `1.1`, `022` is `18`. */
  readonly text: string;
  /** As the file has it, without its quotes. */
  readonly written: string;
  /** What the text was before variables were put in; absent where there are none. */
  readonly template?: string;
  /** What is wrong with it has been said already: whoever reads it stays silent. */
  readonly broken?: true;
}

interface ListValue {
  readonly kind: "list";
  readonly at: Position;
  readonly items: readonly Value[];
}

export interface MapValue {
  readonly kind: "map";
  readonly at: Position;
  /** In the order of the file; what merge keys bring comes last. */
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  /** Where the key is written. */
  readonly at: Position;
  readonly value: Value;
}

const longest = 60;

/** The beginning of a text, for a message. */
export function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Text in quotes for a message; the end of a long one is left out. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

/** A value in a message: `"a"`, `the number 5`, `a list`, `nothing`. */
export function describe(value: Value): string {
  switch (value.kind) {
    case "null":
      return "nothing";
    case "boolean":
      return value.text;
    case "integer":
    case "float":
      return `the number ${shorten(value.written)}`;
    case "date":
      return `the date ${value.written}`;
    case "text":
      return quote(value.text);
    default:
      return `a ${value.kind}`;
  }
}
