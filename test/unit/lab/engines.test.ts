import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goArguments, goEnvironment } from "../../../lab/packages/daemon-build";
import { ENGINES, EXTRA_ENGINES, extraEngines } from "../../../lab/packages/engines";
import { enginePart } from "../../../lab/packages/engine";
import { sourceFolder } from "../../../lab/source-folder";

// Proves which engines a declared version means and what Go is asked. That they are made, and run, drills prove.

const versionsOf = (...declared: readonly string[]): string[] =>
  extraEngines(declared).map(({ engine }) => engine);

describe("engines on demand", () => {
  it("are those that a declared version means, each once, and not the one that every lab has", () => {
    expect(versionsOf("28")).toEqual(["28.5.2"]);
    expect(versionsOf("28.5", "28.5.2")).toEqual(["28.5.2"]);
    expect(versionsOf("29.8.1", "28.5", "26.1")).toEqual(["28.5.2", "29.8.1"]);
    expect(versionsOf("26.1")).toEqual([]);
    expect(versionsOf("29.8", "20.10")).toEqual(["20.10.24", "29.8.1"]);
    expect(versionsOf("2", "28.5.20", "28.4")).toEqual([]);
  });

  it("have versions that no other has, and things in the cache of their own", () => {
    const all = [...ENGINES, ...EXTRA_ENGINES];
    const parts = all.map((build) => enginePart("/cache", build));
    expect(new Set(all.map(({ engine }) => engine)).size).toBe(all.length);
    expect(new Set(parts.map(({ path }) => path)).size).toBe(all.length);
  });
});

describe("a daemon from Go modules", () => {
  const [build] = EXTRA_ENGINES.flatMap(({ engine, daemon }) =>
    daemon === undefined ? [] : [{ engine, daemon }],
  );
  if (build === undefined) throw new Error("expected an engine that is built from Go modules");
  const { engine, daemon } = build;

  it("is the module that go.mod lists, with both of its programs", () => {
    const module = sourceFolder(`lab/packages/${daemon.module}`);
    expect(existsSync(join(module, "go.sum"))).toBe(true);
    const list = readFileSync(join(module, "go.mod"), "utf8");
    expect(list).toContain(`github.com/moby/moby/v2 ${daemon.tag}`);
    for (const program of ["dockerd", "docker-proxy"])
      expect(goArguments(engine, daemon, "/out")).toContain(
        `github.com/moby/moby/v2/cmd/${program}`,
      );
  });

  it("says its version, and is never another than go.sum lists", () => {
    const words = goArguments(engine, daemon, "/out");
    expect(words.join(" ")).toContain(`dockerversion.Version=${engine}'`);
    expect(words).toContain("-mod=readonly");
    expect(words).toContain("/out/");
  });

  it("leaves nothing of Go's elsewhere, but in caches that the user names", () => {
    const work = mkdtempSync(join(tmpdir(), "lab-go-"));
    const own = goEnvironment(work, {});
    for (const name of ["GOPATH", "GOMODCACHE", "GOCACHE", "GOTMPDIR", "XDG_CONFIG_HOME"])
      expect(own[name]?.startsWith(work)).toBe(true);
    expect(goEnvironment(work, { GOCACHE: "/there" }).GOCACHE).toBe("/there");
    rmSync(work, { recursive: true });
  });
});
