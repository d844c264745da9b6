import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseBackend, isBackendChosen } from "../../../tools/backend";
import { clonePaths } from "../../../tools/paths";

describe("isBackendChosen", () => {
  it.each([
    ["nothing", {}, {}, {}, false],
    ["an empty variable", { PULUMI_BACKEND_URL: "" }, {}, {}, false],
    ["a logged-out credentials file", {}, {}, { current: "" }, false],
    ["a variable", { PULUMI_BACKEND_URL: "s3://b" }, {}, {}, true],
    ["a token", { PULUMI_ACCESS_TOKEN: "t" }, {}, {}, true],
    ["the project", {}, { backend: { url: "file://~" } }, {}, true],
    ["a login", {}, {}, { current: "https://api.example.com" }, true],
  ])("%s", (_, env, project, credentials, expected) => {
    expect(isBackendChosen(env, project, credentials)).toBe(expected);
  });
});

describe("chooseBackend", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "swarm-backend-"));
    const dependencies = { "@pulumi/pulumi": "3.1.0", "@pulumi/random": "4.1.0" };
    writeFileSync(join(root, "package.json"), JSON.stringify({ dependencies }));
    writeFileSync(join(root, "Pulumi.yaml"), "name: swarm\n");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("keeps the state in the clone, with a passphrase that only the user can read and that stays", async () => {
    const paths = clonePaths(root);
    const env = { PULUMI_HOME: join(root, "none") };
    const backend = await chooseBackend(paths, env);
    expect(backend).toEqual({
      own: true,
      environment: {
        PULUMI_BACKEND_URL: `file://${root}/.swarm/state`,
        PULUMI_DIY_BACKEND_GZIP: "false",
        PULUMI_CONFIG_PASSPHRASE_FILE: `${root}/.swarm/passphrase`,
      },
    });
    const passphrase = readFileSync(paths.passphrase, "utf8");
    expect(passphrase).toMatch(/^[\w-]{43}$/);
    expect(statSync(paths.passphrase).mode & 0o777).toBe(0o600);
    await chooseBackend(paths, env);
    expect(readFileSync(paths.passphrase, "utf8")).toBe(passphrase);
  });

  it("leaves a chosen passphrase alone", async () => {
    const env = { PULUMI_HOME: join(root, "none"), PULUMI_CONFIG_PASSPHRASE: "" };
    const { environment } = await chooseBackend(clonePaths(root), env);
    expect(environment).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
  });

  it("leaves a login alone, for a CLI with a home of its own, too", async () => {
    writeFileSync(join(root, "credentials.json"), '{"current": "https://api.example.com"}');
    const env = { PULUMI_HOME: root };
    expect(await chooseBackend(clonePaths(root), env)).toEqual({
      own: false,
      environment: { PULUMI_CREDENTIALS_PATH: root },
    });
  });

  it("fails when the credentials cannot be read", async () => {
    writeFileSync(join(root, "credentials.json"), "{");
    const chosen = chooseBackend(clonePaths(root), { PULUMI_HOME: root });
    await expect(chosen).rejects.toThrow(
      `${root}/credentials.json: cannot be read; expected what pulumi login writes. Log in again.`,
    );
  });
});
