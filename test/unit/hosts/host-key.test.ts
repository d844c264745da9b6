import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  algorithmsFor,
  fingerprint,
  hostKeyMismatch,
  isHostKey,
  parseHostKeys,
} from "../../../hosts/host-key";
import { placeOf } from "../../../hosts/target";

/** A key of a given type whose material does not matter. */
function blobOf(type: string, material = "x".repeat(32)): Buffer {
  const part = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text, "latin1")]);
  };
  const more = type === "ssh-ed25519" ? [] : [part("second")];
  return Buffer.concat([part(type), ...more, part(material)]);
}

const line = (type: string, material?: string): string =>
  `${type} ${blobOf(type, material).toString("base64")}`;

describe("parseHostKeys", () => {
  it.each([
    ["a bare key", line("ssh-ed25519")],
    ["a key with a comment", `${line("ssh-ed25519")} root@web-1`],
    ["a line of ssh-keyscan", `10.0.0.5 ${line("ssh-ed25519")}`],
    ["comments and empty lines", `# 10.0.0.5:22 SSH-2.0\n\n${line("ssh-ed25519")}\n`],
  ])("reads %s", (_what, text) => {
    expect(parseHostKeys(text)).toEqual([{ type: "ssh-ed25519", blob: blobOf("ssh-ed25519") }]);
  });

  it("reads alternatives", () => {
    const keys = parseHostKeys(`${line("ssh-ed25519")}\n${line("ssh-rsa")}`);
    expect(keys.map((key) => key.type)).toEqual(["ssh-ed25519", "ssh-rsa"]);
    expect(algorithmsFor(keys)).toEqual(["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256"]);
  });

  it.each([
    ["", "got nothing; expected a public host key"],
    [
      "SHA256:abc",
      'got "SHA256:abc"; expected a public host key such as "ssh-ed25519 AAAA…" (types: ssh-ed25519, ' +
        "ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521, ssh-rsa)",
    ],
    ["ssh-rsa AAAA", 'got "ssh-rsa AAAA"; the part after ssh-rsa is not a whole key of that type'],
  ])("fails for %j", (text, message) => {
    expect(() => parseHostKeys(text)).toThrow(message);
  });
});

describe("what a configuration may have as a host's keys", () => {
  const key = line("ssh-ed25519");
  const cut = (type: string, length: number): string =>
    `${type} ${blobOf(type).subarray(0, length).toString("base64")}`;

  it.each([
    [key, true],
    [`${key} root@web-1\n${line("ecdsa-sha2-nistp256")}\n`, true],
    ["", false],
    ["SHA256:abc", false],
    [`10.0.0.5 ${key}`, false],
    [`# a comment\n${key}`, false],
    [cut("ssh-ed25519", 40), false],
    // Cut where a part ends.
    [cut("ssh-rsa", 11 + 10), false],
    ["ssh-ed25519 PASTE-HERE", false],
    // Kinds that belong to users, and that no connection could be made with.
    [line("sk-ssh-ed25519@openssh.com"), false],
    [line("ssh-dss"), false],
  ])("%s: %s", (text, expected) => {
    expect(isHostKey(text)).toBe(expected);
  });

  it("is what a connection can be made with", () => {
    const types = ["ssh-ed25519", "ssh-rsa", "ssh-dss", "sk-ssh-ed25519@openssh.com", "x", ""];
    const anyLine = fc.oneof(
      fc.tuple(fc.constantFrom(...types), fc.string()).map(([type, more]) => line(type, more)),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const text = lines.join("\n");
        if (!isHostKey(text)) return;
        expect(algorithmsFor(parseHostKeys(text)).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("where a machine is reached", () => {
  const jump = { address: "203.0.113.1" };

  it.each([
    [{ address: "A.example" }, { address: "a.example", port: 22 }, true],
    [{ address: "10.0.0.5", port: 22 }, { address: "10.0.0.5", port: 2222 }, false],
    [{ address: "10.0.0.5" }, { address: "10.0.0.5", jump }, false],
    [{ address: "10.0.0.5", jump }, { address: "10.0.0.5", jump: { ...jump, port: 22 } }, true],
    [{ address: "10.0.0.5", jump }, { address: "10.0.0.5", jump: { ...jump, port: 23 } }, false],
  ])("%j and %j: the same %s", (one, other, expected) => {
    expect(placeOf(one) === placeOf(other)).toBe(expected);
  });
});

describe("hostKeyMismatch", () => {
  const target = { name: "web-1", address: "10.0.0.5", hostKey: "" };
  const pinned = [{ type: "ssh-ed25519", blob: blobOf("ssh-ed25519") }];

  it("shows fingerprints as ssh-keygen does", () => {
    const digest = createHash("sha256")
      .update(pinned[0]?.blob ?? "")
      .digest("base64");
    expect(fingerprint(blobOf("ssh-ed25519"))).toBe(`SHA256:${digest.slice(0, 43)}`);
  });

  it("names both keys, the machine and the way out", () => {
    const seen = blobOf("ssh-ed25519", "y".repeat(32));
    expect(hostKeyMismatch({ ...target, port: 2222 }, pinned, seen).message).toBe(
      `web-1: the machine at 10.0.0.5 showed ssh-ed25519 ${fingerprint(seen)}; expected ssh-ed25519 ` +
        `${fingerprint(blobOf("ssh-ed25519"))}. Nothing was sent to it. Check that it is the right machine; if it ` +
        `was rebuilt, put its new key (ssh-keyscan -p 2222 -t ed25519 10.0.0.5) into hosts.web-1.hostKey`,
    );
  });

  it("says when the machine has no key of the pinned type", () => {
    const text = hostKeyMismatch(
      target,
      [{ type: "ecdsa-sha2-nistp256", blob: Buffer.from("") }],
      undefined,
    );
    expect(text.message).toContain(
      "showed no key of that type; expected ecdsa-sha2-nistp256 SHA256:",
    );
    expect(text.message).toContain("(ssh-keyscan -t ecdsa 10.0.0.5)");
  });
});
