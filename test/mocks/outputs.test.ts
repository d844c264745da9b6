/** An output that a resource declares and does not ask the engine for would be `undefined` in a program. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Output, type Resource } from "@pulumi/pulumi";
import * as door from "../../public";
import { Declarations } from "../../schema/declarations";
import { Recorder } from "./recorder";

const folder = join(__dirname, "../../resources");
const files = readdirSync(folder).filter((name) => !name.startsWith("lab-"));
const declarations = new Declarations(files.map((name) => join(folder, name)));

type Class = new (name: string, args: object) => Resource;
const classes = door as unknown as Readonly<Record<string, Class>>;

beforeAll(async () => {
  await new Recorder().start();
});

/** What must be given, and nothing else. */
function leastArgs(name: string): object {
  const all = Object.entries(declarations.propertiesOf(`${name}Args`));
  const required = all.filter(([, { optional }]) => !optional);
  const values = { text: "text", words: "manager", list: [], map: {} };
  return Object.fromEntries(
    required.map(([key, { shape }]) => [key, values[shape.kind as keyof typeof values]]),
  );
}

it.each(declarations.classes)("%s asks for every output that it declares", (name) => {
  const Noun = classes[name];
  if (Noun === undefined) throw new Error(`public.ts exports no ${name}`);
  const made = new Noun("one", { value: "", ...leastArgs(name) });
  const missing = Object.keys(declarations.outputsOf(name)).filter(
    (key) => !Output.isInstance((made as unknown as Readonly<Record<string, unknown>>)[key]),
  );
  expect(missing).toEqual([]);
});
