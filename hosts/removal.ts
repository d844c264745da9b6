import {
  declaredDaemonConfig,
  mergeDaemonConfig,
  parseDaemonJson,
  renderDaemonJson,
  type DaemonConfig,
} from "./daemon-json";
import type { Facts } from "./facts";
import { writeHostsBlock } from "./hosts-block";
import type { HostSpec } from "./host-spec";
import { memberAddresses } from "./host-spec";
import type { Step } from "./step";
import { firewallSteps } from "./steps/firewall";
import { platformOf } from "./platforms/platform";
import clean from "./scripts/clean.sh";
import daemonJsonOut from "./scripts/daemon-json-out.sh";

/**
 * What has to be done to take a preparation back: our part of /etc/hosts, our files, our openings in the firewall. The
 * engine goes only when told to, and what was declared of daemon.json with it; its data, packages and users stay in any
 * case.
 */
export function planRemoval(facts: Facts, spec: HostSpec, removeEngine: boolean): Step[] {
  const { firewall } = spec;
  const former =
    firewall === false ? {} : { firewall: { spec: firewall, members: memberAddresses(spec) } };
  return [
    ...firewallSteps(facts, { ...spec, firewall: false, former }),
    ...engineRemoval(facts, spec, removeEngine),
    ...hostsRemoval(facts),
    {
      id: "clean",
      title: "removing the files of the preparation",
      path: "host",
      script: clean,
    },
  ];
}

function engineRemoval(facts: Facts, spec: HostSpec, removeEngine: boolean): Step[] {
  const { engine } = facts;
  if (!removeEngine || engine.version === undefined) {
    return [];
  }
  const daemon = daemonRemoval(facts, spec);
  return [
    {
      id: "remove-engine",
      title: `removing docker-ce ${engine.version}; /var/lib/docker stays`,
      path: "removeEngine",
      script: platformOf(facts).scripts.removeEngine,
      deadlineSeconds: 600,
    },
    ...daemon,
  ];
}

/** What was declared of daemon.json goes with the engine; keys that somebody else has set stay. */
function daemonRemoval({ engine: { daemonJson } }: Facts, { engine }: HostSpec): Step[] {
  if (daemonJson === undefined) return [];
  const { repository } = engine;
  const declared = Object.keys(declaredDaemonConfig(engine));
  let rest: DaemonConfig;
  try {
    rest = mergeDaemonConfig(parseDaemonJson(daemonJson), { repository }, declared);
  } catch {
    // Written by hand since, and broken: no word of it is ours to judge.
    return [];
  }
  const common = { id: "daemon-json", path: "engine" };
  if (Object.keys(rest).length === 0)
    return [{ ...common, title: "removing daemon.json", script: daemonJsonOut }];
  const file = { path: "/etc/docker/daemon.json", content: renderDaemonJson(rest), mode: "0600" };
  return [{ ...common, title: "taking what was declared out of daemon.json", files: [file] }];
}

function hostsRemoval({ hostsFile }: Facts): Step[] {
  const content = writeHostsBlock(hostsFile, {});
  if (content === hostsFile) {
    return [];
  }
  return [
    {
      id: "hosts",
      title: "taking the addresses of the nodes out of /etc/hosts",
      path: "addresses",
      files: [{ path: "/etc/hosts", content }],
    },
  ];
}
