import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backendRisk, isWhole } from "../../../tools/stack-task";
import { readStackFile } from "../../../tools/stack-file";

describe("readStackFile", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "swarm-stack-"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: swarm\n");
    writeFileSync(join(root, "Pulumi.dev.yaml"), "config:\n  swarm:lab: { image: debian }\n");
    writeFileSync(join(root, "Pulumi.prod.yaml"), "encryptionsalt: v1:x\nconfig:\n  swarm:a: b\n");
    writeFileSync(join(root, "Pulumi.bad.yaml"), "config: [\n");
    writeFileSync(join(root, "Pulumi.empty.yaml"), "");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it.each([
    ["dev", "Pulumi.dev.yaml", { image: "debian" }, false],
    ["acme/swarm/prod", "Pulumi.prod.yaml", undefined, true],
    ["empty", "Pulumi.empty.yaml", undefined, false],
  ])("reads %s", async (stack, name, lab, encrypted) => {
    const path = join(root, name);
    const text = readFileSync(path, "utf8");
    expect(await readStackFile(root, stack)).toEqual({ path, text, lab, encrypted });
  });

  it("reads another file", async () => {
    const file = join(root, "Pulumi.dev.yaml");
    expect(await readStackFile(root, "prod", file)).toMatchObject({ path: file, encrypted: false });
  });

  it("says which stacks there are", async () => {
    await expect(readStackFile(root, "stage")).rejects.toThrow(
      `--stack stage: ${root}/Pulumi.stage.yaml cannot be read (ENOENT); expected the ` +
        "configuration of that stack. There are: bad, dev, empty, prod. Copy one of them.",
    );
  });

  it("says where the YAML is broken", async () => {
    await expect(readStackFile(root, "bad")).rejects.toThrow(`${root}/Pulumi.bad.yaml: not YAML: `);
  });

  it("is not led astray by a folder", async () => {
    mkdirSync(join(root, "Pulumi.folder.yaml"));
    await expect(readStackFile(root, "folder")).rejects.toThrow("cannot be read (EISDIR)");
  });
});

describe("backendRisk", () => {
  const own = { PULUMI_BACKEND_URL: "file:///state", PULUMI_CONFIG_PASSPHRASE_FILE: "/passphrase" };
  const file = { path: "", text: "", lab: undefined, encrypted: false };
  const chosen = (environment: Record<string, string>, lab?: object) => ({
    stack: "prod",
    backend: { own: environment.PULUMI_BACKEND_URL !== undefined, environment },
    file: { ...file, lab },
    rest: [],
  });

  it("warns of machines that exist whose state and passphrase are in the clone alone", () => {
    expect(backendRisk(chosen(own))).toMatch(/^stack prod: its state and the passphrase/);
  });

  it.each([
    ["a lab", chosen(own, {})],
    ["a passphrase of the user's", chosen({ PULUMI_BACKEND_URL: "file:///state" })],
    ["a backend of the user's", chosen({ PULUMI_CREDENTIALS_PATH: "/home/me/.pulumi" })],
  ])("says nothing of %s", (_what, one) => {
    expect(backendRisk(one)).toBeUndefined();
  });
});

describe("isWhole", () => {
  it.each([
    [[], true],
    [["--yes", "--parallel", "2"], true],
    [["--target", "urn"], false],
    [["--target=urn"], false],
    [["-t", "urn"], false],
    [["--exclude=urn"], false],
    [["--preview-only"], false],
    [["--help"], false],
  ])("%j: %j", (words, expected) => {
    expect(isWhole(words)).toBe(expected);
  });
});
