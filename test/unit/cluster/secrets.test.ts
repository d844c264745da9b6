import { Secrets } from "../../../cluster/secrets";

const key = "-----BEGIN KEY-----\nAAAAB3NzaC1yc2EAAAADAQAB\n-----END KEY-----";

function seen(...secrets: string[]): Secrets {
  const all = new Secrets();
  all.add(secrets);
  return all;
}

test.each([
  ["as it is", "login --password hunter22 ok", ["hunter22"], "login --password [secret] ok"],
  ["in JSON", 'got "a\\"b\\nc"', ['a"b\nc'], 'got "[secret]"'],
  [
    "in base64",
    `Data: ${Buffer.from("hunter22").toString("base64")}`,
    ["hunter22"],
    "Data: [secret]",
  ],
  ["a line of a key", "bad line AAAAB3NzaC1yc2EAAAADAQAB", [key], "bad line [secret]"],
  ["the longest first", "hunter22 hunter", ["hunter", "hunter22"], "[secret] [secret]"],
  ["too short to tell", "abc", ["abc", ""], "abc"],
])("%s", (_, text, secrets, expected) => {
  expect(seen(...secrets).scrub(text)).toBe(expected);
});

test("what stands in clear elsewhere is a secret only of those who say so", () => {
  const all = seen("wordpress-mysql", "hunter22");
  all.addOpen(["wordpress-mysql"]);
  const text = "wordpress-mysql.1: hunter22";
  expect(all.scrub(text)).toBe("wordpress-mysql.1: [secret]");
  expect(all.scrub(text, new Set(["wordpress-mysql"]))).toBe("[secret].1: [secret]");
});
