import { encryptedPaths, exposedProblems, isEncrypted } from "../../../settings/encrypted";
import { parseSettings } from "../../../settings/parse";
import { render } from "../../../settings/problem";

const file = `
config:
  swarm:engine:
    version: "26.1.5"
    daemon:
      proxies:
        http-proxy: { secure: v1:abc }
  swarm:registries:
    registry.example.org:
      username: deploy
      password: { secure: v1:def }
  other:key: { secure: v1:ghi }
`;

describe("encryptedPaths", () => {
  it("finds what the file encrypts, under our namespace only", () => {
    expect(encryptedPaths(file, ["engine", "registries"])).toEqual([
      ["engine", "daemon", "proxies", "http-proxy"],
      ["registries", "registry.example.org", "password"],
    ]);
  });

  it("takes all of a key for encrypted that the file does not show as such", () => {
    expect(encryptedPaths(file, ["engine", "ssh"])).toContainEqual(["ssh"]);
    expect(encryptedPaths(undefined, ["hosts"])).toEqual([["hosts"]]);
  });
});

describe("isEncrypted", () => {
  it.each([
    [["engine", "daemon", "proxies"], true],
    [["engine"], true],
    [["engine", "version"], false],
  ])("%j: %s", (path, expected) => {
    expect(isEncrypted([path], ["engine", "daemon"])).toBe(expected);
  });
});

describe("exposedProblems", () => {
  it("refuses encrypted values that would end up in clear", () => {
    const problems = exposedProblems([
      ["hosts", "web-1", "labels", "token"],
      ["hosts", "web-1", "ssh", "password"],
      ["engine", "daemon", "proxies", "http-proxy"],
      ["stacks", "shop", "secrets", "key", "value"],
      ["ssh"],
    ]);
    expect(problems.map(render)).toEqual([
      "hosts.web-1.labels.token: got an encrypted value; expected one in clear, because Docker and the state of the " +
        "stack keep it so. Remove the encryption, or hand the value to a service as a secret.",
    ]);
  });
});

describe("messages", () => {
  const hosts = { "web-1": { role: "manager" } };
  const said = (raw: Record<string, unknown>, encrypted: string[][] = []): string => {
    const parsed = parseSettings({ lab: {}, hosts, ...raw }, encrypted);
    return "problems" in parsed ? parsed.problems.map(render).join("\n") : "";
  };
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE";

  it.each([
    ["an account in place of the registries", { registries: "hunter2" }],
    ["a password in place of an account", { registries: { "docker.io": "hunter2" } }],
    ["a password in place of a login", { ssh: "hunter2" }],
    ["a password in place of an agent", { ssh: { agent: "hunter2" } }],
    ["a password for a number", { ssh: { port: { password: "hunter2" } } }],
    ["a password in a URL", { engine: { repository: "https://me:hunter2@mirror.example.org" } }],
    ["a password in a mirror", { engine: { registryMirrors: ["http://hunter2@r.example.org"] } }],
    ["a key in place of an agent", { ssh: { agent: key } }],
    ["a key in place of a version", { engine: { version: key } }],
  ])("do not quote %s", (_what, raw) => {
    const text = said(raw);
    expect(text).not.toBe("");
    expect(text).not.toMatch(/hunter2|BEGIN|b3Blb/);
  });

  it("do not quote what the user encrypted, wherever it stands", () => {
    const raw = { engine: { version: "hunter2" } };
    expect(said(raw)).toContain('got "hunter2"');
    expect(said(raw, [["engine"]])).toContain(
      "engine.version: got a value that is not shown; expected",
    );
  });

  it("refuse a URL with a password in it", () => {
    expect(said({ engine: { repository: "https://me:pw@mirror.example.org/linux" } })).toContain(
      'engine.repository: got "https://…@mirror.example.org/linux"; expected a URL without a user and a password',
    );
  });
});
