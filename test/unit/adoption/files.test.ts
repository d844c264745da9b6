import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holdsPassword } from "../../../adoption/configuration";
import { writeFiles } from "../../../adoption/files";
import { parseOptions } from "../../../adoption/options";

describe("files of an adoption", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "adopt-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are all written", () => {
    writeFiles({ [join(folder, "a/b.yml")]: "x", [join(folder, "c")]: Buffer.from([0]) });
    expect(readFileSync(join(folder, "a/b.yml"), "utf8")).toBe("x");
    expect(readdirSync(folder).sort()).toEqual(["a", "c"]);
  });

  it("are none of them written over another, and none is written then", () => {
    writeFileSync(join(folder, "c"), "mine");
    const write = (): void => {
      writeFiles({ [join(folder, "b")]: "x", [join(folder, "c")]: "y" });
    };
    expect(write).toThrow("c: there already; expected a new file");
    expect(readdirSync(folder)).toEqual(["c"]);
    expect(readFileSync(join(folder, "c"), "utf8")).toBe("mine");
  });

  it("are taken away again when one cannot be written", () => {
    writeFileSync(join(folder, "c"), "a file and no folder");
    const write = (): void => {
      writeFiles({ [join(folder, "b")]: "x", [join(folder, "c/d")]: "y" });
    };
    expect(write).toThrow(/EEXIST|ENOTDIR/);
    expect(readdirSync(folder)).toEqual(["c"]);
  });
});

describe("the command line of an adoption", () => {
  it.each([
    [["adopt"], "--stack: got nothing"],
    [["adopt", "--stack", "x"], "--manager: got nothing"],
    [["adopt", "--stack", "../x", "--manager", "192.0.2.1"], '--stack: got "../x"'],
    [["export"], "export: got no stack"],
    [["export", "shop", "--port", "0"], '--port: got "0"'],
    [["export", "shop", "--host-key", "nothing"], "--host-key: "],
    [["export", "shop", "--identity", "/nowhere"], "--identity: /nowhere cannot be read"],
  ])("is refused with what is missing: %j", (words, message) => {
    expect(() => parseOptions(words)).toThrow(message);
  });
});

it("finds accounts in URLs, at any depth", () => {
  expect(holdsPassword({ "http-proxy": "http://user:pass@proxy:3128" })).toBe(true);
  expect(holdsPassword({ "http-proxy": "http://proxy:3128", "log-opts": { a: "x@y" } })).toBe(
    false,
  );
});
