import fc from "fast-check";
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
    const text = fc.string({ unit: "binary" });
    const words = fc.record({ host: text, unlockKey: text });
    fc.assert(
      fc.property(words, fc.uint8Array(), (said, bytes) => {
        const whole = { ...manifest, ...said };
        const tar = Buffer.from(bytes);
        expect(unpack(pack(whole, tar))).toEqual({ manifest: whole, tar });
      }),
    );
  });

  it("is refused in words when it is any other bytes, or cut off in its first line", () => {
    const first = pack(manifest, Buffer.alloc(0));
    const cut = fc.nat(first.length - 2).map((length) => first.subarray(0, length));
    const other = fc.oneof(fc.json(), fc.string()).map((line) => Buffer.from(`${line}\n`));
    const any = fc.uint8Array().map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(cut, other, any), (bytes) => {
        expect(() => unpack(bytes)).toThrow(/^--file: got /);
      }),
    );
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
