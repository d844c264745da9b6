import { scrub } from "../../../../provider/adapter/scrub";

const key = "-----BEGIN KEY-----\nAAAAB3NzaC1yc2EAAAADAQAB\n-----END KEY-----";

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
  expect(scrub(text, secrets)).toBe(expected);
});
