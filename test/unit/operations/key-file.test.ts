import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import nacl from "tweetnacl";
import { unlockedKeyFile } from "../../../operations/key-file";

// A key file as swarmkit writes it with autolock, made with other tools than the code that reads it. That Docker starts
// with the result is proved on the lab.

const kek = Buffer.alloc(32, 7);
const key = `SWMKEY-1-${kek.toString("base64").replace(/=+$/, "")}`;
const dek = Buffer.from("the raft log's own key, 32 bytes");
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });

function locked(): string {
  const nonce = Buffer.alloc(24, 9);
  const box = Buffer.from(nacl.secretbox(dek, nonce, kek));
  const record = Buffer.concat([
    Buffer.from([0x08, 0x01, 0x12, box.length]),
    box,
    Buffer.from([0x1a, nonce.length]),
    nonce,
  ]);
  const pem = pair.privateKey.export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: kek,
  });
  const headers = `kek-version: 30\nraft-dek: ${record.toString("base64")}\n\n`;
  return String(pem).replace("PRIVATE KEY-----\n", `PRIVATE KEY-----\n${headers}`);
}

describe("a manager's key file", () => {
  it("is the same key, and the same key of the log, without the lock", () => {
    const text = unlockedKeyFile(locked(), key);
    const [first, header = "", empty, ...rest] = text.split("\n");
    expect([first, empty]).toEqual(["-----BEGIN PRIVATE KEY-----", ""]);
    const record = Buffer.from(header.replace("raft-dek: ", ""), "base64");
    expect(record.subarray(0, 2)).toEqual(Buffer.from([0x12, 32]));
    expect(record.subarray(2)).toEqual(dek);
    const bare = createPrivateKey([first, ...rest].join("\n"));
    expect(bare.equals(pair.privateKey)).toBe(true);
  });

  it("stays as it is where it is not locked", () => {
    const text = "-----BEGIN PRIVATE KEY-----\nraft-dek: EiA=\n\nAAAA\n-----END PRIVATE KEY-----\n";
    expect(unlockedKeyFile(text, "")).toBe(text);
  });

  it("is not opened by another key", () => {
    const other = `SWMKEY-1-${Buffer.alloc(32, 8).toString("base64")}`;
    expect(() => unlockedKeyFile(locked(), other)).toThrow(
      "the unlock key does not open the manager's state; expected the key of the time that the state is from.",
    );
    expect(() => unlockedKeyFile(locked(), "")).toThrow("does not open the manager's state");
  });
});
