import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import type { Paths } from "./paths";

/** Where the state of the stacks is kept, and how Pulumi is told. */
export interface Backend {
  /** True: in the clone. False: where the user has logged in to. */
  readonly own: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

/** Folder of the user's Pulumi settings, where `pulumi login` leaves its mark. */
function userHome(env: NodeJS.ProcessEnv): string {
  return env.PULUMI_CREDENTIALS_PATH ?? env.PULUMI_HOME ?? join(homedir(), ".pulumi");
}

/** Whether the user has chosen a backend: by variable, in Pulumi.yaml, or by `pulumi login`. */
export function isBackendChosen(
  env: NodeJS.ProcessEnv,
  project: { readonly backend?: { readonly url?: string } },
  credentials: { readonly current?: string },
): boolean {
  const chosen = [env.PULUMI_BACKEND_URL, env.PULUMI_ACCESS_TOKEN, project.backend?.url];
  return [...chosen, credentials.current].some((value) => value !== undefined && value !== "");
}

/**
 * The user's backend where one is chosen, else a folder of the clone with a passphrase that is made on first use.
 *
 * @throws Error when Pulumi.yaml or the credentials file cannot be read
 */
export async function chooseBackend(
  paths: Paths,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Backend> {
  const project = parse(await readFile(join(paths.root, "Pulumi.yaml"), "utf8")) as object;
  const credentials = await readCredentials(join(userHome(env), "credentials.json"));
  if (isBackendChosen(env, project, credentials)) {
    // A CLI that was got here has a home of its own; the user's login is in the user's.
    return { own: false, environment: { PULUMI_CREDENTIALS_PATH: userHome(env) } };
  }
  await mkdir(paths.state, { recursive: true });
  const ownPassphrase =
    env.PULUMI_CONFIG_PASSPHRASE === undefined && env.PULUMI_CONFIG_PASSPHRASE_FILE === undefined;
  if (ownPassphrase) await makePassphrase(paths.passphrase);
  return {
    own: true,
    environment: {
      PULUMI_BACKEND_URL: pathToFileURL(paths.state).href,
      // tools/stack.ts reads the state's salt.
      PULUMI_DIY_BACKEND_GZIP: "false",
      ...(ownPassphrase && { PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase }),
    },
  };
}

async function readCredentials(file: string): Promise<{ readonly current?: string }> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as object;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`${file}: cannot be read; expected what pulumi login writes. Log in again.`, {
      cause: error,
    });
  }
}

async function makePassphrase(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // wx: never over one that a state is encrypted with.
  await writeFile(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" }).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    },
  );
}
