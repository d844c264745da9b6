import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprint, parseHostKeys } from "../../../hosts/host-key";
import type { Target } from "../../../hosts/target";
import { NO_KEY, placesOf, readKeys, withSomeKeys, type KeyRow } from "../../../inspection/keys";
import { settleKeys } from "../../../inspection/keys-task";
import { parseSettings } from "../../../settings/parse";
import { keys, SshServer } from "../hosts/ssh-server";

const isMine = keys.publicKey.split(" ").slice(0, 2).join(" ");
const print = fingerprint(parseHostKeys(isMine)[0]?.blob ?? Buffer.alloc(0));
const another = keys.otherPublicKey;

let asked: string[] = [];
const server = new SshServer({
  authenticate: (context) => {
    asked.push(context.username);
    return true;
  },
});
let port = 0;

beforeAll(async () => {
  port = await server.listen();
});
beforeEach(() => {
  asked = [];
});
afterAll(() => server.close());

const target = (name: string, changes: Partial<Target> = {}): Target => ({
  ...{ name, address: "127.0.0.1", port, hostKey: NO_KEY, privateKey: keys.privateKey },
  ...changes,
});
const read = async (...targets: Target[]): Promise<KeyRow[]> =>
  readKeys(placesOf(new Map(targets.map((one) => [one.name, one])), {}));

describe("reading keys", () => {
  it("shows each key with its fingerprint, and tells nobody a name", async () => {
    const rows = await read(
      target("a"),
      target("b", { hostKey: isMine }),
      target("c", { hostKey: another }),
    );
    expect(rows.map(({ name, state, key, fingerprint: seen }) => [name, state, key, seen])).toEqual(
      [
        ["a", "new", isMine, print],
        ["b", "same", isMine, print],
        ["c", "differs", isMine, print],
      ],
    );
    expect(asked).toEqual([]);
  });

  it("goes on where one does not answer, and where one has no key of the pinned kind", async () => {
    const rsa = `ssh-rsa ${Buffer.concat([
      ...[Buffer.from([0, 0, 0, 7]), Buffer.from("ssh-rsa")],
      ...[Buffer.from([0, 0, 0, 3, 1, 0, 1]), Buffer.from([0, 0, 1, 1]), Buffer.alloc(257, 7)],
    ]).toString("base64")}`;
    const rows = await read(
      target("dead", { port: 1 }),
      target("other", { hostKey: rsa }),
      target("well"),
    );
    expect(rows.map(({ state }) => state)).toEqual(["silent", "differs", "new"]);
    expect(rows[0]?.reason).toMatch(/^dead: no host key from 127\.0\.0\.1:1: .*ECONNREFUSED/);
    expect(rows[1]?.reason).toMatch(/^no key of that kind; expected ssh-rsa SHA256:/);
  });

  it("goes through a jump host once its own key is known, and not before", async () => {
    const jump = target("jump host 127.0.0.1", { hostKey: isMine, user: "admin" });
    const through = await read(target("a", { jump }), target("b", { jump }));
    expect(through.map(({ name, state }) => [name, state])).toEqual([
      ["jump host 127.0.0.1", "same"],
      ["a", "new"],
      ["b", "new"],
    ]);
    expect(new Set(asked)).toEqual(new Set(["admin"]));
    asked = [];
    const unknown = await read(target("a", { jump: { ...jump, hostKey: NO_KEY } }));
    expect(unknown.map(({ state }) => state)).toEqual(["new", "waits"]);
    expect(asked).toEqual([]);
    const wrong = await read(target("a", { jump: { ...jump, hostKey: another } }));
    expect(wrong.map(({ state }) => state)).toEqual(["differs", "silent"]);
    expect(asked).toEqual([]);
  });

  it("knows where the configuration has the key of each jump host", () => {
    const jump = target("j");
    const targets = new Map([
      ["a", target("a", { jump })],
      ["b", target("b", { jump })],
    ]);
    const raw = { hosts: { b: { ssh: { jump: {} } } } };
    expect(placesOf(targets, raw).map(({ path }) => path.join("."))).toEqual([
      "ssh.jump.hostKey",
      "hosts.b.ssh.jump.hostKey",
      "hosts.a.hostKey",
      "hosts.b.hostKey",
    ]);
  });
});

