import { KeptResults } from "../../../stack-files/kept";

/** A disk of which files can change, and how often something was made of it. */
function desk(files: Record<string, string | Error | undefined>) {
  const kept = new KeptResults<string>();
  let times = 0;
  const make = (request = "r", name = "shop"): string =>
    kept.of(name, request, disk, (seen) => {
      times += 1;
      try {
        return seen.read("a")?.toString() ?? "nothing";
      } catch {
        return "unreadable";
      }
    });
  const disk = {
    home: "/",
    read: (path: string): Buffer | undefined => {
      const found = files[path];
      if (found instanceof Error) throw found;
      return found === undefined ? undefined : Buffer.from(found);
    },
  };
  return { files, make, times: () => times };
}

describe("what is made of files", () => {
  it("is made once while nothing changes", () => {
    const { make, times } = desk({ a: "one" });
    expect([make(), make(), times()]).toEqual(["one", "one", 1]);
  });

  it("is made anew for another request or another name", () => {
    const { make, times } = desk({ a: "one" });
    make();
    make("other");
    make("other", "blog");
    expect(times()).toBe(3);
  });

  it.each<[string, string | Error | undefined, string]>([
    ["another text", "two", "two"],
    ["no file", undefined, "nothing"],
    ["a folder", new Error("it is a folder"), "unreadable"],
  ])("is made anew when a file becomes %s, and when it is as it was", (_what, next, expected) => {
    const { files, make, times } = desk({ a: "one" });
    make();
    files.a = next;
    expect([make(), times()]).toEqual([expected, 2]);
    files.a = "one";
    expect([make(), times()]).toEqual(["one", 3]);
  });
});
