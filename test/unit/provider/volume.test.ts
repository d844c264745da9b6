import type { Context } from "../../../provider/context";
import { UNKNOWN } from "../../../provider/value";
import { volumeType } from "../../../provider/volume/volume";
import type { VolumeInputs } from "../../../provider/volume/volume";

const hosts = ["manager-1", "worker-1"];
const context = {
  machines: { has: (name: string) => hosts.includes(name), names: hosts },
} as unknown as Context;

const checked = (news: VolumeInputs) =>
  volumeType.check?.(
    { news, olds: undefined, name: "data", randomSeed: new Uint8Array() },
    context,
  );

describe("a volume", () => {
  it("is named like its resource", () => {
    expect(checked({ host: "worker-1" })).toEqual({
      inputs: { host: "worker-1", name: "data" },
      failures: [],
    });
  });

  it("fails on a host that is not configured", () => {
    expect(checked({ host: "worker-9" })?.failures).toEqual([
      {
        path: "host",
        reason: 'got "worker-9"; expected one of the configured hosts: manager-1, worker-1.',
      },
    ]);
    expect(checked({ host: UNKNOWN })?.failures).toEqual([]);
  });

  it("is replaced for all but the fate of its data", () => {
    const old = { host: "worker-1", name: "data", driverOpts: { type: "nfs" } };
    const news = {
      host: "manager-1",
      name: "data",
      driverOpts: { type: "nfs4" },
      deleteData: true,
    };
    expect(volumeType.diff({ id: "x", oldInputs: old, old, news }).changes).toEqual({
      host: "update-replace",
      "driverOpts.type": "update-replace",
      deleteData: "add",
    });
  });
});
