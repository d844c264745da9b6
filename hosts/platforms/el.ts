import pm from "../el/pm.sh";
import fetchKey from "../el/fetch-key.sh";
import installEngine from "../el/install-engine.sh";
import installPackages from "../el/install-packages.sh";
import listEngines from "../el/list-engines.sh";
import readRepository from "../el/repository.sh";
import recover from "../el/recover.sh";
import removeEngine from "../el/remove-engine.sh";
import removeOld from "../el/remove-old.sh";
import update from "../el/update.sh";
import type { Platform } from "./platform";

const keyPath = "/etc/pki/rpm-gpg/docker-ce.asc";

/** Enterprise Linux and Fedora: rpm with dnf or yum. @see https://docs.docker.com/engine/install/centos/ */
export const el: Platform = {
  oldPackages: [
    "docker",
    "docker-client",
    "docker-client-latest",
    "docker-common",
    "docker-engine",
    "docker-latest",
    "docker-latest-logrotate",
    "docker-logrotate",
  ],
  keyPath,
  dockerKey: "060A61C51B558A7F742B77AAC52FEB6B621E9F35",
  clockService: "chrony",
  scripts: {
    recover,
    update: pm + update,
    installPackages: pm + installPackages,
    fetchKey,
    readRepository: pm + readRepository,
    listEngines: pm + listEngines,
    installEngine: pm + installEngine,
    removeEngine: pm + removeEngine,
    removeOld: pm + removeOld,
  },
  repositoryFile: ({ os }, repository) => ({
    path: "/etc/yum.repos.d/docker-ce.repo",
    content: [
      "[docker-ce-stable]",
      "name=Docker CE Stable",
      `baseurl=${repository}/${os.distribution}/${os.version.split(".")[0] ?? ""}/$basearch/stable`,
      "enabled=1",
      "gpgcheck=1",
      `gpgkey=file://${keyPath}`,
      "# Holds the engine at its version when everything else is updated.",
      "exclude=docker-ce docker-ce-cli containerd.io",
      "",
    ].join("\n"),
  }),
  keyUrl: ({ os }, repository) => `${repository}/${os.distribution}/gpg`,
  // A narrow list breaks a line between two columns. What is installed comes first, under a heading of its own; dnf 4 and
  // yum 3 write an @ before its repository, which makes the last column wider, and blanks fill it up in the other lines.
  readOffers: (output) =>
    [
      ...output
        .replace(/^Installed packages\n.*?(?=^Available packages$|$(?!\n))/ims, "")
        .matchAll(/^(\S+)\.\w+\s+(\S+)\s+([^@\s]\S*)[^\S\n]*$/gm),
    ].map(([, name = "", version = ""]) => ({ name, version })),
  pin: ({ name, version }) => `${name}-${version.replace(/^\d+:/, "")}`,
  bringsModules: (name) => /^kernel-(modules|devel-matched$|core|uek|ml|lt)/.test(name),
  moduleAdvice: ({ kernel, os }) => {
    const command = os.version.startsWith("7") ? "yum" : "dnf";
    return `Run \`${command} install kernel-modules-extra-${kernel}\` there, or name kernel-modules-extra in the host's packages; if the repositories have none for this kernel any more, bring the kernel up to date as well and reboot.`;
  },
};
