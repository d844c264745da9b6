import type { ServiceSpec } from "@docker/node-sdk";
import { Room } from "../../../consequences/room";
import { node } from "./swarm";

const zoned = (name: string, labels: Readonly<Record<string, string>>) => {
  const made = node(name);
  return { ...made, Spec: { ...made.Spec, Labels: { ...labels } } };
};

/** Names of the nodes that tasks are put on, one after the other. */
function placed(nodes: readonly ReturnType<typeof zoned>[], count: number, by: string[]): string[] {
  const room = new Room(nodes);
  const spec: ServiceSpec = {
    Name: "web",
    TaskTemplate: {
      Placement: { Preferences: by.map((SpreadDescriptor) => ({ Spread: { SpreadDescriptor } })) },
    },
  };
  const names = new Map(nodes.map(({ ID = "", Description }) => [ID, Description?.Hostname ?? ""]));
  return Array.from({ length: count }, () => names.get(room.place(spec) ?? "") ?? "nowhere");
}

const three = [
  zoned("a1", { zone: "a", rack: "1" }),
  zoned("a2", { zone: "a", rack: "2" }),
  zoned("b1", { zone: "b" }),
];

describe("where tasks are put", () => {
  it("is on every node in turn, where nothing is preferred", () => {
    expect(placed(three, 6, []).sort()).toEqual(["a1", "a1", "a2", "a2", "b1", "b1"]);
  });

  it("is in every branch of the preferred label in turn, however many nodes it has", () => {
    expect(placed(three, 4, ["node.labels.zone"])).toEqual(["a1", "b1", "a2", "b1"]);
    expect(placed(three, 8, ["node.labels.zone"]).filter((name) => name === "b1")).toHaveLength(4);
  });

  it("counts nodes without the label as one branch", () => {
    const more = [...three, zoned("c1", {}), zoned("c2", {})];
    expect(placed(more, 6, ["node.labels.zone"])).toEqual(["a1", "b1", "c1", "a2", "c2", "b1"]);
  });

  it("is in the branches of a second label within those of the first", () => {
    const more = [...three, zoned("a3", { zone: "a", rack: "2" })];
    const by = ["node.labels.zone", "node.labels.rack"];
    expect(placed(more, 8, by).filter((name) => name !== "b1")).toEqual(["a1", "a2", "a3", "a1"]);
  });

  it("heeds no other words, as Docker does", () => {
    expect(placed(three, 3, ["node.hostname"])).toEqual(["a1", "a2", "b1"]);
  });
});
