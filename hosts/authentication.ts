import { utils } from "ssh2";
import type { AnyAuthMethod, ParsedKey } from "ssh2";
import { AuthenticationError, messageOf } from "./errors";
import { userOf } from "./target";
import type { Target } from "./target";

/** The ways to log in that a target has, in the order they are tried. @throws AuthenticationError for a key that cannot be read */
export function authenticationMethods(target: Target): AnyAuthMethod[] {
  const username = userOf(target);
  const methods: AnyAuthMethod[] = [];
  if (target.privateKey !== undefined) {
    methods.push({ type: "publickey", username, key: readKey(target, target.privateKey) });
  }
  if (target.agent !== undefined) {
    methods.push({ type: "agent", username, agent: target.agent });
  }
  const { password } = target;
  if (password !== undefined) {
    methods.push({ type: "password", username, password });
    methods.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        finish(isPasswordQuestion(prompts) ? [password] : []);
      },
    });
  }
  if (methods.length === 0) {
    throw new AuthenticationError(
      target.name,
      `${target.name}: no way to log in as ${username} is given; expected ` +
        `hosts.${target.name}.ssh.privateKey, .agent or .password`,
    );
  }
  return methods;
}

/**
 * Whether a server's questions ask for the account's password and nothing else: one of them, whose answer is not shown.
 * A code, or a question of a server that asks for more and more, gets no password.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4256#section-3.2
 */
function isPasswordQuestion(prompts: readonly { prompt: string; echo?: boolean }[]): boolean {
  const [question] = prompts;
  if (question === undefined || prompts.length > 1 || question.echo === true) return false;
  return !/code|token|otp|one[- ]time|verif|factor|passcode|pin\b/i.test(question.prompt);
}

/** The error after every method was refused. */
export function authenticationRefused(
  target: Target,
  tried: readonly string[],
): AuthenticationError {
  const user = userOf(target);
  const names = [...new Set(tried)].map((type) => NAMES[type] ?? type).join(", ");
  return new AuthenticationError(
    target.name,
    `${target.name}: ${target.address} refused user ${user} (tried: ${names}). Check that the user exists there ` +
      `and that its authorized_keys or password fits hosts.${target.name}.ssh`,
  );
}

const NAMES: Readonly<Record<string, string>> = {
  publickey: "private key",
  agent: "agent",
  password: "password",
  "keyboard-interactive": "password by keyboard-interactive",
};

function readKey(target: Target, text: string): ParsedKey {
  const key = utils.parseKey(text, target.passphrase);
  if (!(key instanceof Error)) return key;
  const reason = messageOf(key);
  // ssh2's words for a wrong passphrase differ by key format; only the missing one is always recognisable.
  const advice = /no passphrase/i.test(reason)
    ? `it has a passphrase; give hosts.${target.name}.ssh.passphrase`
    : target.passphrase === undefined
      ? `${reason}; expected a private key in PEM or OpenSSH form`
      : `${reason}; check hosts.${target.name}.ssh.passphrase`;
  throw new AuthenticationError(
    target.name,
    `hosts.${target.name}.ssh.privateKey: the private key cannot be read: ${advice}`,
  );
}
