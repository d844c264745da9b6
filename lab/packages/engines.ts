import { satisfies } from "../../hosts/host-spec";

/** An engine version that the lab's package repository offers. */
export interface EngineBuild {
  /** Version of docker-ce and docker-ce-cli. */
  readonly engine: string;
  /** Version of containerd.io. */
  readonly containerd: string;
  /** Oldest containerd.io that docker-ce asks for, as in Docker's own packages of that version. */
  readonly containerdMinimum: string;
  /** Debian suite whose packages it is made of. */
  readonly suite: string;
  /** Debian packages it is made of; the libraries among them are those that a minimal host lacks. */
  readonly packages: readonly string[];
  /** dockerd and docker-proxy where Debian has none of this version. @default - those of docker.io */
  readonly daemon?: DaemonBuild;
}

/** dockerd and docker-proxy out of Go modules; everything else of the engine comes from Debian's packages. */
export interface DaemonBuild {
  /** Folder of lab/packages with go.mod and go.sum. */
  readonly module: string;
  /** Version of the Go module. */
  readonly tag: string;
  /** When that version was made, as the engine says it. */
  readonly built: string;
  /** Version of Debian's docker.io, whose client it gets. */
  readonly packaged: string;
}

/** The engine that every lab has. */
export const ENGINES: readonly EngineBuild[] = [
  {
    engine: "26.1.5",
    containerd: "1.7.24",
    containerdMinimum: "1.6.24",
    suite: "trixie",
    packages: ["docker.io", "docker-cli", "containerd", "runc", "tini", "libseccomp2"],
  },
];

const FORKY = ["docker.io", "docker-cli", "containerd", "runc", "tini-static", "libseccomp2"];

/** Those that a lab makes when a machine is first to have one. Oldest first. */
export const EXTRA_ENGINES: readonly EngineBuild[] = [
  {
    engine: "20.10.24",
    containerd: "1.6.20",
    containerdMinimum: "1.4.1",
    suite: "bookworm",
    packages: ["docker.io", "containerd", "runc", "tini", "libseccomp2", "libdevmapper1.02.1"],
  },
  {
    engine: "28.5.2",
    containerd: "2.1.9",
    containerdMinimum: "1.7.27",
    suite: "forky",
    packages: FORKY,
  },
  {
    engine: "29.8.1",
    containerd: "2.1.9",
    containerdMinimum: "1.7.27",
    suite: "forky",
    packages: FORKY,
    daemon: {
      module: "engine-29",
      tag: "v2.0.0-beta.24",
      built: "2026-09-15T15:28:34.000000000+00:00",
      packaged: "28.5.2",
    },
  },
];

/** The engines on demand that declared versions (`28`, `28.5`, `28.5.2`) mean; none for the one that every lab has. */
export function extraEngines(versions: readonly string[]): EngineBuild[] {
  return EXTRA_ENGINES.filter(({ engine }) =>
    versions.some((version) => satisfies(engine, version)),
  );
}
