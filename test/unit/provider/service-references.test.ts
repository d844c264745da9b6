import { EngineError } from "../../../hosts/engine";
import type { Engine } from "../../../hosts/engine";
import type { Machines } from "../../../hosts/machines";
import type { Context } from "../../../provider/context";
import { argumentsOf, compareTable, withArguments } from "../../../provider/fields/table";
import { Managers } from "../../../cluster/managers";
import { networkType } from "../../../provider/network/network";
import { allReferences, networkNames } from "../../../provider/service/references";
import { serviceTable } from "../../../provider/service/table";

// What engines answer: their list has the node's own `host` and `bridge`, never the swarm's counterparts; those are
// found by name in the swarm's scope alone, and a service that was given the name has that id.
const local = (name: string) => ({ Name: name, Id: `local-${name}`, Scope: "local" });
const ofSwarm = (name: string) => ({
  Name: name,
  Id: `swarm-${name}`,
  Scope: "swarm",
  Driver: name,
  Labels: { "com.docker.swarm.predefined": "true" },
});
const front = { Name: "front", Id: "id-front", Scope: "swarm", Driver: "overlay" };

function contextOf(predefined: readonly string[]): Context {
  const request = async (
    _method: string,
    path: string,
    { query }: { query?: { scope?: string } } = {},
  ): Promise<unknown> => {
    await Promise.resolve();
    if (path === "/info") return { Swarm: { LocalNodeState: "active", ControlAvailable: true } };
    if (path === "/networks") return [local("bridge"), front, local("host"), local("none")];
    const name = path.replace("/networks/", "");
    if (name === path) return [];
    if (query?.scope === "swarm" && predefined.includes(name)) return ofSwarm(name);
    throw new EngineError("m1", `GET ${path}`, 404, `network ${name} not found`);
  };
  const engine = { request, info: async () => request("GET", "/info") } as unknown as Engine;
  const machines = { get: () => ({ engine: () => engine }) } as unknown as Machines;
  return { managers: new Managers(machines, { declared: ["m1"] }) } as unknown as Context;
}

const declared = {
  name: "agent",
  image: "agent",
  networks: [{ target: "host" }, { target: "front" }, { target: "bridge" }],
};

it("a service on the node's own networks names the swarm's counterparts, and is read back as declared", async () => {
  const context = contextOf(["host", "bridge"]);
  const references = await allReferences(context);
  const spec = withArguments(serviceTable, {}, declared, references);
  expect(spec.TaskTemplate).toMatchObject({
    Networks: [{ Target: "swarm-host" }, { Target: "id-front" }, { Target: "swarm-bridge" }],
  });
  for (const known of [declared, {}]) {
    const found = argumentsOf(serviceTable, spec, known, await networkNames(context));
    expect(found.networks).toEqual(declared.networks);
    expect(compareTable(serviceTable, found, declared)).toEqual({});
  }
  expect(withArguments(serviceTable, spec, declared, references)).toEqual(spec);
});

it("a swarm without the counterparts is given the node's own, which its engine knows", async () => {
  const references = await allReferences(contextOf([]));
  expect(references.id("network", "host")).toBe("local-host");
});

it("the counterparts are no networks that could be declared or taken over", async () => {
  const context = contextOf(["host", "bridge"]);
  const found = async (id: string) => networkType.read(context, id, undefined);
  expect(await found("host")).toBeUndefined();
  expect(await found("swarm-host")).toBeUndefined();
  expect((await found("front"))?.id).toBe("id-front");
});
