/**
 * What a version before has left goes on to be understood: its state, with the configuration and the program that it
 * was made from, is put into a fresh backend, and nothing is planned but what is meant to change (`meant.json`); its backup
 * is read. The machines are gone (their
 * addresses belong to nobody), so what the state says is all there is.
 *
 * Does not prove: what is read from live machines, which goes through the same tables; a lab's machines.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { site } from "../drills/rack";
import { setProgram } from "../drills/story";
import { Clone } from "../e2e/clone";

const releases = join(__dirname, "..", "releases");
const names = readdirSync(releases, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const minutes = 60_000;

describe.each(names)("what %s has left", (release) => {
  const clone = new Clone(`release-${release}`);
  const file = (name: string): string => join(releases, release, name);
  const text = (name: string): string => readFileSync(file(name), "utf8");

  beforeAll(async () => {
    clone.remove(); // nothing of a run before stands anywhere else
    await clone.make();
    clone.write(".swarm/passphrase", text("passphrase"));
    clone.write("Pulumi.site.yaml", text("Pulumi.site.yaml"));
    setProgram(clone, text("program.txt"));
    await clone.npmOk("pulumi", ["stack", "init", "--no-select", "site"]);
    await clone.npmOk("pulumi", [
      "stack",
      "import",
      "--stack",
      "site",
      "--file",
      file("state.json"),
    ]);
  }, 3 * minutes);

  afterAll(() => {
    clone.remove();
  });

  it(
    "is what it was: nothing is planned but what the next version means to change",
    async () => {
      const said = await clone.npm("preview", site);
      expect(said.stdout + said.stderr).toContain(
        "shown from state, because it cannot be read now",
      );
      expect(await clone.planned(site)).toEqual(JSON.parse(text("meant.json")));
    },
    5 * minutes,
  );

  it("is a backup that can be read", () => {
    const handed = {
      configuration: configurationOf(text("Pulumi.site.yaml")),
      passphrase: text("passphrase").trim(),
      unlockKey: "",
    };
    const words = [
      "dist/operations/main.js",
      "show",
      "--stack",
      "site",
      "--file",
      file("swarm.age"),
    ];
    const { stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: clone.directory,
      input: JSON.stringify(handed),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const state = JSON.parse(text("state.json")) as State;
    const swarm = state.deployment.resources.find(({ type }) => type === "swarm:index:Swarm");
    expect(JSON.parse(stdout)).toMatchObject({
      clusterId: swarm?.outputs?.clusterId,
      host: "manager-1",
    });
  });
});

interface State {
  readonly deployment: {
    readonly resources: readonly { type: string; outputs?: { clusterId?: string } }[];
  };
}

/** As Pulumi hands it over. */
function configurationOf(file: string): object {
  const { config } = parse(file) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, { value: JSON.stringify(value) }]),
  );
}
