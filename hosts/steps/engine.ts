import {
  mergeDaemonConfig,
  parseDaemonJson,
  renderDaemonJson,
  sameDaemonConfig,
} from "../daemon-json";
import { chooseEngine } from "../engine-versions";
import { ENGINE_PACKAGES } from "../facts";
import type { Facts } from "../facts";
import { satisfies } from "../host-spec";
import type { HostSpec } from "../host-spec";
import { platformOf } from "../platforms/platform";
import { isTrusted, trustedKey } from "../repository-key";
import type { Step } from "../step";
import daemonJson from "../scripts/daemon-json.sh";
import engineService from "../scripts/engine-service.sh";

/** How the title of a step begins that stops an engine which runs. */
export const RESTARTING = "restarting the engine";

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
    ...serviceSteps(facts, spec, install.length > 0 || daemon.length > 0),
  ];
}

function oldPackageSteps(facts: Facts): Step[] {
  const { oldPackages, scripts } = platformOf(facts);
  const old = oldPackages.filter((name) => facts.packages[name] !== undefined);
  if (old.length === 0) {
    return [];
  }
  return [
    {
      id: "old-packages",
      title: `removing ${old.join(", ")}`,
      path: "engine.version",
      script: scripts.removeOld,
      args: old,
      deadlineSeconds: 600,
    },
  ];
}

function repositorySteps(facts: Facts, spec: HostSpec): Step[] {
  const { repository } = spec.engine;
  const platform = platformOf(facts);
  const file = platform.repositoryFile(facts, repository);
  const written = file.content === facts.engine.repositoryFile;
  const trusted = isTrusted(facts, spec.engine);
  // Written before its list of packages is fetched: a run killed between the two fetches again before it installs.
  if (written && trusted && isInstalled(facts, spec)) {
    return [];
  }
  const url = platform.keyUrl(facts, repository);
  return [
    {
      id: "repository",
      title: written && !trusted ? `fetching ${url}` : `reading the packages of ${repository}`,
      path: written && !trusted ? "engine.repositoryKey" : "engine.repository",
      ask: {
        script: platform.scripts.fetchKey,
        args: [url],
        decide: async (text) => ({
          files: [
            { path: platform.keyPath, content: await trustedKey(text, url, facts, spec.engine) },
            file,
          ],
        }),
      },
      script: platform.scripts.readRepository,
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
  const platform = platformOf(facts);
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
      ask: {
        script: platform.scripts.listEngines,
        decide: (output) => {
          const chosen = chooseEngine(platform.readOffers(output), version);
          const client =
            chosen.client === undefined ? "docker-ce-cli" : platform.pin(chosen.client);
          return { args: [platform.pin(chosen.engine), client, "containerd.io"] };
        },
      },
      script: platform.scripts.installEngine,
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

function serviceSteps(facts: Facts, spec: HostSpec, changed: boolean): Step[] {
  const { running, enabled, restartPending } = facts.engine;
  const lost = running && isWithoutRules(facts, spec);
  if (running && enabled && !restartPending && !changed && !lost) {
    return [];
  }
  const why = lost ? ", whose firewall rules are gone, so that published ports do not answer" : "";
  return [
    {
      id: "service",
      title: running ? `${RESTARTING}${why}` : "starting the engine",
      path: "engine",
      script: engineService,
      args: [String(START_SECONDS)],
      // A start that fails is followed by one with the old daemon.json.
      deadlineSeconds: 2 * START_SECONDS + 60,
    },
  ];
}

/**
 * Whether the rules of the mesh went with the machine's firewall, when that was loaded anew, stopped or started. Engines
 * before 28.3.3 (and 25.0.13) make them again only when they start themselves.
 *
 * @see https://github.com/moby/moby/pull/50443
 */
function isWithoutRules({ engine }: Facts, spec: HostSpec): boolean {
  if (!engine.rulesLost) return false;
  const present = parseDaemonJson(engine.daemonJson);
  const daemon = mergeDaemonConfig(present, spec.engine, spec.former?.daemonKeys);
  // An engine that is to write none has none to lose.
  return daemon.iptables !== false && daemon["firewall-backend"] !== "nftables";
}
