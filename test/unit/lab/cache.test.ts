import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cached, cachePath, DiskFullError, isDiskFull, prune } from "../../../lab/cache";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-cache-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const options = { label: "thing", neededMiB: 1, progress: (): void => undefined };

describe("cachePath", () => {
  it("names the path after the recipe's contents", () => {
    expect(cachePath("/c", "base", { suite: "trixie" })).toBe("/c/base-61a5e8ca1a01");
    expect(cachePath("/c", "base", { suite: "forky" })).not.toBe("/c/base-61a5e8ca1a01");
  });
});

describe("cached", () => {
  it("builds once and answers the complete thing from then on", async () => {
    let builds = 0;
    const build = async (temporary: string): Promise<void> => {
      builds++;
      await writeFile(temporary, "made");
    };
    const path = join(folder, "sub", "thing");
    const both = await Promise.all([cached(path, options, build), cached(path, options, build)]);
    expect(both).toEqual([path, path]);
    expect(await cached(path, options, build)).toBe(path);
    expect(builds).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("made");
  });

  it("clears what a killed build left", async () => {
    const path = join(folder, "thing");
    await mkdir(`${path}.tmp`);
    writeFileSync(`${path}.tmp/half`, "");
    await cached(path, options, async (temporary) => {
      expect(existsSync(temporary)).toBe(false);
      await mkdir(temporary);
    });
    expect(existsSync(`${path}/half`)).toBe(false);
  });

  it("leaves nothing behind when a build fails", async () => {
    const path = join(folder, "thing");
    const build = async (temporary: string): Promise<void> => {
      await writeFile(temporary, "half");
      throw new Error("no network");
    };
    await expect(cached(path, options, build)).rejects.toThrow("no network");
    expect(existsSync(path) || existsSync(`${path}.tmp`)).toBe(false);
  });

  it("takes along the manifest that a build writes, and no other", async () => {
    const path = join(folder, "thing");
    const build = async (temporary: string): Promise<void> => {
      expect(existsSync(`${temporary}.packages`)).toBe(false);
      await writeFile(`${temporary}.packages`, "Package: a");
      await writeFile(temporary, "made");
    };
    writeFileSync(`${path}.tmp.packages`, "of a killed build");
    await cached(path, options, build);
    expect(readFileSync(`${path}.packages`, "utf8")).toBe("Package: a");
    const failing = async (temporary: string): Promise<void> => {
      await writeFile(`${temporary}.packages`, "");
      throw new Error("no network");
    };
    await expect(cached(`${path}2`, options, failing)).rejects.toThrow("no network");
    expect(readdirSync(folder).filter((name) => name.includes("2"))).toEqual(["thing2.lock"]);
  });

  it("fails before it starts when there is not enough room", async () => {
    const path = join(folder, "thing");
    const build = jest.fn<Promise<void>, []>();
    const full = cached(path, { ...options, neededMiB: 1e9 }, build);
    await expect(full).rejects.toThrow(
      /^thing: no space left on the disk of .*: \d+ MiB free; expected at least 1000000000 MiB\. Free some space there and run again; what was half done has been removed\.$/,
    );
    expect(build).not.toHaveBeenCalled();
  });

  it("says so when the disk fills up meanwhile", async () => {
    const build = (): Promise<void> =>
      Promise.reject(new Error("tar: ./usr: Cannot write: No space left on device"));
    await expect(cached(join(folder, "thing"), options, build)).rejects.toBeInstanceOf(
      DiskFullError,
    );
  });
});

describe("isDiskFull", () => {
  const table: readonly { readonly error: unknown; readonly full: boolean }[] = [
    { error: Object.assign(new Error("write"), { code: "ENOSPC" }), full: true },
    { error: new Error("E: You don't have enough free space in /x."), full: true },
    { error: new Error("Could not allocate block in ext2 filesystem"), full: true },
    { error: new Error("Temporary failure resolving"), full: false },
    { error: "No space left on device", full: false },
  ];
  it.each(table)("$error: $full", ({ error, full }) => {
    expect(isDiskFull(error)).toBe(full);
  });
});

describe("prune", () => {
  it("removes what no lab has used for two weeks, with its lock", async () => {
    const days = (count: number): Date => new Date(Date.now() - count * 24 * 3600 * 1000);
    const old = join(folder, "base-old.img");
    const used = join(folder, "base-used.img");
    const beingBuilt = join(folder, "base-new.img.root.tmp");
    for (const path of [old, `${old}.lock`, `${old}.packages`, used, `${used}.lock`, beingBuilt]) {
      writeFileSync(path, "");
      utimesSync(path, days(15), days(15));
    }
    await cached(used, options, () => Promise.reject(new Error("built again")));
    await prune(folder);
    expect(readdirSync(folder).sort()).toEqual([
      "base-new.img.root.tmp",
      "base-used.img",
      "base-used.img.lock",
    ]);
  });
});
