import { z } from "zod";
import { compare, toResponse } from "../../../../provider/adapter/diff";
import type { Compared } from "../../../../provider/adapter/diff";
import type { AnyResourceType } from "../../../../provider/types";
import { UNKNOWN } from "../../../../provider/value";

interface Box {
  readonly name?: unknown;
  readonly size?: unknown;
  readonly ports?: readonly unknown[];
}

const type = {
  token: "swarm:index:Box",
  description: "",
  inputs: z.strictObject({}),
  outputs: z.object({}),
  diff: ({ old, news }: { old: Box; news: Box }) => ({
    changes: {
      ...(old.name === news.name ? {} : { name: "update-replace" as const }),
      ...(old.size === news.size ? {} : { size: "update" as const }),
      // As nouns do: a list is expected here.
      ...((old.ports ?? []).every((port, i) => news.ports?.at(i) === port)
        ? {}
        : { ports: "update" as const }),
    },
    deleteBeforeReplace: true,
  }),
} as unknown as AnyResourceType;

const compared = (
  news: object,
  more: Partial<Compared> = {},
  unknowns: string[] = [],
): Compared => ({
  id: "box",
  oldInputs: {},
  old: { name: "a", size: 1, ports: [80] },
  news: { value: { ...news }, secrets: [], unknowns: unknowns.map((key) => [key]) },
  ignored: [],
  ...more,
});

const same = { name: "a", size: 1, ports: [80] };
const cases: [string, Compared, object][] = [
  ["nothing", compared(same), {}],
  ["a change", compared({ ...same, size: 2 }), { size: "update" }],
  ["an ignored change", compared({ ...same, size: 2 }, { ignored: ["size"] }), {}],
  [
    "part of an ignored list",
    compared({ ...same, ports: [1] }, { ignored: ["ports[0]"] }),
    { ports: "update" },
  ],
  ["unknown, in place", compared({ ...same, size: UNKNOWN }, {}, ["size"]), { size: "update" }],
  [
    "unknown, a replacement",
    compared({ ...same, name: UNKNOWN }, {}, ["name"]),
    { name: "update-replace" },
  ],
  [
    "unknown, of another sort",
    compared({ ...same, size: 2, ports: UNKNOWN }, {}, ["ports"]),
    { size: "update", ports: "update" },
  ],
  [
    "unknown, not there before",
    compared({ ...same, mode: UNKNOWN }, {}, ["mode"]),
    { mode: "add" },
  ],
  ["unknown, ignored", compared({ ...same, size: UNKNOWN }, { ignored: ["size"] }, ["size"]), {}],
];
test.each(cases)("%s", (_, request, changes) => {
  expect(compare(type, request).changes).toEqual(changes);
});

test("the engine is told each property, what is replaced, and what stays", () => {
  const response = toResponse(
    {
      changes: { "labels.tier": "add", "ports[0].target": "update-replace", old: "delete" },
      deleteBeforeReplace: true,
    },
    ["labels", "ports", "name"],
  ).toObject();
  expect(response).toMatchObject({
    changes: 2,
    hasdetaileddiff: true,
    diffsList: ["labels", "old", "ports"],
    replacesList: ["ports"],
    stablesList: ["name"],
    deletebeforereplace: true,
    detaileddiffMap: [
      ["labels.tier", { kind: 0, inputdiff: false }],
      ["old", { kind: 2, inputdiff: false }],
      ["ports[0].target", { kind: 5, inputdiff: false }],
    ],
  });
  expect(toResponse({ changes: {} }).toObject()).toMatchObject({ changes: 1 });
  expect(toResponse({ changes: {} }, [], true).toObject()).toMatchObject({ changes: 2 });
});
