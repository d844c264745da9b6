/**
 * `npm run adopt` and `npm run stack -- export`: a running swarm as files.
 *
 *   node dist/adoption/main.js adopt --stack NAME --manager ADDRESS [login]    an environment out of a swarm
 *   node dist/adoption/main.js export [--manager ADDRESS] [login] STACK…       stack files out of running stacks
 *
 * Login: [--user NAME] [--port N] [--identity FILE] [--host-key KEY]…; without --identity the ssh-agent of
 * SSH_AUTH_SOCK. Without --manager, file descriptor 3 has the stack's configuration as Pulumi prints it, decrypted. Exit
 * code: 0 done, 1 files that do not say everything, 2 nothing was written.
 */
import { readFileSync } from "node:fs";
import { messageOf } from "../hosts/errors";
import { printable } from "../hosts/printable";
import type { HandedConfiguration } from "../settings/handed";
import { adopt } from "./adopt";
import { exportStacks } from "./export-task";
import { parseOptions } from "./options";

const HANDED = 3;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.command === "adopt") return adopt(options, say);
  return exportStacks(options, options.manager === undefined ? handed() : undefined, say);
}

function handed(): HandedConfiguration {
  return JSON.parse(readFileSync(HANDED, "utf8")) as HandedConfiguration;
}

function say(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${printable(messageOf(error))}\n`);
    process.exitCode = 2;
  },
);
