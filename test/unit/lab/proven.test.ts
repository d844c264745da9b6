import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskFullError } from "../../../lab/cache";
import { manifestHook, manifestPath, parseManifest } from "../../../lab/manifest";
import { rowOf } from "../../../lab/images/extra";
import { allParts, imageParts, machineParts } from "../../../lab/parts";
import {
  explained,
  newerThanProven,
  readProven,
  versionsToProve,
  writeProven,
} from "../../../lab/proven";
import { Toolbox } from "../../../lab/toolbox";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-proven-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A thing of the cache with the versions of its packages. */
function built(name: string, versions: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  const lines = Object.entries(versions).map(
    ([key, value]) => `Package: ${key}\nVersion: ${value}\n`,
  );
  writeFileSync(path, "");
  writeFileSync(manifestPath(path), lines.join(""));
  return path;
}

/** dpkg for versions that are whole numbers. */
const dpkg: Pick<Toolbox, "run"> = {
  run: ([, , now = "", , before = ""]) =>
    Promise.resolve({ code: Number(now) > Number(before) ? 0 : 1, stdout: "", stderr: "" }),
};

describe("manifest", () => {
  it("is read as apt and dpkg write it, with every colon of an epoch", () => {
    expect(
      parseManifest("Package: a\nVersion: 1:2.3-4+b1\nPackage: suite/b\nVersion: 5\n"),
    ).toEqual({
      a: "1:2.3-4+b1",
      "suite/b": "5",
    });
    expect(parseManifest("")).toEqual({});
  });

  it("is written by a hook that names the packages and the file", () => {
    const hook = manifestHook("/c/x.packages", ["a", "b"]);
    expect(hook).toMatch(
      /^--extract-hook=.* apt-cache show --no-all-versions a b \| .* >"\/c\/x\.packages"$/,
    );
  });
});

describe("newerThanProven", () => {
  const proven = { "image a": { one: "3", two: "3", three: "3", five: "1" } };
  const read = (): Promise<typeof proven> => Promise.resolve(proven);

  it("names each package that is newer, with both versions; not older, equal or unknown ones", async () => {
    const path = built("a", { two: "4", one: "10", three: "2", four: "9", five: "1" });
    expect(await newerThanProven(dpkg, [{ name: "image a", path }], read)).toBe(
      "Debian has newer packages here than the lab was last proven with (lab/proven.json): " +
        "one 10 (proven: 3), two 4 (proven: 3).",
    );
  });

  it("says nothing when none is, when nothing is built or nothing is proven", async () => {
    const parts = [
      { name: "image a", path: built("a", { one: "3" }) },
      { name: "image a", path: join(folder, "absent") },
      { name: "image b", path: built("b", { one: "9" }) },
    ];
    expect(await newerThanProven(dpkg, parts, read)).toBeUndefined();
  });

  it("says nothing rather than hide the error that it stands beside", async () => {
    const parts = [{ name: "image a", path: built("a", { one: "9" }) }];
    const broken = (): Promise<never> => Promise.reject(new Error("no such file"));
    expect(await newerThanProven(dpkg, parts, broken)).toBeUndefined();
  });
});

describe("explained", () => {
  const newer = (): Promise<string> => Promise.resolve("newer: a");

  it("adds the newer packages to an error, and keeps the rest of it", async () => {
    const act = (): Promise<never> => Promise.reject(new Error("exit code 1\n  cannot map"));
    await expect(explained(newer, act)).rejects.toThrow(/^exit code 1\n {2}cannot map\nnewer: a$/);
    const known = new Error("exit code 1");
    const none = (): Promise<undefined> => Promise.resolve(undefined);
    await expect(explained(none, () => Promise.reject(known))).rejects.toBe(known);
    expect(await explained(newer, () => Promise.resolve(7))).toBe(7);
  });

  it("leaves alone what has another reason", async () => {
    for (const error of [
      new DiskFullError("x", "/c", 2, 1),
      new DOMException("stop", "AbortError"),
    ])
      await expect(explained(newer, () => Promise.reject(error))).rejects.toBe(error);
  });
});

describe("what is proven", () => {
  it("is all that is built, sorted; an optional part that is not built keeps what it had", async () => {
    const parts = [
      { name: "tools", path: built("tools", { b: "2", a: "1" }) },
      { name: "engines", path: built("engines", { c: "3" }) },
      { name: "base image debian", path: join(folder, "absent"), isOptional: true },
      { name: "image extra", path: join(folder, "never"), isOptional: true },
    ];
    const before = {
      tools: { a: "0", gone: "1" },
      "base image debian": { d: "4" },
      old: { e: "5" },
    };
    const after = await versionsToProve(parts, before);
    const file = join(folder, "proven.json");
    expect(await writeProven(after, before, file)).toEqual([
      "engines: c 3",
      "tools: a 1 (was 0)",
      "tools: b 2",
    ]);
    expect(readFileSync(file, "utf8")).toBe(
      `${JSON.stringify({ "base image debian": { d: "4" }, engines: { c: "3" }, tools: { a: "1", b: "2" } }, undefined, 2)}\n`,
    );
  });

  it("is nothing while a part is missing", async () => {
    const parts = [
      { name: "tools", path: built("tools", { a: "1" }) },
      { name: "image mysql", path: join(folder, "absent") },
    ];
    await expect(versionsToProve(parts, {})).rejects.toThrow(
      "got no image mysql in the cache; expected all that a lab is made of. Run `npm run lab -- prepare`.",
    );
  });
});

describe("parts of a lab", () => {
  const place = {
    toolbox: new Toolbox("/lab", "/c"),
    cacheDirectory: "/c",
    image: "centos",
  } as const;

  it.each([
    ["mysql", "mysql"],
    ["mysql:5.7", "mysql"],
    ["mysql@sha256:0", "mysql"],
    ["docker.io/library/mysql:8.0@sha256:0", "mysql"],
    ["registry.example.org:5000/mysql:5.7", undefined],
    ["other/mysql", undefined],
    ["postgres:15-alpine", "postgres"],
    ["dockersamples/atsea_app", "dockersamples/atsea_app"],
  ])("the image %s is %s", (reference, name) => {
    expect(rowOf(reference)?.name).toBe(name);
  });

  it("an image is its own packages and its base's", () => {
    expect(imageParts(place, "mysql:5.7").map(({ name }) => name)).toEqual([
      "image mysql",
      "image base debian",
    ]);
    expect(imageParts(place, "registry.example.org/mysql")).toEqual([]);
  });

  it("are told apart, and the committed list knows every one that a lab cannot do without", async () => {
    const all = allParts(place);
    expect(new Set(all.map(({ path }) => path)).size).toBe(all.length);
    expect(machineParts(place).map(({ name }) => name)).toEqual([
      "tools",
      "base image centos",
      "engine 26.1.5",
      "engine 20.10.24",
      "engine 28.5.2",
      "engine 29.8.1",
    ]);
    const needed = all.filter(({ isOptional }) => isOptional !== true).map(({ name }) => name);
    expect(Object.keys(await readProven())).toEqual(expect.arrayContaining(needed));
  });
});
