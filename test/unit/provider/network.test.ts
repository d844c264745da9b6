import fc from "fast-check";
import type { Context } from "../../../provider/context";
import { withoutReferences } from "../../../provider/fields/form";
import type { Tree } from "../../../provider/fields/paths";
import { argumentsOf, compareTable, withArguments } from "../../../provider/fields/table";
import { networkType } from "../../../provider/network/network";
import type { NetworkInputs } from "../../../provider/network/network";
import { networkTable } from "../../../provider/network/table";

const spec = (inputs: NetworkInputs): Tree =>
  withArguments(networkTable, {}, inputs, withoutReferences);

/** What Docker makes of a request: it fills in what was not asked for. */
const live = (inputs: NetworkInputs): Tree => {
  const wire = spec(inputs);
  const options = {
    ...(wire.Options as Tree),
    "com.docker.network.driver.overlay.vxlanid_list": "4097",
  };
  const declared = inputs.subnets?.map(({ subnet, gateway, ipRange }) => ({
    Subnet: subnet,
    Gateway: gateway ?? "10.0.0.1",
    IPRange: ipRange,
  }));
  const Config = declared ?? [{ Subnet: "10.0.1.0/24", Gateway: "10.0.1.1" }];
  return {
    ...wire,
    Options: options,
    IPAM: { Driver: "default", Options: null, Config },
    Labels: wire.Labels ?? null,
  };
};

const diff = (old: Tree, news: NetworkInputs) =>
  networkType.diff({ id: "x", oldInputs: old, old, news });

describe("a network", () => {
  it("is asked for as an overlay of the swarm", () => {
    expect(spec({ name: "front" })).toEqual({ Name: "front", Driver: "overlay" });
  });

  it("is asked for with everything", () => {
    const inputs: NetworkInputs = {
      name: "front",
      attachable: true,
      encrypted: true,
      driverOpts: { mtu: "1400" },
      subnets: [{ subnet: "10.1.0.0/16", gateway: "10.1.0.1", ipRange: "10.1.2.0/24" }],
    };
    expect(JSON.parse(JSON.stringify(spec(inputs)))).toEqual({
      Name: "front",
      Driver: "overlay",
      Attachable: true,
      Options: { mtu: "1400", encrypted: "" },
      IPAM: { Config: [{ Subnet: "10.1.0.0/16", Gateway: "10.1.0.1", IPRange: "10.1.2.0/24" }] },
    });
  });

  it("is not different for what Docker fills in", () => {
    const declared = { name: "front", subnets: [{ subnet: "10.1.0.0/16" }], encrypted: true };
    const found = argumentsOf(networkTable, live(declared), declared, withoutReferences);
    expect(compareTable(networkTable, found, declared)).toEqual({});
    const plain = argumentsOf(networkTable, live({ name: "front" }), {}, withoutReferences);
    expect(compareTable(networkTable, plain, { name: "front" })).toEqual({});
  });

  it("is replaced, the old one first, whatever changes", () => {
    const old = { name: "front", labels: { a: "1" }, subnets: [{ subnet: "10.1.0.0/16" }] };
    expect(diff(old, { ...old, labels: { a: "2" }, subnets: [{ subnet: "10.2.0.0/16" }] })).toEqual(
      {
        changes: { "labels.a": "update-replace", "subnets[0]": "update-replace" },
        deleteBeforeReplace: true,
      },
    );
  });

  const checked = (news: NetworkInputs) =>
    networkType.check?.(
      { news, olds: undefined, name: "front", randomSeed: new Uint8Array() },
      {} as Context,
    );

  it.each(["", "yes", "true"])("is encrypted when Docker's option says %j", (said) => {
    const result = checked({ driverOpts: { mtu: "1400", encrypted: said } });
    const inputs = { name: "front", driverOpts: { mtu: "1400" }, encrypted: true };
    expect(result).toEqual({ inputs, failures: [], warnings: [] });
    expect(spec(inputs).Options).toEqual({ mtu: "1400", encrypted: "" });
    // As Docker's command line has made it.
    const made = { ...live(inputs), Options: { mtu: "1400", encrypted: said } };
    const found = argumentsOf(networkTable, made, inputs, withoutReferences);
    expect(compareTable(networkTable, found, inputs)).toEqual({});
  });

  it("is encrypted even when the option says no, and says so", () => {
    const result = checked({ driverOpts: { encrypted: "false" } });
    expect(result?.inputs).toEqual({ name: "front", driverOpts: {}, encrypted: true });
    expect(result?.warnings).toEqual([
      'driverOpts.encrypted: got "false", and Docker encrypts all the same: to it the option counts, not what it says. Leave it out for a network without encryption.',
    ]);
    expect(checked({ encrypted: false })?.inputs).toEqual({ name: "front", encrypted: false });
  });

  it("comes back as it was declared", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const inputs = fc.record(
      {
        attachable: fc.constant(true),
        internal: fc.constant(true),
        encrypted: fc.constant(true),
        driverOpts: fc.dictionary(word, word, { minKeys: 1, noNullPrototype: true }),
        labels: fc.dictionary(word, word, { minKeys: 1, noNullPrototype: true }),
        subnets: fc.constant([{ subnet: "10.9.0.0/16" }, { subnet: "10.8.0.0/16" }]),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    fc.assert(
      fc.property(inputs, (some) => {
        const declared = { name: "n", ...some } as unknown as NetworkInputs;
        const found = argumentsOf(networkTable, live(declared), declared, withoutReferences);
        expect(compareTable(networkTable, found, declared)).toEqual({});
      }),
    );
  });
});