describe("a configuration without keys", () => {
  it("is looked through all the same", () => {
    const raw = {
      ssh: { agent: "/a", jump: { address: "10.0.0.9", hostKey: "FILL-IN" } },
      hosts: {
        a: { role: "manager", address: "10.0.0.1" },
        b: { role: "worker", address: "10.0.0.2", hostKey: "ssh-ed25519 FILL-IN" },
        c: { role: "boss", address: "10.0.0.3", hostKey: isMine },
      },
    };
    const parsed = parseSettings(withSomeKeys(raw));
    expect("problems" in parsed && parsed.problems.map(({ path }) => path)).toEqual([
      "hosts.c.role",
    ]);
    const whole = withSomeKeys({
      ...raw,
      hosts: { ...raw.hosts, c: { ...raw.hosts.c, role: "worker" } },
    });
    expect(parseSettings(whole)).toHaveProperty("settings.hosts.a.hostKey", NO_KEY);
  });
});

describe("settling keys", () => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-test-keys-"));
  const file = join(folder, "Pulumi.prod.yaml");
  const text =
    "config:\n  swarm:hosts:\n    a: { address: 10.0.0.1 }\n    b: { address: 10.0.0.2, hostKey: ssh-ed25519 B }\n";
  const row = (name: string, state: KeyRow["state"]): KeyRow => ({
    ...{ path: ["hosts", name, "hostKey"], name, address: "x", state },
    ...{
      key: isMine,
      fingerprint: print,
      reason: state === "silent" ? "b: no answer" : "expected B",
    },
  });
  const settle = (rows: readonly KeyRow[], options = {}) => {
    writeFileSync(file, text, { mode: 0o600 });
    return settleKeys(rows, { write: false, replace: [], file, stack: "prod", ...options });
  };
  const written = (): string => readFileSync(file, "utf8");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("only shows them unless told to write, and says what to compare them with", () => {
    const { isWell, lines } = settle([row("a", "new"), row("b", "same")]);
    expect([isWell, written()]).toEqual([true, text]);
    expect(lines.join("\n")).toMatch(/ssh-keygen -lf [\s\S]*keys --stack prod --write/);
  });

  it("writes the new ones, with the modes of the file", () => {
    const { isWell, lines } = settle([row("a", "new")], { write: true });
    expect(isWell).toBe(true);
    expect(written()).toBe(text.replace("10.0.0.1", `10.0.0.1, hostKey: ${isMine}`));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(lines[0]).toBe(`written to ${file}: hosts.a.hostKey`);
  });

  it("never puts another key in the place of one without a word for that host", () => {
    const rows = [row("a", "new"), row("b", "differs")];
    const { isWell, lines } = settle(rows, { write: true });
    expect([isWell, written().includes("ssh-ed25519 B")]).toEqual([false, true]);
    expect(lines[0]).toBe(
      `hosts.b.hostKey: the machine showed ${print}; expected B. If it was rebuilt: npm run hosts -- keys --stack prod --replace b. If not, find out who answers there.`,
    );
    expect(settle(rows, { replace: ["b"] }).isWell).toBe(true);
    expect(written()).toBe(text.replace("ssh-ed25519 B", isMine));
    expect(() => settle(rows, { replace: ["c"] })).toThrow(
      '--replace: got "c"; expected one of a, b',
    );
  });

  it("writes what it has where one does not answer, and says so", () => {
    const { isWell, lines } = settle([row("a", "new"), row("b", "silent")], { write: true });
    expect([isWell, lines[0]]).toEqual([false, "b: no answer"]);
    expect(written()).toContain(isMine);
  });
});
