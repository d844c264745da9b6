import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { decode, encode } from "../../../../provider/adapter/wire";
import type { Properties } from "../../../../provider/adapter/wire";
import { UNKNOWN } from "../../../../provider/value";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown): Properties => ({
  [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const output = (fields: Properties): Properties => ({
  [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  ...fields,
});
const received = (value: object): ReturnType<typeof decode> =>
  decode(Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]));

test("special values become plain ones, with their places", () => {
  const { value, secrets, unknowns } = received({
    name: "web",
    gone: null,
    password: secret("hunter22"),
    env: ["A=1", secret("B=2")],
    size: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    later: output({ secret: true, dependencies: ["urn:x"] }),
    now: output({ value: 3 }),
    other: { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:y", id: "y" },
  });
  expect(value).toEqual({
    name: "web",
    password: "hunter22",
    env: ["A=1", "B=2"],
    size: UNKNOWN,
    later: UNKNOWN,
    now: 3,
    other: "y",
  });
  expect(secrets).toEqual([["env", 1], ["later"], ["password"]]);
  expect(unknowns).toEqual([["later"], ["size"]]);
});

test("nothing at all is an empty object", () => {
  expect(decode(undefined)).toEqual({ value: {}, secrets: [], unknowns: [] });
});

const cases: [string, object, (string | number)[], object][] = [
  ["the same place", { a: { b: "x" } }, ["a", "b"], { a: { b: secret("x") } }],
  ["an item of the same list", { env: ["a", "b"] }, ["env", 1], { env: ["a", secret("b")] }],
  ["a list in another order", { env: ["b", "a"] }, ["env", 1], { env: secret(["b", "a"]) }],
  ["a text where an object was", { a: "b=x" }, ["a", "b"], { a: secret("b=x") }],
  ["no longer there", { c: 1 }, ["a", "b"], { c: 1 }],
];
test.each(cases)("a secret is wrapped again: %s", (_, value, path, expected) => {
  const source = { a: { b: "x" }, env: ["a", "b"] };
  const struct = encode(value, { paths: [path], source, values: new Set() });
  expect(struct.toJavaScript()).toEqual(expected);
});

test("a secret text is secret wherever it turns up", () => {
  const values = new Set(["hunter22"]);
  const struct = encode({ copy: ["hunter22"], rest: "hunter" }, { paths: [], source: {}, values });
  expect(struct.toJavaScript()).toEqual({ copy: [secret("hunter22")], rest: "hunter" });
});

test("undefined properties are left out", () => {
  expect(encode({ a: undefined, b: { c: undefined } }).toJavaScript()).toEqual({ b: {} });
});
