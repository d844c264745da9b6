import fc from "fast-check";
import { parseFacts } from "../../../hosts/facts-parse";
import { quoted, withoutRules } from "../../../hosts/firewalld-text";

// What a machine says of itself may be made to hang whoever reads it.

const SECTIONS = ["system", "os", "packages", "services", "unfinished", "repository", "addresses"];
const MORE = ["disk", "modules", "users", "sysctls", "firewall", "daemon-json", "hosts-file"];
const PIECES = ['"', "\\", "=", "<rule", "</rule>", ">", "a", " ", "1", "/", "kind ufw", "-", "\r"];

test("any answer is read without an exception", () => {
  const section = fc.tuple(
    fc.constantFrom(...SECTIONS, ...MORE, "nonsense"),
    fc.array(fc.string({ unit: fc.oneof(fc.constantFrom(...PIECES), fc.string()) })),
  );
  fc.assert(
    fc.property(fc.array(section), (sections) => {
      const text = sections
        .map(([name, lines]) => [name, ...lines.map((line) => ` ${line}`)].join("\n"))
        .join("\n");
      expect(typeof parseFacts(text, 0).hostname).toBe("string");
    }),
  );
});

test.each([
  ["rules that never end", "permanent Xml ", "<rule"],
  ["rules in rules", "permanent Xml ", "<rule ></rule>"],
  ["ports that never end", "permanent Xml ", "<port"],
  ["sources that never end", "permanent Xml ", "<rule><source"],
  ["quotes that never end", "runtime Ports ", '\\"'],
  ["one quote and backslashes", 'runtime Ports "', "\\"],
  ["strings", "runtime Ports ", '"a" '],
  ["a setting again and again", "runtime Settings ", '"ports" a(ss) 1 "1" "tcp" '],
])("two million characters of %s cost no more than a moment", (_what, start, piece) => {
  const text = `firewall\n kind firewalld\n ${start}${piece.repeat(Math.ceil(2e6 / piece.length))}\n`;
  const began = Date.now();
  parseFacts(text, 0);
  expect(Date.now() - began).toBeLessThan(3000);
});

test.each(["repository", "os", "services", "addresses", "sysctls", "packages", "disk", "users"])(
  "a line of two million characters in %s costs no more than a moment",
  (section) => {
    for (const piece of ["baseurl=/a", "deb [] /a ", "--a ", "= ", "1: ", '"', "/1", " \t"]) {
      const text = `${section}\n ${piece.repeat(2e6 / piece.length)}\n`;
      const began = Date.now();
      parseFacts(text, 0);
      expect(Date.now() - began).toBeLessThan(3000);
    }
  },
);

test("strings of busctl come out as they were put in", () => {
  const text = fc.string({ unit: fc.constantFrom("a", '"', "\\", " ") });
  fc.assert(
    fc.property(fc.array(text), (strings) => {
      const answer = strings.map((one) => `"${one.replace(/["\\]/g, "\\$&")}"`).join(" ");
      expect(quoted(`as ${strings.length} ${answer}`)).toEqual(strings);
    }),
  );
});

test("rich rules and the rest of a zone are told apart", () => {
  const plain = fc.constantFrom("<port/>", "<short>a</short>", "<rules/>", "x");
  const rule = fc.constantFrom("<rule></rule>", '<rule family="ipv4"><accept/></rule>');
  fc.assert(
    fc.property(fc.array(fc.oneof(plain, rule)), (pieces) => {
      const isRule = (piece: string): boolean => piece.startsWith("<rule") && piece[5] !== "s";
      expect(withoutRules(pieces.join(""))).toEqual({
        plain: pieces.filter((piece) => !isRule(piece)).join(""),
        rules: pieces.filter(isRule),
      });
    }),
  );
});
