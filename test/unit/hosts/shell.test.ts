import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { launchLine, quote, quoteAll, scriptStream } from "../../../hosts/shell";

// Proves what the local sh and bash read; other login shells are left to the lab.
describe("quote", () => {
  it.each([
    ["plain words as they are", "/etc/docker/daemon.json", "/etc/docker/daemon.json"],
    ["the empty word", "", "''"],
    ["spaces", "a b", "'a b'"],
    ["single quotes", "it's", `'it'\\''s'`],
    ["what a shell would expand", "$(id) `id` $HOME *", "'$(id) `id` $HOME *'"],
  ])("writes %s", (_what, word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });

  it("is read back by sh as the very same words, whatever they are", () => {
    const word = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const said = execFileSync("sh", ["-c", `printf '%s\\0' ${quoteAll(words)}`]);
        expect(said.toString("utf8").split("\0").slice(0, -1)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses what no argument can hold", () => {
    expect(() => quote("a\0b")).toThrow("a command argument cannot hold a NUL character");
  });
});

describe("launchLine", () => {
  it("announces the process group and bounds the command", () => {
    const launch = { sudo: false, sudoPassword: false, seconds: 2.2 };
    expect(launchLine(["echo", "a b"], launch)).toBe(
      `exec sh -c 'printf '\\''swarm-started %s\\n'\\'' "$$" >&2; exec "$@"' sh timeout -k 5 3 echo 'a b'`,
    );
  });

  it("puts neither password nor prompt into a sudo that needs none", () => {
    const launch = { sudo: true, sudoPassword: false, seconds: undefined };
    expect(launchLine(["id"], launch)).toMatch(/^exec sudo -n -- sh -c .* sh id$/);
  });

  it("lets sudo ask with a prompt of its own", () => {
    const launch = { sudo: true, sudoPassword: true, seconds: undefined };
    expect(launchLine(["id"], launch)).toMatch(
      /^exec sudo -S -p swarm-asks-for-the-sudo-password: -- sh -c .* sh id$/,
    );
  });

  it("runs in a real shell, says its group first and kills what takes too long, children too", () => {
    const line = launchLine(["sh", "-c", "echo out; sleep 30 & sleep 30"], {
      sudo: false,
      sudoPassword: false,
      seconds: 1,
    });
    const began = Date.now();
    const said = execFileSync("sh", [
      "-c",
      `{ ${line.replace(/^exec /, "")}; } 2>&1 || echo "code $?"`,
    ]);
    expect(said.toString()).toMatch(/^swarm-started \d+\nout\ncode 124\n$/);
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});

describe("scriptStream", () => {
  const run = (text: string, input: string, ...args: string[]): string =>
    execFileSync("bash", ["-euo", "pipefail", "-s", "--", ...args], {
      input: scriptStream(text, input),
    }).toString();

  it("gives the script's commands the input and nothing of the script", () => {
    expect(run('echo "for $1:"; cat', "line 1\nline 2", "a b")).toBe("for a b:\nline 1\nline 2");
  });

  it("never runs the input", () => {
    expect(run("echo done", "echo injected\n}\necho injected\n")).toBe("done\n");
  });

  it("ends with the code of the last command", () => {
    expect(() => run("(exit 7)", "")).toThrow(expect.objectContaining({ status: 7 }) as Error);
  });

  it("understands a script that starts with a comment and ends without a line break", () => {
    expect(run("#!/bin/bash\n# why\necho yes # end", "")).toBe("yes\n");
  });
});
