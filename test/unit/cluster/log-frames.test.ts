import fc from "fast-check";
import { textOf } from "../../../cluster/logs";

// Docker's frames around what a task writes; whoever fakes them gets no more out of it than odd text.

function frame(stream: number, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(stream, 0);
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, content]);
}

const text = fc.string({ unit: "binary" });

test("what was put into frames comes out of them", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(0, 1, 2), text), { minLength: 1 }), (written) => {
      const frames = written.map(([stream, content]) => frame(stream, Buffer.from(content)));
      const whole = Buffer.concat(written.map(([, content]) => Buffer.from(content)));
      expect(textOf(Buffer.concat(frames))).toBe(whole.toString("utf8"));
    }),
  );
});

test("frames that break off, or lie about their length, are read as far as they go", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(0xffffffff), (bytes, length) => {
      const lie = Buffer.alloc(8);
      lie.writeUInt8(1, 0);
      lie.writeUInt32BE(length, 4);
      for (const stream of [Buffer.from(bytes), Buffer.concat([lie, bytes])])
        expect(Buffer.byteLength(textOf(stream))).toBeLessThanOrEqual(3 * stream.length);
    }),
  );
});

test("a million empty frames are read in one go, and say nothing", () => {
  expect(textOf(Buffer.alloc(8_000_000))).toBe("");
});
