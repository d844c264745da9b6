import fc from "fast-check";
import { said, web } from "./sample";

function words(line: string): readonly string[] | undefined {
  return web(`command: ${JSON.stringify(line.replaceAll("$", "$$$$"))}`).command;
}

describe("a command in one text", () => {
  // As `docker stack deploy` sent them.
  it.each([
    ["", []],
    ["  ", []],
    ['bundle exec "thin -p" 3000', ["bundle", "exec", "thin -p", "3000"]],
    ['echo \'a b\' c\\ d "e \\" f"', ["echo", "a b", "c d", 'e " f']],
    ["a=#b c#d '' \"\"", ["a=#b", "c#d", "", ""]],
    ['"a\\nb"', ["anb"]],
    ["a\\nb", ["anb"]],
    ["'a\\nb'", ["a\\nb"]],
    ["a\tb\nc\r\nd", ["a", "b", "c", "d"]],
    ['"\n#\n" b\\\nc', ["\n#\n", "b\nc"]],
    ["*.txt && ls | cat; $HOME", ["*.txt", "&&", "ls", "|", "cat;", "$HOME"]],
    ['--x="a b"', ["--x=a b"]],
    ["a # b\nc", ["a", "c"]],
    ["'a'\"b\"c", ["abc"]],
  ])("%j", (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each([
    ["echo 'a", "' that is not closed"],
    ['echo "a', '" that is not closed'],
    ["echo \\", "a backslash with nothing after it"],
    ['"\\', "a backslash with nothing after it"],
  ])("%j is refused", (line, reason) => {
    expect(said(`entrypoint: ${JSON.stringify(line)}`)).toEqual([
      expect.stringContaining(`expected words as in a shell. It has ${reason}.`),
    ]);
  });

  it("says what a comment leaves out", () => {
    expect(said('command: "run # fast"')).toEqual([
      'warning stacks/a.yml:1:37 services.web.command: the "#" begins a comment to Docker: "fast" is left out. Put the word with "#" into quotes to keep it.',
    ]);
  });

  it("is any words that were put into quotes", () => {
    const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
    const escaped = (word: string): string => `"${word.replace(/["\\]/g, "\\$&")}"`;
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 5 }), fc.boolean(), (list, single) => {
        expect(words(list.map(single ? quoted : escaped).join(" "))).toEqual(list);
      }),
    );
  });

  it("is any words with a backslash before each sign", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 5 }), (list) => {
        expect(words(list.map((word) => word.replace(/./gsu, "\\$&")).join("  "))).toEqual(list);
      }),
    );
  });
});

describe("a command in a list", () => {
  it("is taken as it is", () => {
    expect(web("command: ['a b', '$$c', '# d']").command).toEqual(["a b", "$c", "# d"]);
    expect(web("command: [], entrypoint: ").command).toEqual([]);
  });

  it("has texts", () => {
    expect(said("command: [sleep, 5]")).toEqual([
      'error stacks/a.yml:1:45 services.web.command[1]: got the number 5; expected text. Quote it: "5".',
    ]);
  });
});
