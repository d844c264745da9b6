import { newcomerPages, packagePage } from "../../drills/newcomer-pages";
import { driftOf } from "../../drills/reader";

describe("pages that the drill newcomer follows", () => {
  it.each(newcomerPages.map((reading) => [reading.path, reading]))(
    "hold what is replaced, asked and left: %s",
    (_, reading) => {
      expect(driftOf(reading)).toEqual([]);
    },
  );

  it("would be found otherwise than the drill takes them for", () => {
    const line = "pulumi destroy";
    expect(
      driftOf({
        path: packagePage.path,
        followed: ["Ten minutes"],
        replaced: [{ written: "203.0.113.99", because: "" }],
        asked: [{ line, asks: /./, answer: "" }],
        left: [{ heading: "Five minutes", line, because: "" }],
      }),
    ).toEqual([
      ...Array.from(
        { length: 4 },
        () => expect.stringContaining("is neither run nor left") as string,
      ),
      'docs/package.md: has no "Ten minutes" any more',
      'docs/package.md: has no "203.0.113.99" any more',
      'docs/package.md: has no "pulumi destroy" any more',
      'docs/package.md: has no "Five minutes: $ pulumi destroy" any more',
    ]);
  });
});
