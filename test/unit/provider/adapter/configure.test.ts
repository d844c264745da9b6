import { handshake } from "../../../../provider/adapter/configure";

it("claims what the provider does, and no names that the engine proposes", () => {
  const { acceptSecrets, acceptResources, acceptOutputs, supportsAutonamingConfiguration } =
    handshake().toObject();
  expect([acceptSecrets, acceptResources, acceptOutputs]).toEqual([true, true, true]);
  expect(supportsAutonamingConfiguration).toBe(false);
});
