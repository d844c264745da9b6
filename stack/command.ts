import { parseArgs } from "node:util";
import { plain } from "../stack-files/finding";
import { isError, loadStack, type LoadRequest } from "../stack-files/load";
import { callsOf } from "./calls";
import { asJson, listed, renderDeclaration, renderFindings } from "./render";

const wrong = 1;
const unusable = 2;

const commands = ["check", "show"];

/** Where a command writes. */
export interface Streams {
  readonly out: (text: string) => unknown;
  readonly err: (text: string) => unknown;
}

interface Options {
  readonly command: string;
  readonly json: boolean;
  readonly request: LoadRequest;
}

/** @throws Error that says what of the command line is wrong */
function parseOptions(words: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      name: { type: "string" },
      json: { type: "boolean", default: false },
      variable: { type: "string", multiple: true, default: [] },
      "env-file": { type: "string" },
      profile: { type: "string", multiple: true, default: [] },
      "project-directory": { type: "string" },
    },
  });
  const [command = "", ...files] = positionals;
  if (!commands.includes(command))
    throw new Error(`got "${command}"; expected check or show, as in npm run stack -- check FILE`);
  if (files.length === 0)
    throw new Error(`${command}: got no file; expected one at least, as in stacks/shop.yml`);
  if (values.name === undefined && command === "show")
    throw new Error("--name: got nothing; expected the stack's name, as in --name shop");
  const { "env-file": envFile, "project-directory": projectDirectory } = values;
  return {
    command,
    json: values.json,
    request: {
      name: values.name ?? "stack",
      files,
      variables: Object.fromEntries(values.variable.map(assignment)),
      profiles: values.profile,
      ...(envFile === undefined ? {} : { envFile }),
      ...(projectDirectory === undefined ? {} : { projectDirectory }),
    },
  };
}

function assignment(word: string): [string, string] {
  const at = word.indexOf("=");
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
  throw new Error(`--variable: got "${word}"; expected NAME=VALUE, as in --variable TAG=1.4`);
}

/**
 * Carries a command line out.
 *
 * @param words - `check` or `show`, files and options
 * @returns the exit code
 */
export function runStackCommand(words: readonly string[], streams: Streams): number {
  try {
    const { command, json, request } = parseOptions(words);
    return command === "check" ? check(request, json, streams) : show(request, json, streams);
  } catch (error) {
    streams.err(`${plain(error instanceof Error ? error.message : String(error))}\n`);
    return unusable;
  }
}

function check(request: LoadRequest, json: boolean, { out }: Streams): number {
  const { findings, fromProcess } = loadStack(request);
  out(
    json
      ? asJson({ findings: findings.map(listed), fromProcess })
      : renderFindings(findings, fromProcess),
  );
  return findings.some(isError) ? wrong : 0;
}

function show(request: LoadRequest, json: boolean, { out, err }: Streams): number {
  const { declaration, findings, fromProcess } = loadStack(request);
  if (findings.length > 0 || fromProcess.length > 0) err(renderFindings(findings, fromProcess));
  if (declaration === undefined || findings.some(isError)) return wrong;
  out(json ? asJson({ calls: callsOf(declaration) }) : renderDeclaration(declaration));
  return 0;
}
