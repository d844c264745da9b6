import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a script of a step left behind. */
export interface ScriptRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The calls of the fake programs, in order, one line each. */
  readonly calls: readonly string[];
}

/**
 * A folder that stands for a machine: programs that are pretended, and files under the paths that scripts name.
 * A script is run by the real bash; the paths in it are led into the folder.
 */
export class FakeMachine {
  readonly root = mkdtempSync(join(tmpdir(), "swarm-test-machine-"));
  private readonly bin = join(this.root, "bin");

  /** @param programs name → bash that stands for it; what it was called with is noted */
  constructor(programs: Readonly<Record<string, string>>) {
    mkdirSync(this.bin);
    for (const [name, body] of Object.entries(programs)) this.program(name, body);
  }

  /** Adds a file; the path is the one on the machine. */
  file(path: string, content: string): this {
    const place = join(this.root, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    return this;
  }

  run(script: string, args: readonly string[] = []): ScriptRun {
    const led = script
      .replaceAll(/\/(var\/lib\/|etc\/|run\/docker\/|proc\/locks)/g, `${this.root}/$1`)
      .replaceAll("/usr/lib/apt/", `${this.bin}/`);
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["-euo", "pipefail", "-s", "--", ...args],
      {
        input: led,
        encoding: "utf8",
        env: { PATH: `${this.bin}:/usr/bin:/bin`, CALLS: join(this.root, "calls") },
        timeout: 20_000,
      },
    );
    return { code: status, stdout, stderr, calls: this.calls() };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Adds or replaces a program. */
  program(name: string, body: string): void {
    const path = join(this.bin, name);
    writeFileSync(path, `#!/bin/bash\necho "${name} $*" >>"$CALLS"\n${body}\n`);
    chmodSync(path, 0o755);
  }

  private calls(): string[] {
    try {
      return readFileSync(join(this.root, "calls"), "utf8").trimEnd().split("\n");
    } catch {
      return [];
    }
  }
}
