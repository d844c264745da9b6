import type { Context } from "../../../provider/context";
import { UNKNOWN } from "../../../provider/value";
import { volumeType } from "../../../provider/volume/volume";
import type { VolumeInputs } from "../../../provider/volume/volume";

const hosts = ["manager-1", "worker-1"];
const context = {
  machines: { has: (name: string) => hosts.includes(name), names: hosts },
} as unknown as Context;

const checked = (news: VolumeInputs, olds?: VolumeInputs) =>
  volumeType.check?.({ news, olds, name: "data", randomSeed: new Uint8Array() }, context);

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

  const old = {
    host: "worker-1",
    name: "data",
    driver: "nfs",
    labels: { tier: "db" },
    driverOpts: { device: "x" },
  };
  const told = (news: VolumeInputs, olds: VolumeInputs) =>
    checked(news, olds)?.failures.map(({ path, reason }) => `${path}: ${reason}`);
  const labels =
    'labels: got {"tier":"web"}; the volume has {"tier":"db"}, and Docker cannot change them. Declare those, or a volume of another name.';

  it("keeps its labels, whatever becomes of its data", () => {
    for (const deleteData of [true, false]) {
      const olds = { ...old, deleteData };
      expect(told({ ...olds, labels: { tier: "web" } }, olds)).toEqual([labels]);
    }
    expect(told({ ...old, labels: {} }, old)).toEqual([
      expect.stringContaining("labels: got {}; the volume"),
    ]);
  });

  it("changes its driver only when its data may go", () => {
    const news = { ...old, driver: "local", driverOpts: { device: "y" } };
    const advice =
      "and Docker cannot change that. Declare a volume of another name; or, if its data may go, set deleteData: true in a run of its own first.";
    for (const asked of [news, { ...news, deleteData: true }]) {
      expect(told(asked, old)).toEqual([
        `driver: got "local"; the volume has "nfs", ${advice}`,
        `driverOpts: got {"device":"y"}; the volume has {"device":"x"}, ${advice}`,
      ]);
    }
    expect(told(news, { ...old, deleteData: true })).toEqual([]);
  });

  it("is another one on another host, or under another name", () => {
    expect(told({ ...old, host: "manager-1", labels: {} }, old)).toEqual([]);
    expect(told({ ...old, name: "other", labels: {} }, old)).toEqual([]);
    expect(told(old, old)).toEqual([]);
    expect(told({ ...old, labels: { tier: UNKNOWN } }, old)).toEqual([]);
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
