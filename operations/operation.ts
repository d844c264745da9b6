import { Secrets } from "../cluster/secrets";
import type { ClusterContext } from "../cluster/context";
import type { Environment } from "../cluster/environment";
import type { Settings } from "../settings/schema";

/** What an operation works with. */
export interface Operation {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Of the stack; encrypts and decrypts backups. */
  readonly passphrase: string;
  readonly stack: string;
  readonly file: string | undefined;
  readonly host: string | undefined;
  /** The user has said yes beforehand. */
  readonly isAgreed: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What the functions of cluster/ ask for. */
export function contextOf({ environment, say, signal }: Operation): ClusterContext {
  let last = "";
  const progress = (line: string): void => {
    if (line !== last) say(`  ${line}`);
    last = line;
  };
  const secrets = new Secrets();
  secrets.add(environment.secrets);
  const scrub = (text: string): string => secrets.scrub(text);
  const said = { scrub, progress, info: say, warn: say, warnOnce: say };
  return { ...environment, ...said, signal };
}

/** Names of the hosts that are declared managers, sorted. */
export function managersOf({ settings }: Operation): string[] {
  return Object.keys(settings.hosts)
    .filter((host) => settings.hosts[host]?.role === "manager")
    .sort();
}

/** @throws Error when the host is not a declared manager */
export function checkManager(operation: Operation, host: string): void {
  const known = managersOf(operation);
  if (!known.includes(host))
    throw new Error(`--host: got "${host}"; expected a configured manager: ${known.join(", ")}`);
}
