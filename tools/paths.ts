import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** Where things are in a clone. Everything but `root` is ignored by git and made when it is needed. */
export interface Paths {
  /** The clone itself. */
  readonly root: string;
  /** Bundles. */
  readonly dist: string;
  /** PULUMI_HOME of a CLI that was got here: the CLI itself, its plugins, its logs. */
  readonly pulumiHome: string;
  /** Folder of the CLI of the pinned version; where npm's `pulumi` package looks, too. */
  readonly pulumiBin: string;
  /** Go's module and build caches while the CLI is built; gone afterwards. */
  readonly go: string;
  /** The file backend, unless the user has one. */
  readonly state: string;
  /** Passphrase for the secrets in that state. */
  readonly passphrase: string;
  /** Stack configurations as Pulumi is given them. */
  readonly stacks: string;
  /** Lock files, one per thing that only one run may make. */
  readonly locks: string;
  /** Compiled programs that ts-node keeps between runs; it would use the machine's temporary folder. */
  readonly tsNode: string;
}

/** Versions that package.json pins exactly; the CLI follows the SDK. */
export interface Versions {
  readonly pulumi: string;
  readonly random: string;
}

/** Paths of the clone at `root`, whether or not they exist. */
export function clonePaths(root: string): Paths {
  const swarm = join(root, ".swarm");
  const pulumi = join(swarm, "pulumi");
  // May be a link that clones share. The CLI trusts a language host only where it really lies beside itself.
  const pulumiHome = join(existsSync(pulumi) ? realpathSync(pulumi) : pulumi, "home");
  return {
    root,
    dist: join(root, "dist"),
    pulumiHome,
    pulumiBin: join(pulumiHome, "versions", pinnedVersions(root).pulumi, "bin"),
    go: join(pulumi, "go"),
    state: join(swarm, "state"),
    passphrase: join(swarm, "passphrase"),
    stacks: join(swarm, "stacks"),
    locks: join(swarm, "locks"),
    tsNode: join(swarm, "ts-node"),
  };
}

/**
 * The pinned versions of the clone at `root`.
 *
 * @throws Error when package.json is not a clone's
 */
export function pinnedVersions(root: string): Versions {
  const file = join(root, "package.json");
  const { dependencies } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  const pinned = (name: string) => {
    const version = dependencies?.[name];
    if (version !== undefined) return version;
    throw new Error(`${file}: dependencies.${name} is missing; expected an exact version`);
  };
  return { pulumi: pinned("@pulumi/pulumi"), random: pinned("@pulumi/random") };
}
