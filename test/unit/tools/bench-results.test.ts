import { withSection } from "../../../tools/bench-results";

describe("the file with the results of benchmarks", () => {
  const both = withSection(withSection("", "map", "old"), "floor", "figures\n\n# no heading\n");

  test("has a section for each, in the order of their names", () => {
    expect(both).toMatch(/^# Benchmarks\n/);
    expect(both.slice(both.indexOf("## "))).toBe(
      "## floor\n\nfigures\n\n# no heading\n\n## map\n\nold\n",
    );
  });

  test("gets one of them anew, and keeps the others to the letter", () => {
    expect(withSection(both, "map", "new")).toBe(both.replace("old", "new"));
    expect(withSection(both, "floor", "figures\n\n# no heading\n")).toBe(both);
  });
});
