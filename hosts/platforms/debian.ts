import apt from "../debian/apt.sh";
import fetchKey from "../debian/fetch-key.sh";
import installEngine from "../debian/install-engine.sh";
import installPackages from "../debian/install-packages.sh";
import listEngines from "../debian/list-engines.sh";
import readRepository from "../debian/repository.sh";
import recover from "../debian/recover.sh";
import removeEngine from "../debian/remove-engine.sh";
import removeOld from "../debian/remove-old.sh";
import update from "../debian/update.sh";
import type { Platform } from "./platform";

const keyPath = "/etc/apt/keyrings/docker.asc";

/** Names of processors: bash's and the kernel's → dpkg's. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** Debian, Ubuntu and what stands on them: dpkg with apt. @see https://docs.docker.com/engine/install/debian/ */
export const debian: Platform = {
  oldPackages: [
    "containerd",
    "docker-cli",
    "docker-compose",
    "docker-doc",
    "docker.io",
    "podman-docker",
    "runc",
  ],
  keyPath,
  dockerKey: "9DC858229FC7DD38854AE2D88D81803C0EBFCD88",
  clockService: "timesyncd",
  scripts: {
    recover,
    update: apt + update,
    installPackages: apt + installPackages,
    fetchKey,
    readRepository: apt + readRepository,
    listEngines,
    installEngine,
    removeEngine,
    removeOld,
  },
  repositoryFile: ({ os, architecture }, repository) => ({
    path: "/etc/apt/sources.list.d/docker.list",
    content: `deb [arch=${ARCHITECTURES[architecture] ?? architecture} signed-by=${keyPath}] ${repository}/${os.distribution} ${os.codename} stable\n`,
  }),
  keyUrl: ({ os }, repository) => `${repository}/${os.distribution}/gpg`,
  readOffers: (output) =>
    [...output.matchAll(/^ *(\S+) +\| +(\S+) +\|/gm)].map(([, name = "", version = ""]) => ({
      name,
      version,
    })),
  pin: ({ name, version }) => `${name}=${version}`,
  bringsModules: (name) => /^linux-(modules|image)-/.test(name),
  moduleAdvice: ({ kernel, os }) =>
    os.distribution === "ubuntu"
      ? `Run \`apt-get install linux-modules-extra-${kernel}\` there, or name that package in the host's packages.`
      : "Run `apt-get install linux-image-$(dpkg --print-architecture)` there, which is Debian's full kernel, and reboot.",
};
