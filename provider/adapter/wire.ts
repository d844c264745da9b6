import { isDeepStrictEqual } from "node:util";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN } from "../value";
import { valueAt } from "./path";
import type { Path } from "./path";

// How Pulumi writes special values into a protobuf Struct: an object with this key, whose value says what it is.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** Pulumi has one sentinel per type of an unknown value. */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A plain object as a noun sees it. */
export type Properties = Record<string, unknown>;

/** Properties as the engine sent them, in plain values. */
export interface Decoded {
  /** Secrets and outputs unwrapped, nulls left out, unknown values as `UNKNOWN`. */
  readonly value: Properties;
  /** Where the secrets were. */
  readonly secrets: readonly Path[];
  /** Where the unknown values are. */
  readonly unknowns: readonly Path[];
}

interface Found {
  readonly secrets: Path[];
  readonly unknowns: Path[];
}

/** Unwraps the engine's properties. */
export function decode(struct: Struct | undefined): Decoded {
  const found: Found = { secrets: [], unknowns: [] };
  const value = struct === undefined ? {} : decodeValue(struct.toJavaScript(), [], found);
  return { value: value as Properties, ...found };
}

function decodeValue(value: unknown, path: Path, found: Found): unknown {
  if (UNKNOWNS.has(value)) {
    found.unknowns.push(path);
    return UNKNOWN;
  }
  if (Array.isArray(value)) return value.map((item, i) => decodeValue(item, [...path, i], found));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Properties;
  if (object[SIGNATURE] !== undefined) return decodeSpecial(object, path, found);
  const plain: Properties = {};
  for (const [key, item] of Object.entries(object)) {
    if (item !== null) plain[key] = decodeValue(item, [...path, key], found);
  }
  return plain;
}

function decodeSpecial(object: Properties, path: Path, found: Found): unknown {
  switch (object[SIGNATURE]) {
    case SECRET:
      found.secrets.push(path);
      return decodeValue(object.value, path, found);
    case OUTPUT:
      if (object.secret === true) found.secrets.push(path);
      return decodeValue("value" in object ? object.value : UNKNOWN, path, found);
    case RESOURCE:
      return decodeValue("id" in object ? object.id : object.urn, path, found);
    default:
      return object;
  }
}

/** What of the properties being sent is secret. */
export interface Secrecy {
  /** Paths that are secret in `source`. */
  readonly paths: readonly Path[];
  /** Where the paths were found: an array is compared with its source, since providers may reorder one. */
  readonly source: Properties;
  /** Secret strings; the same text elsewhere in the properties is secret too. */
  readonly values: ReadonlySet<string>;
}

/** Nothing is secret. */
export const OPEN: Secrecy = { paths: [], source: {}, values: new Set() };

/** Properties for the engine, with their secrets wrapped again. Undefined properties are left out. */
export function encode(value: object, secrecy: Secrecy = OPEN): Struct {
  const paths = secrecy.paths.map((path) => surePath(path, value, secrecy.source));
  const encoded = encodeValue(value, [], (path, item) => {
    if (typeof item === "string" && secrecy.values.has(item)) return true;
    return paths.some((p) => p.length === path.length && p.every((part, i) => part === path[i]));
  });
  return Struct.fromJavaScript(encoded as Record<string, JavaScriptValue>);
}

/**
 * Shortens a path to what is surely there: to the first array on it that is not the same in both (then the whole
 * array is secret), or to a text that stands where the source had an object.
 */
function surePath(path: Path, value: object, source: Properties): Path {
  for (let i = 1; i < path.length; i++) {
    const above = path.slice(0, i);
    const here = valueAt(value, above);
    if (here === undefined) return path;
    if (typeof here !== "object") return above;
    if (Array.isArray(here) && !isDeepStrictEqual(here, valueAt(source, above))) return above;
  }
  return path;
}

function encodeValue(
  value: unknown,
  path: Path,
  isSecret: (path: Path, value: unknown) => boolean,
): unknown {
  if (value === undefined) return undefined;
  if (isSecret(path, value))
    return { [SIGNATURE]: SECRET, value: encodeValue(value, path, () => false) };
  if (Array.isArray(value))
    return value.map((item, i) => encodeValue(item, [...path, i], isSecret) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const object: Properties = {};
  for (const [key, item] of Object.entries(value)) {
    const encoded = encodeValue(item, [...path, key], isSecret);
    if (encoded !== undefined) object[key] = encoded;
  }
  return object;
}

/** Every string inside a value. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
