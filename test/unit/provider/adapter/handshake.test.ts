import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import { checkConfig, handshake } from "../../../../provider/adapter/configure";
import { decode, encode } from "../../../../provider/adapter/wire";
import type { Decoded } from "../../../../provider/adapter/wire";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL";
const a = { role: "manager", address: "192.0.2.1", hostKey: key, password: "hunter2!" };
const b = { ...a, role: "worker", address: "192.0.2.2" };

async function checked(provider: string, olds: object, news: object): Promise<Decoded> {
  const request = new CheckRequest();
  request.setUrn(`urn:pulumi:dev::shop::pulumi:providers:swarm::${provider}`);
  request.setOlds(encode(olds));
  request.setNews(encode(news));
  const response = await checkConfig(request, undefined);
  expect(response.getFailuresList()).toEqual([]);
  return decode(response.getInputs());
}

describe("checkConfig", () => {
  it.each([
    ["an object", { a, b }],
    ["JSON text, as generated SDKs send it", JSON.stringify({ a, b })],
  ])("keeps passwords secret in hosts that come as %s", async (_what, hosts) => {
    const { secrets } = await checked("mine", {}, { hosts });
    expect(secrets).toContainEqual(["hosts", "a", "password"]);
    expect(secrets).toContainEqual(["hosts", "b", "password"]);
  });

  it("does not forget a host that leaves when hosts come as JSON text", async () => {
    const olds = { hosts: JSON.stringify({ a, b }) };
    const { value, secrets } = await checked("mine", olds, { hosts: JSON.stringify({ a }) });
    expect(value.leaving).toEqual({ b });
    expect(secrets).toContainEqual(["leaving", "b", "password"]);
  });

  it("does not take a provider for the engine's own because of how its name begins", async () => {
    const { value } = await checked("default-cluster", { hosts: { a, b } }, { hosts: { a } });
    expect(value.leaving).toEqual({ b });
  });
});

it("claims what the provider does, and no names that the engine proposes", () => {
  const { acceptSecrets, acceptResources, acceptOutputs, supportsAutonamingConfiguration } =
    handshake().toObject();
  expect([acceptSecrets, acceptResources, acceptOutputs]).toEqual([true, true, true]);
  expect(supportsAutonamingConfiguration).toBe(false);
});
