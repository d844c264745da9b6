import type { Facts, Family } from "../facts";
import type { Offer } from "../engine-versions";
import type { StepFile } from "../step";
import { debian } from "./debian";
import { el } from "./el";

/** What one family of operating systems has of its own: programs, places and names. */
export interface Platform {
  /** Packages from before docker-ce, or of the distribution, that stand in its way. */
  readonly oldPackages: readonly string[];
  /** Where the repository's key is kept. */
  readonly keyPath: string;
  /** Fingerprint of the key that Docker signs its packages for these systems with. */
  readonly dockerKey: string;
  /** The time service that these systems come with. */
  readonly clockService: "chrony" | "timesyncd";
  readonly scripts: PlatformScripts;
  /** Folder of the system in a repository that is laid out like Docker's (`centos`). */
  repositoryFile(facts: Facts, repository: string): StepFile;
  keyUrl(facts: Facts, repository: string): string;
  /** Reads what `listEngines` prints. */
  readOffers(output: string): Offer[];
  /** A package at a version, as the package manager takes it. */
  pin(offer: Offer): string;
  /** Says whether a package (`kernel-modules-extra`) brings modules that the kernel may lack. */
  bringsModules(name: string): boolean;
  /** What to do about a kernel without the modules: `Run …`. */
  moduleAdvice(facts: Facts): string;
}

/** Bash, each explained at its head. */
interface PlatformScripts {
  readonly recover: string;
  readonly update: string;
  readonly installPackages: string;
  readonly fetchKey: string;
  readonly readRepository: string;
  readonly listEngines: string;
  readonly installEngine: string;
  readonly removeEngine: string;
  readonly removeOld: string;
}

// Nothing is ever done on a system of neither family: preflight refuses it.
const platforms: Readonly<Record<Family, Platform>> = { el, debian, other: el };

/** The platform of a machine. */
export function platformOf(facts: Pick<Facts, "os">): Platform {
  return platforms[facts.os.family];
}

/** Packages that stand in an engine's way on any platform. */
export const OLD_PACKAGES = [...el.oldPackages, ...debian.oldPackages];
