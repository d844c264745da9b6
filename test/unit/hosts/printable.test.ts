import fc from "fast-check";
import { printable, printableIn, printableLine } from "../../../hosts/printable";

// Written out here once more, by number: what a terminal acts on, and what hides or turns the text around it.
const obeyed = (code: number): boolean =>
  (code < 0x20 && code !== 0x0a && code !== 0x09) ||
  (code >= 0x7f && code <= 0x9f) ||
  code === 0xad ||
  code === 0x61c ||
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x2028 && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  code === 0xfeff ||
  (code >= 0xd800 && code <= 0xdfff) ||
  (code >= 0xe0000 && code <= 0xe007f);

const codes = (text: string): number[] => Array.from(text, (one) => one.codePointAt(0) ?? 0);

/** Any text, with many of the characters that matter. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom("\u001b[2J", "\u001b]0;title\u0007", "\u009b31m", "\u202egpj.exe", "\r\n"),
      fc.constantFrom("\ud83d", "\ude00", "\u{e0041}", "\u200b", "\u2028", "\ufeff", "\u007f"),
    ),
  )
  .map((parts) => parts.join(""));

test("whatever comes, a terminal is told nothing", () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 50 }), (text, longest) => {
      for (const clean of [printable(text), printable(text, longest), printableLine(text)])
        expect(codes(clean).filter(obeyed)).toEqual([]);
      expect(printableLine(text)).not.toMatch(/[\n\t]/);
    }),
  );
});

test("what is text stays as it is, and what was cleaned stays so", () => {
  const text = fc
    .string({ unit: "grapheme-composite" })
    .filter((one) => !codes(one).some(obeyed) && !/\p{Cf}/u.test(one));
  fc.assert(
    fc.property(text, (one) => {
      expect(printable(`${one}\n\t${one}`)).toBe(`${one}\n\t${one}`);
    }),
  );
  fc.assert(
    fc.property(hostile, (one) => {
      expect(printable(printable(one))).toBe(printable(one));
    }),
  );
});

test("JSON stays the same JSON", () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, hostile), (value) => {
      const json = JSON.stringify(value);
      expect(JSON.parse(printable(json, Infinity))).toEqual(JSON.parse(json));
    }),
  );
});

test.each([
  ["\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"],
  ["user\u202etxt.exe", "user\\u202etxt.exe"],
  ["a\r\nb\rc", "a\nb\\u000dc"],
  ["tag\u{e0041}", "tag\\udb40\\udc41"],
])("%j is written out", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("a long text is cut, never between the halves of a character, however long it is", () => {
  expect(printable("abcdef", 4)).toBe("abcd… (2 more characters)");
  expect(printable("abc😀def", 4)).toBe("abc… (5 more characters)");
  const flood = printable("\u001b".repeat(50_000_000));
  expect(flood.length).toBeLessThan(130_000);
  expect(flood).toMatch(/… \(49980000 more characters\)$/);
});

test("every text in a value", () => {
  expect(printableIn({ a: ["x\u0007\ny", 1, undefined], b: { c: null } })).toEqual({
    a: ["x\\u0007 y", 1, undefined],
    b: { c: null },
  });
});
