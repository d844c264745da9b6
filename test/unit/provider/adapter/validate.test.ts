import { z } from "zod";
import { validate } from "../../../../provider/adapter/validate";
import type { Decoded } from "../../../../provider/adapter/wire";
import type { Path } from "../../../../provider/adapter/path";
import { UNKNOWN } from "../../../../provider/value";

const schema = z.strictObject({
  role: z.enum(["manager", "worker"]),
  replicas: z.int().min(0).max(100).default(1),
  memory: z.string({ error: 'expected a size, such as "512MiB"' }).optional(),
  ports: z
    .array(z.strictObject({ target: z.int(), mode: z.string().default("ingress") }))
    .optional(),
  labels: z
    .record(z.string().regex(/^[^\n]*$/, { error: "expected one line" }), z.string())
    .optional(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  mount: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("bind"), source: z.string() }),
      z.strictObject({ type: z.literal("tmpfs"), size: z.int().optional() }),
    ])
    .optional(),
});

const given = (value: object, unknowns: Path[] = [], secrets: Path[] = []): Decoded => ({
  value: { ...value },
  unknowns,
  secrets,
});

const failing: [object, string[]][] = [
  [{}, ['role: missing; expected "manager" or "worker"']],
  [{ role: "boss" }, ['role: got "boss"; expected "manager" or "worker"']],
  [
    { role: "worker", replicas: -1, memory: 512 },
    ["replicas: got -1; expected at least 0", 'memory: got 512; expected a size, such as "512MiB"'],
  ],
  [{ role: "worker", replicas: 1.5 }, ["replicas: got 1.5; expected a whole number"]],
  [
    { role: "worker", ports: [{ target: 80 }, { tarjet: 81 }] },
    [
      "ports[1].target: missing; expected a whole number",
      "ports[1].tarjet: unknown key; expected mode or target",
    ],
  ],
  [
    { role: "worker", labels: { "a\nb": "c" } },
    ['labels["a\\nb"]: got this key; expected one line'],
  ],
  [{ role: "worker", labels: { tier: 3 } }, ["labels.tier: got 3; expected a string"]],
  [{ role: "worker", command: 3 }, ["command: got 3; expected a string or a list"]],
  [{ role: "worker", command: ["a", 3] }, ["command[1]: got 3; expected a string"]],
  [
    { role: "worker", mount: { type: "nfs" } },
    ['mount.type: got "nfs"; expected "bind" or "tmpfs"'],
  ],
  [{ role: "worker", mount: { type: "bind" } }, ["mount.source: missing; expected a string"]],
  [{ role: "worker", ports: "80" }, ['ports: got "80"; expected a list']],
  [
    { role: "worker", rolle: 1, zone: 2 },
    ["rolle", "zone"].map(
      (key) =>
        `${key}: unknown key; expected command, labels, memory, mount, ports, replicas or role`,
    ),
  ],
];
test.each(failing)("%j", (value, expected) => {
  const { failures } = validate(schema, given(value));
  expect(failures.map(({ path, reason }) => `${path}: ${reason}`)).toEqual(expected);
});

test("a long value is cut and a secret one is not quoted", () => {
  const { failures } = validate(
    z.strictObject({ a: z.int(), b: z.int() }),
    given({ a: "x".repeat(100), b: "hunter22" }, [], [["b"]]),
  );
  expect(failures).toEqual([
    { path: "a", reason: `got "${"x".repeat(59)}…; expected a whole number` },
    { path: "b", reason: "got [secret]; expected a whole number" },
  ]);
});

test("defaults are filled in, also beside values that are not known yet", () => {
  expect(validate(schema, given({ role: "worker", ports: [{ target: 80 }] })).inputs).toEqual({
    role: "worker",
    replicas: 1,
    ports: [{ target: 80, mode: "ingress" }],
  });
  const value = { role: UNKNOWN, ports: [{ target: UNKNOWN }, { target: 81 }] };
  const unknowns: Path[] = [["role"], ["ports", 0, "target"]];
  expect(validate(schema, given(value, unknowns))).toEqual({
    inputs: {
      role: UNKNOWN,
      replicas: 1,
      ports: [
        { target: UNKNOWN, mode: "ingress" },
        { target: 81, mode: "ingress" },
      ],
    },
    failures: [],
  });
});

test("what is known is still held against the schema", () => {
  const { failures } = validate(
    schema,
    given({ role: UNKNOWN, replicas: 999, oops: 1 }, [["role"]]),
  );
  expect(failures.map(({ path }) => path)).toEqual(["replicas", "oops"]);
});
