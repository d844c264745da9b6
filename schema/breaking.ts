import { major, minor } from "semver";
import { isMap } from "../settings/loose";

/** A part of a Pulumi schema, as far as it is compared. */
type Part = Readonly<Record<string, unknown>>;

/**
 * What in a package's schema would break a program that was written for an earlier one, a line each, sorted: something
 * that is not there any more, has another type, or must be given now. Pure.
 */
export function breakingChanges(before: Part, now: Part): string[] {
  const resources = [{ provider: before.provider }, { provider: now.provider }].map(partsOf);
  const [olds, news] = [before, now].map((schema) => partsOf(schema.resources));
  return [
    ...compareAll({ ...resources[0], ...olds }, { ...resources[1], ...news }, "", resourceChanges),
    ...compareAll(partsOf(before.types), partsOf(now.types), "", typeChanges),
    ...compareAll(partsOf(before.functions), partsOf(now.functions), "", functionChanges),
  ].sort();
}

/** Whether a version may break what was written for another: a new major one, and before 1.0 a new minor one. */
export function mayBreak(before: string, now: string): boolean {
  if (major(now) !== major(before)) return major(now) > major(before);
  return major(now) === 0 && minor(now) > minor(before);
}

function resourceChanges(before: Part, now: Part, path: string): string[] {
  return [
    ...compareAll(
      partsOf(before.inputProperties),
      partsOf(now.inputProperties),
      `${path} input `,
      propertyChanges,
    ),
    ...compareAll(
      partsOf(before.properties),
      partsOf(now.properties),
      `${path} output `,
      propertyChanges,
    ),
    ...more(before.requiredInputs, now.requiredInputs).map(
      (key) => `${path} input ${key}: must be given now`,
    ),
    ...more(now.required, before.required).map(
      (key) => `${path} output ${key}: may be missing now`,
    ),
  ];
}

function functionChanges(before: Part, now: Part, path: string): string[] {
  const [olds, news] = [before, now].map((one) => ({
    inputProperties: partsOf(one.inputs).properties,
    requiredInputs: partsOf(one.inputs).required,
    properties: partsOf(one.outputs).properties,
    required: partsOf(one.outputs).required,
  }));
  return resourceChanges(olds ?? {}, news ?? {}, path);
}

function typeChanges(before: Part, now: Part, path: string): string[] {
  return [
    ...compareAll(partsOf(before.properties), partsOf(now.properties), `${path} `, propertyChanges),
    ...more(before.required, now.required).map((key) => `${path} ${key}: must be given now`),
    ...more(wordsOf(now), wordsOf(before)).map((word) => `${path}: no longer takes "${word}"`),
  ];
}

function propertyChanges(before: Part, now: Part, path: string): string[] {
  const [was, is] = [shapeOf(before), shapeOf(now)];
  return was === is ? [] : [`${path}: was ${was}, is ${is}`];
}

/** The type alone: descriptions and defaults break nothing. */
function shapeOf(part: unknown): string {
  if (!isMap(part)) return "anything";
  if (typeof part.$ref === "string") return part.$ref.replace(/^.*[/:#]/, "");
  if (Array.isArray(part.oneOf)) return part.oneOf.map(shapeOf).sort().join(" or ");
  if (part.items !== undefined) return `a list of ${shapeOf(part.items)}`;
  if (part.additionalProperties !== undefined)
    return `a map of ${shapeOf(part.additionalProperties)}`;
  return String(part.type);
}

function compareAll(
  before: Readonly<Record<string, Part>>,
  now: Readonly<Record<string, Part>>,
  prefix: string,
  compare: (before: Part, now: Part, path: string) => string[],
): string[] {
  return Object.entries(before).flatMap(([key, part]) => {
    const path = `${prefix}${key}`;
    const other = now[key];
    return other === undefined ? [`${path}: is gone`] : compare(part, other, path);
  });
}

function partsOf(value: unknown): Readonly<Record<string, Part>> {
  return isMap(value) ? (value as Readonly<Record<string, Part>>) : {};
}

/** Words of the second list that the first lacks. */
function more(first: unknown, second: unknown): string[] {
  const known = new Set(Array.isArray(first) ? first : []);
  return (Array.isArray(second) ? second : []).map(String).filter((word) => !known.has(word));
}

function wordsOf({ enum: words }: Part): unknown[] {
  return Array.isArray(words) ? words.map((word: Part) => word.value) : [];
}
