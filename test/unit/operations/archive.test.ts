import { pack, unpack } from "../../../operations/archive";

const manifest = {
  format: 1 as const,
  clusterId: "c",
  nodeId: "n",
  host: "manager-1",
  address: "192.0.2.1",
  engineVersion: "26.1.5",
  takenAt: "2026-11-21T02:00:00.000Z",
  unlockKey: "SWMKEY-1-x",
  sha256: "00",
};

describe("a backup", () => {
  it("gives back what was put into it, whatever bytes that has", () => {
    const tar = Buffer.from([0, 10, 255, 10, 0]);
    expect(unpack(pack(manifest, tar))).toEqual({ manifest, tar });
    expect(unpack(pack(manifest, Buffer.alloc(0))).tar).toHaveLength(0);
  });

  it.each([
    ["nothing", "", "got something else inside; expected a backup that npm run backup made."],
    ["no JSON", "hello\nworld", "got something else inside"],
    ["half of it", '{"format":1}\nx', "got something else inside"],
    ["a later one", '{"format":2}\nx', "got a backup of format 2; expected 1."],
  ])("that is %s is refused", (_case, text, reason) => {
    expect(() => unpack(Buffer.from(text))).toThrow(`--file: ${reason}`);
  });
});
