import type { Backend } from "./backend";
import type { Paths } from "./paths";
import { runGathered } from "./process";
import type { Pulumi } from "./pulumi";

/** A Pulumi and a backend to run it with. */
export interface Session {
  readonly paths: Paths;
  readonly pulumi: Pulumi;
  readonly backend: Backend;
}

/** Environment of every `pulumi` of a session, in addition to the user's. */
export function sessionEnvironment(session: Session): Record<string, string> {
  return {
    TS_NODE_CACHE_DIRECTORY: session.paths.tsNode,
    ...session.pulumi.environment,
    ...session.backend.environment,
  };
}

/**
 * Runs one command of Pulumi's that asks nothing.
 *
 * @returns what it printed
 * @throws Error with what it printed when it fails
 */
export async function runPulumi(
  session: Session,
  cwd: string,
  args: readonly string[],
): Promise<string> {
  const { code, output } = await runGathered(
    session.pulumi.command,
    [...args, "--non-interactive", "--color", "never"],
    { cwd, environment: sessionEnvironment(session) },
  );
  if (code === 0) return output;
  throw new Error(`pulumi ${args.join(" ")} ended with code ${code}:\n${output}`);
}

/**
 * Asks Pulumi for what may be secret, so that it is shown nowhere; Pulumi's own errors are shown at once.
 *
 * @returns what it printed
 * @throws Error when it fails
 */
export async function askPulumi(session: Session, args: readonly string[]): Promise<string> {
  const { code, output } = await runGathered(session.pulumi.command, [...args, "--show-secrets"], {
    cwd: session.paths.root,
    environment: sessionEnvironment(session),
    showErrors: true,
  });
  if (code === 0) return output;
  throw new Error(`pulumi ${args[0] ?? ""} ended with code ${code}, see above`);
}
