/** Examples as programs: what they register, and what is said of a program that is none. Proves wiring only. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster";
import { inLab } from "../../components/lab";
import { deployProgram, type Deploy } from "../../components/program";
import { Recorder, type Registered } from "./recorder";

const folder = join(__dirname, "../../examples");
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => readdirSync(join(folder, name)).includes("index.ts"));

describe("programs", () => {
  const recorder = new Recorder();
  let cluster: Cluster;
  let registered: ReadonlyMap<string, Registered>;

  beforeAll(async () => {
    await recorder.start();
    cluster = new Cluster(
      "cluster",
      inLab({
        lab: {},
        hosts: { "manager-1": { role: "manager" }, "worker-1": { role: "worker" } },
      }),
    );
    for (const name of examples) {
      const { deploy } = jest.requireActual<{ deploy: Deploy }>(join(folder, name, "index.ts"));
      deploy(cluster, name);
    }
    registered = await recorder.all();
  });

  it("make resources of the cluster alone, after its nodes", () => {
    const own = [...registered].filter(
      ([, { type, path }]) =>
        type === path && type.startsWith("swarm:index") && type !== "swarm:index:Cluster",
    );
    expect(own.length).toBeGreaterThan(25);
    for (const [name, { provider, dependsOn }] of own) {
      expect([name, provider]).toEqual([name, "cluster-provider"]);
      expect(dependsOn).toEqual(
        expect.arrayContaining(["cluster-node-manager-1", "cluster-node-worker-1"]),
      );
    }
  });

  it.each([
    ["is not there", "examples/none"],
    ["lies elsewhere", "../elsewhere"],
  ])("are refused when their path %s", (_, path) => {
    expect(() => deployProgram("shop", cluster, path)).toThrow(
      new pulumi.RunError(
        `stacks.shop.program: got "${path}"; expected a folder of this project with an index.ts, or a file of it.`,
      ),
    );
  });
});
