import * as fc from "fast-check";
import {
  formatPath,
  isWithin,
  overlaps,
  parsePath,
  valueAt,
  withValueAt,
} from "../../../../provider/adapter/path";

test.each([
  [["size"], "size"],
  [["ports", 0, "published"], "ports[0].published"],
  [["hosts", "web-2", "role"], "hosts.web-2.role"],
  [["labels", "com.example/tier"], 'labels["com.example/tier"]'],
  [["labels", 'say "hi"', "x"], 'labels["say \\"hi\\""].x'],
  [["a.b"], '["a.b"]'],
])("%j is written %s, and read again", (path, text) => {
  expect(formatPath(path)).toBe(text);
  expect(parsePath(text)).toEqual(path);
});

test("every path comes back from its text", () => {
  const part = fc.oneof(fc.nat(), fc.string());
  fc.assert(
    fc.property(fc.string(), fc.array(part), (first, rest) => {
      const path = [first, ...rest];
      expect(parsePath(formatPath(path))).toEqual(path);
    }),
  );
});

test.each([
  ["ports[0].published", "ports", true],
  ["ports[0].published", "ports[*].published", true],
  ["ports", "ports[0]", false],
  ["portsmouth", "ports", false],
  ["labels.tier", "labels", true],
])("%s is within %s: %s", (path, prefix, expected) => {
  expect(isWithin(parsePath(path), parsePath(prefix))).toBe(expected);
});

test("two paths overlap when one holds the other", () => {
  expect(overlaps(["a"], ["a", "b"])).toBe(true);
  expect(overlaps(["a", "b"], ["a"])).toBe(true);
  expect(overlaps(["a", "b"], ["a", "c"])).toBe(false);
});

test("values are read and replaced without touching the original", () => {
  const root = { ports: [{ target: 80 }], labels: { tier: "db" } };
  expect(valueAt(root, ["ports", 0, "target"])).toBe(80);
  expect(valueAt(root, ["ports", 1, "target"])).toBeUndefined();
  expect(withValueAt(root, ["ports", 0, "target"], 81)).toEqual({
    ...root,
    ports: [{ target: 81 }],
  });
  expect(withValueAt(root, ["labels", "tier"], undefined)).toEqual({ ...root, labels: {} });
  expect(root).toEqual({ ports: [{ target: 80 }], labels: { tier: "db" } });
});
