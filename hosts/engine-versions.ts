import { isDowngrade, satisfies } from "./host-spec";

/** A package that a repository offers. */
export interface Offer {
  readonly name: string;
  /** The package's whole version: `3:26.1.4-1.el7`, `5:26.1.5-1~debian.13~trixie`. */
  readonly version: string;
}

/** The packages to install. */
export interface EngineChoice {
  readonly engine: Offer;
  /** The client of the same version; undefined where the repository has none and the engine's own wish decides. */
  readonly client: Offer | undefined;
}

/** The oldest engine that speaks version 1.41 of the API, which jobs, capabilities and sysctls of services came with. */
export const OLDEST_ENGINE = "20.10";

/** Versions that are named where the wanted one is not among them. */
const NAMED = 20;

/** Whether a version (or its first digits) is older than this program can work with; `20` may be 20.10. */
export function isTooOld(version: string): boolean {
  return isDowngrade(OLDEST_ENGINE, version);
}

/**
 * A package's version as Docker writes it.
 *
 * @example `3:26.1.5-1.el9`, `5:26.1.5-1~debian.13~trixie`, `5:20.10.24~3-0~debian-bullseye`, `18.06.3~ce~3-0~debian` →
 * `26.1.5`, `26.1.5`, `20.10.24`, `18.06.3`; `18.03.1.ce-1.el7` → `18.03.1`
 */
export function dockerVersion(packageVersion: string): string {
  return packageVersion
    .replace(/^\d+:/, "")
    .replace(/-.*$/s, "")
    .replace(/~\d+$/, "")
    .replace(/[.~]ce$/, "");
}

/**
 * The newest engine that is the wanted version, or has its first digits (`26.1` takes every `26.1.x`).
 *
 * @param wanted - "" for the newest of all
 * @throws Error that names the versions there are
 */
export function chooseEngine(offers: readonly Offer[], wanted: string): EngineChoice {
  const engines = newestFirst(offers.filter(({ name }) => name === "docker-ce"));
  if (engines.length === 0)
    throw new Error(
      "the repository has no docker-ce for this system and architecture. Look into it with a browser, or take a system that it has packages for.",
    );
  const engine = engines.find(
    ({ version }) => wanted === "" || satisfies(dockerVersion(version), wanted),
  );
  if (engine === undefined)
    throw new Error(
      `the repository has no docker-ce ${wanted}; it has ${named(engines)}. Declare one of them.`,
    );
  const version = dockerVersion(engine.version);
  if (isTooOld(version))
    throw new Error(
      `the newest docker-ce of the repository is ${version}; expected ${OLDEST_ENGINE} or newer. Take a repository that has one.`,
    );
  const clients = newestFirst(offers.filter(({ name }) => name === "docker-ce-cli"));
  const client = clients.find((offer) => dockerVersion(offer.version) === version);
  return { engine, client };
}

function newestFirst(offers: readonly Offer[]): Offer[] {
  return [...offers].sort((a, b) => compareVersions(b.version, a.version));
}

function named(engines: readonly Offer[]): string {
  const versions = [...new Set(engines.map(({ version }) => dockerVersion(version)))];
  const older = versions.length - NAMED;
  return `${versions.slice(0, NAMED).join(", ")}${older > 0 ? ` and ${older} older ones` : ""}`;
}

/**
 * Compares two package versions as rpm and dpkg both do: the epoch first, then digits as numbers and letters as text;
 * what follows a `~` comes before everything.
 *
 * @returns less than 0 when `a` is the older one
 * @see https://rpm-software-management.github.io/rpm/manual/dependencies.html and deb-version(7)
 */
export function compareVersions(a: string, b: string): number {
  const epochs = epochOf(a) - epochOf(b);
  if (epochs !== 0) return epochs;
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareParts(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function epochOf(version: string): number {
  return Number(/^(\d+):/.exec(version)?.[1] ?? 0);
}

function partsOf(version: string): string[] {
  return version.replace(/^\d+:/, "").match(/\d+|[a-z]+|~|-/gi) ?? [];
}

/** `~` < the end < the end of the version (`-`) < letters < digits. */
function compareParts(a: string | undefined, b: string | undefined): number {
  const rank = (part: string | undefined): number => {
    if (part === undefined) return 1;
    return /\d/.test(part) ? 4 : part === "~" ? 0 : part === "-" ? 2 : 3;
  };
  if (a === undefined || b === undefined || rank(a) !== rank(b)) return rank(a) - rank(b);
  if (rank(a) === 4) return Number(a) - Number(b);
  return a === b ? 0 : a < b ? -1 : 1;
}
