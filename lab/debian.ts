import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { runProcess } from "./process";

/** Where Debian packages come from, as this machine's own package manager is set up. */
export interface DebianSource {
  /** Base URL of the Debian archive, without a slash at its end. */
  readonly mirror: string;
  /** File with the archive's public keys. */
  readonly keyring: string;
  /** Contents of an apt.conf file with this machine's settings about transport (proxies, date checks). */
  readonly settings: string;
}

/** The archive keys that Debian installs; also present in the toolbox. */
export const DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Reads which Debian mirror this machine uses. Package lists need not exist; nothing is downloaded or changed.
 *
 * @throws Error when this machine's apt knows no Debian mirror
 */
export async function readDebianSource(signal?: AbortSignal): Promise<DebianSource> {
  const release = await readFile("/etc/os-release", "utf8");
  const suite = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1] ?? "bookworm";
  const state = await mkdtemp(`${tmpdir()}/swarm-apt-`);
  try {
    const uris = await runProcess(
      ["apt-get", "-o", `Dir::State=${state}`, "update", "--print-uris"],
      { signal },
    );
    const mirror = findMirror(uris.stdout, suite);
    if (mirror === undefined) {
      throw new Error(
        `/etc/apt: got no Debian archive (suite "${suite}", component "main") among this machine's package sources; ` +
          "expected one, as on any Debian machine. Add it to /etc/apt/sources.list.",
      );
    }
    const dump = await runProcess(["apt-config", "dump"], { signal });
    return { mirror, keyring: DEBIAN_KEYRING, settings: transportSettings(dump.stdout) };
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

/** Finds the Debian archive in what `apt-get update --print-uris` says; undefined when there is none. */
export function findMirror(uris: string, suite: string): string | undefined {
  // Component "main" of the plain suite: other vendors' archives use the suite's name, but not this component.
  const pattern = new RegExp(`^'([^']+?)/+dists/${suite}/main/binary-`, "m");
  return pattern.exec(uris)?.[1];
}

/** Picks from `apt-config dump` what is needed to reach the mirror from elsewhere. */
export function transportSettings(dump: string): string {
  const kept = /^Acquire::(https?::|Check-|ForceIPv|Retries)/;
  const lines = dump.split("\n").filter((line) => kept.test(line) && !line.endsWith(' "";'));
  const own = ['Acquire::Languages "none";', 'Acquire::Retries "3";', 'APT::Sandbox::User "root";'];
  return [...lines, ...own, ""].join("\n");
}
