import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { messageOf } from "../hosts/errors";
import { parseHostKeys, type HostKey } from "../hosts/host-key";
import type { Target } from "../hosts/target";

/** How to log in to machines that no configuration knows yet. */
export interface Login extends Pick<Target, "agent" | "port" | "privateKey" | "user"> {
  /** Keys that machines may show without anybody being asked. */
  readonly hostKeys: readonly HostKey[];
  /** Fingerprints of such keys, `SHA256:…`. */
  readonly fingerprints: readonly string[];
}

/** What a command line says. */
export interface Options {
  readonly command: "adopt" | "export";
  readonly stack: string;
  /** Address of a manager; undefined: the configuration of the stack says how to reach one. */
  readonly manager: string | undefined;
  readonly login: Login;
  /** Names of stacks to export. */
  readonly names: readonly string[];
  /** Folder that stack files are written to. */
  readonly out: string;
}

/** @throws Error that says what of the command line is wrong */
export function parseOptions(words: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      "host-key": { type: "string", multiple: true, default: [] },
      identity: { type: "string" },
      manager: { type: "string" },
      out: { type: "string", default: "stacks" },
      port: { type: "string" },
      stack: { type: "string", short: "s" },
      user: { type: "string" },
    },
  });
  const [command, ...names] = positionals;
  if (command !== "adopt" && command !== "export")
    throw new Error(`got "${command ?? ""}"; expected adopt or export`);
  const { manager, stack } = values;
  if (command === "adopt") {
    if (names.length > 0)
      throw new Error(`adopt: got "${names.join(" ")}"; expected options alone`);
    if (stack === undefined)
      throw new Error(
        "--stack: got nothing; expected the name of the new environment, as in --stack prod",
      );
    if (manager === undefined)
      throw new Error(
        "--manager: got nothing; expected the address of a manager, as in --manager 203.0.113.11",
      );
    if (!/^[a-zA-Z0-9_.-]{1,100}$/.test(stack))
      throw new Error(`--stack: got "${stack}"; expected letters, digits, -, _ and .`);
  } else if (names.length === 0)
    throw new Error(
      "export: got no stack; expected one at least, as in npm run stack -- export shop",
    );
  const login = loginOf(values);
  return { command, stack: stack ?? "dev", manager, login, names, out: values.out };
}

interface LoginWords {
  readonly "host-key": readonly string[];
  readonly identity?: string | undefined;
  readonly port?: string | undefined;
  readonly user?: string | undefined;
}

function loginOf({ identity, port, user, "host-key": given }: LoginWords): Login {
  const fingerprints = given.filter((text) => text.startsWith("SHA256:"));
  const keys = given.filter((text) => !text.startsWith("SHA256:"));
  const agent = process.env.SSH_AUTH_SOCK;
  return {
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: portOf(port) }),
    ...(identity === undefined
      ? agent === undefined || agent === ""
        ? {}
        : { agent }
      : { privateKey: keyIn(identity) }),
    hostKeys: keys.flatMap(hostKeysIn),
    fingerprints,
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`--port: got "${text}"; expected 1 to 65535`);
}

function keyIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`--identity: ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function hostKeysIn(text: string): HostKey[] {
  try {
    return parseHostKeys(text);
  } catch (error) {
    throw new Error(`--host-key: ${messageOf(error)}`, { cause: error });
  }
}
