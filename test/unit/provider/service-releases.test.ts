import type { Node } from "@docker/node-sdk";
import { needsReleases, tooNewFor } from "../../../provider/service/releases";

const node = (name: string, version: string, isManager = true): Node => ({
  Description: { Hostname: name, Engine: { EngineVersion: version } },
  ...(isManager ? { ManagerStatus: { Reachability: "reachable" } } : {}),
});

const mixed = [node("b", "27.5.1"), node("a", "26.1.5+dfsg1"), node("w", "20.10.24", false)];
const inputs = {
  name: "web",
  image: "web",
  oomScoreAdj: 100,
  limits: { memorySwappiness: 0 },
  mounts: [
    { type: "volume", target: "/a", volumeSubpath: "x" },
    { type: "cluster", source: "group:c", target: "/b" },
    { type: "tmpfs", target: "/c", tmpfsOptions: ["noexec"] },
  ],
} as const;

const pathsFor = (nodes: Node[], versions: Record<string, string> = {}): string[] =>
  tooNewFor(structuredClone(inputs) as never, nodes, new Map(Object.entries(versions)))
    .map(({ path }) => path)
    .sort();

it("names what the oldest manager does not know, and who that is", () => {
  expect(pathsFor(mixed)).toEqual([
    "limits.memorySwappiness",
    "mounts[2].tmpfsOptions",
    "oomScoreAdj",
  ]);
  const [first] = tooNewFor({ name: "web", oomScoreAdj: 1 }, mixed, new Map());
  expect(first).toEqual({
    path: "oomScoreAdj",
    reason:
      "got a value, which Docker 26.1.5+dfsg1 on a does not know; expected Docker 27 or newer on every manager. " +
      "Upgrade the managers (engine.version), or leave it out.",
  });
});

it("counts on the version that this run brings", () => {
  expect(pathsFor(mixed, { a: "27", b: "27.5.1" })).not.toContain("oomScoreAdj");
  expect(pathsFor(mixed, { a: "29.0", b: "29" })).toEqual([]);
  expect(pathsFor([node("a", "29.1.0")], { a: "25" })).toContain("mounts[0].volumeSubpath");
  expect(pathsFor([node("a", "20.10.24")])).toContain("mounts[1].type");
});

it("says nothing where no manager answers, and nothing of defaults and of what is not known yet", () => {
  expect(pathsFor([])).toEqual([]);
  const plain = { name: "web", image: "web", privileges: { seccomp: "default" }, oomScoreAdj: 0 };
  expect(needsReleases(plain as never)).toBe(false);
});
