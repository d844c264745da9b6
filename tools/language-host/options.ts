import { parseArgsStringToArgv } from "string-argv";

/** What Pulumi.yaml says under `runtime.options`, as far as this host honours it. */
export interface RuntimeOptions {
  /** Load the program through ts-node. @default true */
  readonly typescript: boolean;
  /** tsconfig for that, relative to the project. @default - tsconfig.json where there is one */
  readonly tsconfig: string | undefined;
  /** Arguments for node itself, before the program. @default - none */
  readonly nodeargs: readonly string[];
}

/** A runtime option of a wrong type. */
export class RuntimeOptionsError extends Error {}

/**
 * Reads `runtime.options` of Pulumi.yaml; unknown keys are left to the official host, which has more of them.
 *
 * @throws RuntimeOptionsError naming every option of a wrong type
 * @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/#runtime-options
 */
export function parseRuntimeOptions(options: Readonly<Record<string, unknown>>): RuntimeOptions {
  const problems: string[] = [];
  const typed = <T>(key: string, type: "boolean" | "string", fallback: T): T => {
    const value = options[key];
    if (value === undefined || typeof value === type) return (value as T | undefined) ?? fallback;
    problems.push(
      `Pulumi.yaml: runtime.options.${key}: got ${JSON.stringify(value)}; expected a ${type}`,
    );
    return fallback;
  };
  const result: RuntimeOptions = {
    typescript: typed("typescript", "boolean", true),
    tsconfig: typed<string | undefined>("tsconfig", "string", undefined),
    nodeargs: parseArgsStringToArgv(typed("nodeargs", "string", "")),
  };
  if (problems.length > 0) throw new RuntimeOptionsError(problems.join("\n"));
  return result;
}
