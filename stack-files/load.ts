import { declare } from "./convert";
import type { StackDeclaration } from "./declaration";
import { thisDisk } from "./disk";
import { inOrder, mostFindings, type Finding } from "./finding";
import { KeptResults } from "./kept";
import { readStackFiles } from "./read";
import type { Disk } from "./reading";

/** Which files are a stack, and what they are read with. */
export interface LoadRequest {
  /** Name in Docker, which all names of its objects begin with. */
  readonly name: string;
  /** false: names in Docker are those of the files, and no label says whose things are. @default true */
  readonly namespace?: boolean;
  /** Paths from the working folder, in the order of their weight. */
  readonly files: readonly string[];
  /** @default {} */
  readonly variables?: Readonly<Record<string, string>>;
  /** @default - none is read */
  readonly envFile?: string;
  /** @default [] */
  readonly profiles?: readonly string[];
  /** @default - relative paths of bind mounts are refused */
  readonly projectDirectory?: string;
}

/** A stack's files, read to the end. */
export interface LoadedStack {
  /** Absent where an error leaves nothing to declare; not to be made while there is one. */
  readonly declaration?: StackDeclaration;
  readonly findings: readonly Finding[];
  /** Names of the variables that were taken from the environment of this process. */
  readonly fromProcess: readonly string[];
}

/** The name of each service begins with it. */
const stackName = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;

const kept = new KeptResults<LoadedStack>();

/** Reads a stack's files and says what they declare. Everything wrong is among the findings; nothing is thrown. */
export function loadStack(request: LoadRequest): LoadedStack {
  const { env: environment } = process;
  const { name, files, variables, envFile, profiles, projectDirectory, namespace } = request;
  // Named one by one: a program hands in what no text can be made of, such as outputs, beside them.
  const given = [files, variables, envFile, profiles, projectDirectory, namespace];
  const key = JSON.stringify([...given, environment, process.cwd()]);
  return kept.of(name, key, thisDisk, (disk) => load(request, disk, environment));
}

function load(
  { name, files, ...given }: LoadRequest,
  disk: Disk,
  environment: NodeJS.ProcessEnv,
): LoadedStack {
  const { envFile, namespace = true, projectDirectory, profiles = [], variables = {} } = given;
  const { model, findings, fromProcess } = readStackFiles({
    ...{ files, variables, profiles, disk, environment },
    ...(envFile === undefined ? {} : { envFile }),
    ...(projectDirectory === undefined ? {} : { projectDirectory }),
  });
  const all = [...nameFindings(name), ...findings];
  if (model === undefined) return { findings: all, fromProcess };
  const { declaration, findings: more } = declare(model, { name, namespace });
  return {
    ...(findings.some(isError) ? {} : { declaration }),
    findings: together(all, more, files),
    fromProcess,
  };
}

/**
 * What reading and declaring found. One mistake often makes another at its place, which is not said; nor is anything
 * where too much was found in reading already.
 */
function together(
  read: readonly Finding[],
  more: readonly Finding[],
  files: readonly string[],
): readonly Finding[] {
  if (read.length > mostFindings) return read;
  const places = ({ at, path }: Finding): string[] =>
    [at ?? [], path].map((of) => JSON.stringify(of));
  const wrong = new Set(read.filter(isError).flatMap(places));
  const others = more.filter((finding) => !places(finding).some((place) => wrong.has(place)));
  return inOrder([...read, ...others], files);
}

function nameFindings(name: string): Finding[] {
  if (stackName.test(name)) return [];
  const message = `got the stack's name ${JSON.stringify(name)}; expected letters, digits, - and _, beginning with a letter or digit, as in "shop".`;
  return [{ severity: "error", path: [], message }];
}

/** Whether a finding stops the stack. */
export function isError({ severity }: Finding): boolean {
  return severity === "error";
}
