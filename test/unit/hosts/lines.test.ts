import fc from "fast-check";
import { Lines, Tail } from "../../../hosts/lines";

function linesOf(chunks: readonly string[]): string[] {
  const found: string[] = [];
  const lines = new Lines((line) => found.push(line));
  for (const chunk of chunks) lines.write(chunk);
  lines.end();
  return found;
}

describe("Lines", () => {
  it("are the same however the text is cut into pieces", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "ü", "\r\n") });
    fc.assert(
      fc.property(fc.array(piece), (chunks) => {
        const expected = chunks.join("").split("\n");
        if (expected.at(-1) === "") expected.pop();
        const plain = expected.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
        expect(linesOf(chunks)).toEqual(plain);
      }),
    );
  });

  it("are cut where they never end", () => {
    const [line = "", next] = linesOf(["x".repeat(70_000), "x".repeat(70_000), "\nnext"]);
    expect(line).toBe(`${"x".repeat(65_536)}…`);
    expect(next).toBe("next");
  });

  it("cost no more for coming in a million pieces", () => {
    const chunks = Array.from({ length: 1_000_000 }, () => "xxxxxxxx");
    const began = Date.now();
    expect(linesOf(chunks)).toHaveLength(1);
    expect(Date.now() - began).toBeLessThan(3000);
  });
});

describe("Tail", () => {
  it("is the end of everything that was said", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (chunks) => {
        const tail = new Tail(5);
        for (const chunk of chunks) tail.write(chunk);
        expect(tail.text).toBe(chunks.join("").slice(-5));
      }),
    );
  });
});
