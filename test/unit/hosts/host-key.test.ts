import { createHash } from "node:crypto";
import {
  algorithmsFor,
  fingerprint,
  hostKeyMismatch,
  parseHostKeys,
} from "../../../hosts/host-key";

/** A key of a given type whose material does not matter. */
function blobOf(type: string, material = "x".repeat(32)): Buffer {
  const part = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text, "latin1")]);
  };
  return Buffer.concat([part(type), part(material)]);
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
    ["ssh-rsa AAAA", 'got "ssh-rsa AAAA"; the part after ssh-rsa is not a key of that type'],
  ])("fails for %j", (text, message) => {
    expect(() => parseHostKeys(text)).toThrow(message);
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
