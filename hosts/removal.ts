import type { Facts } from "./facts";
import { writeHostsBlock } from "./hosts-block";
import type { HostSpec } from "./host-spec";
import { memberAddresses } from "./host-spec";
import type { Step } from "./step";
import { firewallSteps } from "./steps/firewall";
import { platformOf } from "./platforms/platform";
import clean from "./scripts/clean.sh";

/**
 * What has to be done to take a preparation back: our part of /etc/hosts, our files, our openings in the firewall. The
 * engine goes only when told to; its data, packages and users stay in any case.
 */
export function planRemoval(facts: Facts, spec: HostSpec, removeEngine: boolean): Step[] {
  const { firewall } = spec;
  const former =
    firewall === false ? {} : { firewall: { spec: firewall, members: memberAddresses(spec) } };
  return [
    ...firewallSteps(facts, { ...spec, firewall: false, former }),
    ...engineRemoval(facts, removeEngine),
    ...hostsRemoval(facts),
    {
      id: "clean",
      title: "removing the files of the preparation",
      path: "host",
      script: clean,
    },
  ];
}

function engineRemoval(facts: Facts, removeEngine: boolean): Step[] {
  const { engine } = facts;
  if (!removeEngine || engine.version === undefined) {
    return [];
  }
  return [
    {
      id: "remove-engine",
      title: `removing docker-ce ${engine.version}; /var/lib/docker stays`,
      path: "removeEngine",
      script: platformOf(facts).scripts.removeEngine,
      deadlineSeconds: 600,
    },
  ];
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
