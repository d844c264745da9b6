import { blocksOf, commandsOf, missingOf } from "../../drills/page";

const page = `# A \`page\`

In an \`empty\` folder, \`a/shop.yml\` and not \`other.yml\`:

\`\`\`yaml
services: {}
\`\`\`

## Next

1. Then:

   \`\`\`console
   $ npm run up   # a comment
     said … s
   $ npm test
   \`\`\`

   \`\`\`text
   $ no console
   \`\`\`
`;

describe("a page's blocks", () => {
  it("are read in order, with their heading, their line and the file that they are, from lists too", () => {
    expect(blocksOf(page)).toEqual([
      {
        language: "yaml",
        text: "services: {}\n",
        line: 5,
        heading: "A page",
        file: "a/shop.yml",
      },
      {
        language: "console",
        text: "$ npm run up   # a comment\n  said … s\n$ npm test\n",
        line: 13,
        heading: "Next",
      },
      { language: "text", text: "$ no console\n", line: 19, heading: "Next" },
    ]);
  });

  it("hold commands with the output that is shown of each", () => {
    expect(blocksOf(page).flatMap(commandsOf)).toEqual([
      { line: "npm run up   # a comment", output: ["  said … s"] },
      { line: "npm test", output: [] },
    ]);
  });
});

describe("output that a page shows", () => {
  const said = "> header\n  one  1.2 s\ntwo\nthree\n  one  3 s\nfour\n";

  it.each([
    [["one … s"]],
    [["one … s", "four"]],
    [["two", "three"]],
    [["two", "…", "four"]],
    [["…", "three", "…", "one 3 s"]],
    [[]],
  ])("is found: %j", (output) => {
    expect(missingOf(output, said)).toBeUndefined();
  });

  it.each([
    [["one"], "one"],
    [["two", "four"], "four"],
    [["four", "…", "two"], "two"],
    [["one … s", "two", "four"], "four"],
  ])("is missed: %j", (output, missing) => {
    expect(missingOf(output, said)).toBe(missing);
  });
});
