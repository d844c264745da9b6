import { readFileSync } from "node:fs";
import { join } from "node:path";
import { labFreeSchema } from "../../../cluster/configuration";
import { version } from "../../../package.json";
import { openComponents } from "../../../plugin/components";
import { packageSchema } from "../../../provider/adapter/schema";
import { resourceTypes } from "../../../provider/types";
import { breakingChanges, mayBreak } from "../../../schema/breaking";

type Json = Record<string, unknown>;

function recorded(): Json {
  return JSON.parse(readFileSync(join(__dirname, "../../../schema/provider.json"), "utf8")) as Json;
}

/** The recorded schema after an edit of one of its parts. */
function edited(path: readonly string[], edit: (part: Json) => void): Json {
  const schema = recorded();
  edit(path.reduce<Json>((part, key) => part[key] as Json, schema));
  return schema;
}

const network = ["resources", "swarm:index:Network"];

describe("the sources", () => {
  it("break no program that was written for the recorded schema, unless the version says so", () => {
    const served = packageSchema({
      version,
      types: resourceTypes,
      configuration: labFreeSchema,
      components: openComponents().schema,
    });
    const before = recorded();
    const allowed = mayBreak(String(before.version), version);
    expect(allowed ? [] : breakingChanges(before, served as Json)).toEqual([]);
  });
});

describe("a change of the schema", () => {
  it("breaks nothing where it only adds or describes", () => {
    const more = edited([...network, "inputProperties"], (inputs) => {
      inputs.colour = { type: "string" };
      (inputs.driver as Json).description = "other words";
    });
    expect(breakingChanges(recorded(), more)).toEqual([]);
  });

  it.each<[string, Json, string]>([
    [
      "a property that is gone",
      edited([...network, "inputProperties"], (inputs) => Reflect.deleteProperty(inputs, "driver")),
      "swarm:index:Network input driver: is gone",
    ],
    [
      "another type",
      edited([...network, "inputProperties", "labels"], (labels) => {
        labels.additionalProperties = { type: "number" };
      }),
      "swarm:index:Network input labels: was a map of string, is a map of number",
    ],
    [
      "a property that must be given",
      edited(network, (one) => {
        one.requiredInputs = ["driver"];
      }),
      "swarm:index:Network input driver: must be given now",
    ],
    [
      "an output that may be missing",
      edited(network, (one) => {
        one.required = [];
      }),
      "swarm:index:Network output name: may be missing now",
    ],
    [
      "a word less",
      edited(["types", "swarm:index:NodeRole"], (role) => {
        role.enum = (role.enum as Json[]).filter(({ value }) => value !== "worker");
      }),
      'swarm:index:NodeRole: no longer takes "worker"',
    ],
    [
      "another answer of a function",
      edited(["functions", "swarm:index:getSwarm", "outputs", "properties"], (answers) => {
        answers.dataPathPort = { type: "string" };
      }),
      "swarm:index:getSwarm output dataPathPort: was number, is string",
    ],
    [
      "an input of a component that must be given",
      edited(["resources", "swarm:index:Cluster"], (cluster) => {
        cluster.requiredInputs = ["hosts", "ssh"];
      }),
      "swarm:index:Cluster input ssh: must be given now",
    ],
    [
      "a resource that is gone",
      edited(["resources"], (all) => Reflect.deleteProperty(all, "swarm:index:Volume")),
      "swarm:index:Volume: is gone",
    ],
  ])("breaks programs: %s", (_, now, message) => {
    expect(breakingChanges(recorded(), now)).toEqual([message]);
  });

  it("may do so with a new major version, before 1.0 with a new minor one", () => {
    expect(mayBreak("1.4.0", "2.0.0")).toBe(true);
    expect(mayBreak("1.4.0", "1.5.0")).toBe(false);
    expect(mayBreak("0.1.0", "0.2.0")).toBe(true);
    expect(mayBreak("0.1.0", "0.1.9")).toBe(false);
    expect(mayBreak("2.0.0", "1.0.0")).toBe(false);
  });
});
