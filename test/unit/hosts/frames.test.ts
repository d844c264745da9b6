import fc from "fast-check";
import { Frames, NoFramesError } from "../../../hosts/frames";
import type { FrameSource } from "../../../hosts/frames";

const bytesOf: Readonly<Record<FrameSource, number>> = { stdout: 1, stderr: 2, engine: 3 };

function frame(source: FrameSource, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(bytesOf[source], 0);
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, content]);
}

const sources = fc.constantFrom<FrameSource>("stdout", "stderr", "engine");
const written = fc.array(fc.tuple(sources, fc.string({ unit: "binary" })));

test("frames come out as they went in, wherever the stream is cut", () => {
  fc.assert(
    fc.property(written, fc.integer({ min: 1, max: 20 }), (messages, size) => {
      const stream = Buffer.concat(
        messages.map(([source, text]) => frame(source, Buffer.from(text))),
      );
      const frames = new Frames();
      const got: [FrameSource, string][] = [];
      let open: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size)
        for (const { bytes, isLast, source } of frames.write(stream.subarray(at, at + size))) {
          open.push(bytes);
          if (!isLast) continue;
          got.push([source, Buffer.concat(open).toString("hex")]);
          open = [];
        }
      expect(got).toEqual(
        messages.map(([source, text]) => [source, Buffer.from(text).toString("hex")]),
      );
    }),
  );
});

test("a frame that says it has four gigabytes keeps nothing", () => {
  const head = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const frames = new Frames();
  expect(frames.write(head)).toEqual([]);
  const [piece, ...more] = frames.write(Buffer.from("some of it"));
  expect(piece).toMatchObject({ source: "stdout", isLast: false });
  expect(more).toEqual([]);
});

test.each([
  ["text", Buffer.from("2026-11-25T03:00:00Z no frame")],
  ["text that is shorter than a head", Buffer.from("$ ")],
  ["a source that Docker has not", Buffer.from([4, 0, 0, 0, 0, 0, 0, 1, 65])],
  ["a head with something where zeros are", Buffer.from([1, 0, 1, 0, 0, 0, 0, 1, 65])],
])("%s is not taken for frames", (_what, bytes) => {
  expect(() => new Frames().write(bytes)).toThrow(NoFramesError);
});
