import {
  mergeDaemonConfig,
  parseDaemonJson,
  renderDaemonJson,
  sameDaemonConfig,
} from "../daemon-json";
import { ENGINE_PACKAGES, OLD_PACKAGES } from "../facts";
import type { Facts } from "../facts";
import { satisfies } from "../host-spec";
import type { HostSpec } from "../host-spec";
import type { Step, StepFile } from "../step";
import apt from "../debian/apt.sh";
import debianInstall from "../debian/install-engine.sh";
import debianRemoveOld from "../debian/remove-old.sh";
import debianRepository from "../debian/repository.sh";
import elInstall from "../el/install-engine.sh";
import elRemoveOld from "../el/remove-old.sh";
import elRepository from "../el/repository.sh";
import daemonJson from "../scripts/daemon-json.sh";
import engineService from "../scripts/engine-service.sh";

/** Seconds the engine gets to start and answer. */
const START_SECONDS = 180;

/** The Docker Engine: where it comes from, which one, how it is set up, and that it runs. */
export function engineSteps(facts: Facts, spec: HostSpec): Step[] {
  const install = installSteps(facts, spec);
  const daemon = daemonSteps(facts, spec);
  return [
    ...oldPackageSteps(facts),
    ...repositorySteps(facts, spec),
    ...install,
    ...daemon,
    ...serviceSteps(facts, install.length > 0 || daemon.length > 0),
  ];
}

function oldPackageSteps(facts: Facts): Step[] {
  const { family } = facts.os;
  const old = OLD_PACKAGES[family].filter((name) => facts.packages[name] !== undefined);
  if (old.length === 0) {
    return [];
  }
  return [
    {
      id: "old-packages",
      title: `removing ${old.join(", ")}`,
      path: "engine.version",
      script: family === "debian" ? debianRemoveOld : elRemoveOld,
      args: old,
      deadlineSeconds: 600,
    },
  ];
}

/**
 * The file that names the repository, in Docker's layout.
 *
 * @see https://docs.docker.com/engine/install/centos/ and /debian/
 */
function repositoryFile(facts: Facts, repository: string): StepFile {
  const { os } = facts;
  if (os.family === "debian") {
    const distribution = [os.id, ...os.like].includes("ubuntu") ? "ubuntu" : "debian";
    const architecture = { x86_64: "amd64", aarch64: "arm64" }[facts.architecture] ?? "amd64";
    return {
      path: "/etc/apt/sources.list.d/docker.list",
      content: `deb [arch=${architecture} signed-by=/etc/apt/keyrings/docker.asc] ${repository}/${distribution} ${os.codename} stable\n`,
    };
  }
  const distribution = os.id === "fedora" || os.id === "rhel" ? os.id : "centos";
  const major = os.version.split(".")[0] ?? "";
  return {
    path: "/etc/yum.repos.d/docker-ce.repo",
    content: [
      "[docker-ce-stable]",
      "name=Docker CE Stable",
      `baseurl=${repository}/${distribution}/${major}/$basearch/stable`,
      "enabled=1",
      "gpgcheck=1",
      `gpgkey=${repository}/${distribution}/gpg`,
      "# Holds the engine at its version when everything else is updated.",
      `exclude=${ENGINE_PACKAGES.join(" ")}`,
      "",
    ].join("\n"),
  };
}

function repositorySteps(facts: Facts, spec: HostSpec): Step[] {
  const { repository } = spec.engine;
  const file = repositoryFile(facts, repository);
  const debian = facts.os.family === "debian";
  const installing = !isInstalled(facts, spec);
  // Written before its list of packages is fetched: a run killed between the two fetches again before it installs.
  if (file.content === facts.engine.repositoryFile && !installing) {
    return [];
  }
  const key = `${repository}/${file.content.includes("ubuntu") ? "ubuntu" : "debian"}/gpg`;
  return [
    {
      id: "repository",
      title: `reading the packages of ${repository}`,
      path: "engine.repository",
      files: [file],
      script: debian ? apt + debianRepository : elRepository,
      args: debian ? [key] : [],
      deadlineSeconds: 300,
    },
  ];
}

function isInstalled(facts: Facts, spec: HostSpec): boolean {
  const { version, installPending } = facts.engine;
  const whole = ENGINE_PACKAGES.every((name) => facts.packages[name] !== undefined);
  return whole && !installPending && satisfies(version, spec.engine.version);
}

function installSteps(facts: Facts, spec: HostSpec): Step[] {
  if (isInstalled(facts, spec)) {
    return [];
  }
  const { engine } = facts;
  // An engine that is only half there is completed at the version it has.
  const version = spec.engine.version ?? engine.version ?? "";
  const from =
    engine.version !== undefined && !satisfies(engine.version, version) ? engine.version : "";
  return [
    {
      id: "engine",
      title:
        from === ""
          ? `installing docker-ce ${version}`.trimEnd()
          : `updating docker-ce ${from} to ${version}`,
      path: "engine.version",
      script: facts.os.family === "debian" ? debianInstall : elInstall,
      args: [version],
      deadlineSeconds: 1200,
    },
  ];
}

function daemonSteps(facts: Facts, spec: HostSpec): Step[] {
  const present = parseDaemonJson(facts.engine.daemonJson);
  const wanted = mergeDaemonConfig(present, spec.engine, spec.former?.daemonKeys);
  if (sameDaemonConfig(present, wanted)) {
    return [];
  }
  return [
    {
      id: "daemon-json",
      title: "validating and writing daemon.json",
      path: "engine",
      files: [
        {
          path: "/etc/docker/daemon.json.new",
          content: renderDaemonJson(wanted),
          // It may hold a proxy's password.
          mode: "0600",
        },
      ],
      script: daemonJson,
    },
  ];
}

function serviceSteps(facts: Facts, changed: boolean): Step[] {
  const { running, enabled, restartPending } = facts.engine;
  if (running && enabled && !restartPending && !changed) {
    return [];
  }
  return [
    {
      id: "service",
      title: running ? "restarting the engine" : "starting the engine",
      path: "engine",
      script: engineService,
      args: [String(START_SECONDS)],
      // A start that fails is followed by one with the old daemon.json.
      deadlineSeconds: 2 * START_SECONDS + 60,
    },
  ];
}
