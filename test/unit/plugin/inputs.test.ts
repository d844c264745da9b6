import * as pulumi from "@pulumi/pulumi";
import { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { inputsOf } from "../../../plugin/inputs";
import { optionsOf } from "../../../plugin/options";
import { UNKNOWN } from "../../../provider/value";

const { specialSigKey, specialOutputValueSig, specialResourceSig, specialSecretSig } =
  pulumi.runtime;
const node = "urn:pulumi:dev::shop::other:index:Machine::node";
const cluster = "urn:pulumi:dev::shop::swarm:index:Cluster::cluster";

function requestWith(inputs: Record<string, JavaScriptValue>): ConstructRequest {
  return new ConstructRequest().setInputs(Struct.fromJavaScript(inputs));
}

describe("inputs of a component", () => {
  it("are plain values, with where the secrets and the unknown are", () => {
    const request = requestWith({
      ssh: {
        password: { [specialSigKey]: specialOutputValueSig, value: "hidden", secret: true },
        user: { [specialSigKey]: specialSecretSig, value: "admin" },
      },
      hosts: [{ [specialSigKey]: specialOutputValueSig, dependencies: [node] }],
    });
    expect(inputsOf(request)).toMatchObject({
      value: { ssh: { password: "hidden", user: "admin" }, hosts: [UNKNOWN] },
      secrets: [
        ["ssh", "password"],
        ["ssh", "user"],
      ],
      unknowns: [["hosts", "0"]],
    });
  });

  it("name what they come from, wherever that is said", () => {
    const request = requestWith({
      address: { [specialSigKey]: specialOutputValueSig, value: "10.0.0.1", dependencies: [node] },
      cluster: { [specialSigKey]: specialResourceSig, urn: cluster, id: "" },
    });
    const named = new ConstructRequest.PropertyDependencies().setUrnsList([cluster]);
    request.getInputdependenciesMap().set("cluster", named);
    expect(inputsOf(request)).toMatchObject({
      resources: { cluster },
      origins: [node, cluster].sort(),
    });
  });

  it("may be a resource in an output", () => {
    const reference = { [specialSigKey]: specialResourceSig, urn: cluster };
    const request = requestWith({
      cluster: { [specialSigKey]: specialOutputValueSig, value: reference },
    });
    expect(inputsOf(request).resources).toEqual({ cluster });
  });
});

describe("options of a component", () => {
  it("let all that belongs to it wait for what its inputs come from, and what it depends on", async () => {
    const request = new ConstructRequest().setDependenciesList([cluster]);
    const { transformations = [] } = optionsOf(request, [node]);
    const own = new pulumi.DependencyResource("urn:own");
    const [transformation] = transformations;
    const changed = transformation?.({
      type: "swarm:index:Host",
      name: "host",
      props: {},
      opts: { dependsOn: own },
      resource: own,
    });
    const all = [changed?.opts.dependsOn ?? []].flat() as pulumi.DependencyResource[];
    const urns = await Promise.all(
      all.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))),
    );
    expect(urns.sort()).toEqual(["urn:own", cluster, node].sort());
  });

  it("say nothing that the program did not say", () => {
    const request = new ConstructRequest();
    expect(optionsOf(request, [])).toEqual({ providers: {}, dependsOn: [], transformations: [] });
    request.setProtect(false).setRetainondelete(true);
    expect(optionsOf(request, [])).toMatchObject({ protect: false, retainOnDelete: true });
  });
});
