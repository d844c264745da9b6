import { z } from "zod";
import { isMap } from "../settings/loose";
import type { Declarations, Properties, Shape } from "./declarations";

/** A JSON Schema, or a part of one. */
export type Json = Record<string, unknown>;

/** What an object is called, by the name of its type in the program. */
type Title = (name: string) => string;

/** The JSON Schema of what a program may give. */
export function jsonOf(schema: z.ZodType): Json {
  const json = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
  }) as Json;
  Reflect.deleteProperty(json, "$schema");
  return json;
}

/**
 * Writes the doc comments into a schema, all the way down.
 *
 * @param title - what an object of a declared type is called. @default - it has no name
 */
export function describe(
  json: Json,
  properties: Properties,
  declarations: Declarations,
  title?: Title,
): void {
  for (const [key, part] of Object.entries((json.properties ?? {}) as Record<string, Json>)) {
    const declared = properties[key];
    if (declared === undefined) continue;
    if (declared.description !== "") part.description = declared.description;
    describeShape(part, declared.shape, declarations, title);
  }
}

function describeShape(
  json: Json,
  shape: Shape,
  declarations: Declarations,
  title: Title | undefined,
): void {
  const alternatives = (json.anyOf ?? json.oneOf) as Json[] | undefined;
  if (alternatives !== undefined) {
    for (const one of alternatives) describeShape(one, shape, declarations, title);
  } else if (shape.kind === "either") {
    // What may have several shapes is of none of them.
    const objects = shape.of.filter(({ kind }) => kind === "object");
    const only = objects.length > 1 ? undefined : title;
    for (const one of shape.of) describeShape(json, one, declarations, only);
  } else if (shape.kind === "list" && isMap(json.items)) {
    describeShape(json.items, shape.of, declarations, title);
  } else if (shape.kind === "map" && isMap(json.additionalProperties)) {
    describeShape(json.additionalProperties, shape.of, declarations, title);
  } else if (shape.kind === "object" && json.properties !== undefined) {
    // A resource of the program has no place in a configuration.
    if (!declarations.has(shape.name)) return;
    if (title !== undefined) json.title = title(shape.name);
    describe(json, declarations.propertiesOf(shape.name), declarations, title);
  }
}
