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
}

/** Two engine versions, the older one for upgrade drills. */
export const ENGINES: readonly EngineBuild[] = [
  {
    engine: "26.1.5",
    containerd: "1.7.24",
    containerdMinimum: "1.6.24",
    suite: "trixie",
    packages: ["docker.io", "docker-cli", "containerd", "runc", "tini", "libseccomp2"],
  },
  {
    engine: "20.10.24",
    containerd: "1.6.20",
    containerdMinimum: "1.4.1",
    suite: "bookworm",
    packages: ["docker.io", "containerd", "runc", "tini", "libseccomp2", "libdevmapper1.02.1"],
  },
];
