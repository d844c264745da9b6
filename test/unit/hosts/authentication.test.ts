import { authenticationMethods } from "../../../hosts/authentication";
import type { Target } from "../../../hosts/target";

const target: Target = {
  name: "web-1",
  address: "192.0.2.1",
  hostKey: "ssh-ed25519 AAAA",
  password: "right",
};

/** What the server hears when it asks by keyboard-interactive. */
function answers(prompts: { prompt: string; echo?: boolean }[]): string[] {
  const method = authenticationMethods(target).find((one) => one.type === "keyboard-interactive");
  if (method?.type !== "keyboard-interactive") throw new Error("no such method");
  let heard: string[] = [];
  method.prompt("", "", "", prompts, (said) => (heard = said));
  return heard;
}

describe("keyboard-interactive", () => {
  it.each([["Password: "], ["(admin@web-1) Password for admin:"], ["Passwort: "], ["密码："]])(
    "answers %j with the password",
    (prompt) => {
      expect(answers([{ prompt, echo: false }])).toEqual(["right"]);
    },
  );

  it.each([
    ["a code", [{ prompt: "Verification code: ", echo: false }]],
    ["a one-time password", [{ prompt: "One-time password (OTP): ", echo: false }]],
    ["what would be shown", [{ prompt: "Password: ", echo: true }]],
    ["two things at once", [{ prompt: "Password: " }, { prompt: "Again: " }]],
    ["nothing", []],
  ])("keeps the password from a server that asks for %s", (_what, prompts) => {
    expect(answers(prompts)).toEqual([]);
  });
});
