import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../lab/lock";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-lock-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("withLock", () => {
  it("lets one task in at a time and passes results and errors through", async () => {
    const path = join(folder, "locks", "x");
    let inside = 0;
    const task = async (): Promise<number> => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      return inside--;
    };
    const lock = { deadlineSeconds: 30 };
    const results = Promise.all([1, 2, 3].map(async () => withLock(path, lock, task)));
    expect(await results).toEqual([1, 1, 1]);
    const failing = withLock(path, lock, () => Promise.reject(new Error("inner")));
    await expect(failing).rejects.toThrow("inner");
    expect(await withLock(path, lock, () => Promise.resolve("free"))).toBe("free");
  });

  it("gives up at the deadline and names the file", async () => {
    const path = join(folder, "x");
    const inner = withLock(path, { deadlineSeconds: 30 }, async () =>
      withLock(path, { deadlineSeconds: 0.2 }, () => Promise.resolve()),
    );
    await expect(inner).rejects.toThrow(
      `${path}: another run held this lock for more than 0.2 s; expected it to finish. ` +
        `See which process has the file open (fuser ${path}), end it, and run again.`,
    );
  });
});
