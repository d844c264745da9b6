import { withEntries } from "../../../inspection/key-file";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL";
const hostKey = (name: string) => ({ path: ["hosts", name, "hostKey"], value: KEY });

const FILE = `# Machines that exist.
config:
  swarm:ssh:
    user: root # not for long
    jump: { address: 203.0.113.10, user: admin }

  swarm:hosts:
    manager-1: { role: manager, address: 203.0.113.11, hostKey: ssh-ed25519 FILL-IN }   # in Berlin
    worker-1:
      role: worker
      address: 203.0.113.21   # console 3
      labels: { tier: db }

    worker-2: {   role: worker,   address: 203.0.113.22 } # padded
    worker-3:
      address: "203.0.113.23"
      hostKey: |
        ssh-ed25519 OLD
      role: worker
    worker-4:
      address: 203.0.113.24
      hostKey:
`;

describe("a stack's file", () => {
  it("gets its keys and is otherwise the same to the last character", () => {
    const names = ["manager-1", "worker-1", "worker-2", "worker-3", "worker-4"];
    const jump = { path: ["ssh", "jump", "hostKey"], value: KEY };
    expect(withEntries(FILE, [...names.map(hostKey), jump])).toBe(
      FILE.replace("ssh-ed25519 FILL-IN", KEY)
        .replace("# console 3\n", `# console 3\n      hostKey: ${KEY}\n`)
        .replace("203.0.113.22", `203.0.113.22, hostKey: ${KEY}`)
        .replace("|\n        ssh-ed25519 OLD", KEY)
        .replace("hostKey:\n", `hostKey: ${KEY}\n`)
        .replace("203.0.113.10,", `203.0.113.10, hostKey: ${KEY},`),
    );
  });

  it("keeps its last line without an end, and JSON", () => {
    const short = "config:\n  swarm:hosts:\n    a:\n      address: 10.0.0.1";
    expect(withEntries(short, [hostKey("a")])).toBe(`${short}\n      hostKey: ${KEY}`);
    const json = '{"config":{"swarm:hosts":{"a":{"address":"10.0.0.1","role":"manager"}}}}';
    expect(withEntries(json, [hostKey("a")])).toBe(
      json.replace('"10.0.0.1"', `"10.0.0.1", hostKey: ${KEY}`),
    );
  });

  it.each([
    ["hosts as text", "config:\n  swarm:hosts: '{\"a\": {}}'\n"],
    ["no such host", "config:\n  swarm:hosts: { b: { role: manager } }\n"],
    ["an empty host", "config:\n  swarm:hosts: { a: {} }\n"],
    ["an encrypted one", "config:\n  swarm:hosts:\n    secure: v1:abc\n"],
    ["an alias", "k: &k x\nconfig:\n  swarm:hosts: { a: { hostKey: *k } }\n"],
  ])("is left to the user with %s", (_, text) => {
    expect(() => withEntries(text, [hostKey("a")])).toThrow(
      "hosts.a.hostKey: the file has no place for it under config: swarm:hosts; expected maps, written out. Put it there by hand.",
    );
  });
});
