import {
  declaredDaemonConfig,
  mergeDaemonConfig,
  NAMED_KEYS,
  parseDaemonJson,
} from "./daemon-json";
import type { DaemonConfig } from "./daemon-json";
import { messageOf } from "./errors";
import type { Facts } from "./facts";
import type { HostSpec } from "./host-spec";
import type { Problem } from "./preflight";

/** What daemon.json holds, or is to hold, that a node of a swarm cannot have. */
export function daemonProblems({ engine }: Facts, spec: HostSpec): Problem[] {
  let present: DaemonConfig;
  try {
    present = parseDaemonJson(engine.daemonJson);
  } catch (error) {
    return [
      {
        path: "engine.daemon",
        reason: `got an /etc/docker/daemon.json that is not JSON (${messageOf(error)}). Mend it, or move it away to have a new one written.`,
      },
    ];
  }
  const problems: Problem[] = [];
  const wanted = mergeDaemonConfig(present, spec.engine, spec.former?.daemonKeys);
  if (wanted["live-restore"] === true) {
    const declared = declaredDaemonConfig(spec.engine)["live-restore"] === true;
    problems.push({
      path: "engine.daemon.live-restore",
      reason: `got true${declared ? "" : " in /etc/docker/daemon.json"}; a swarm node cannot have it, the engine refuses to join. ${declared ? "Take it out" : "Declare it as false to have it turned off"}; draining a node before its engine restarts keeps services up.`,
    });
  }
  if (isNftables(wanted)) {
    const declared = declaredDaemonConfig(spec.engine)["firewall-backend"] === "nftables";
    problems.push({
      path: "engine.daemon.firewall-backend",
      reason: `got "nftables"${declared ? "" : " in /etc/docker/daemon.json"}; expected "iptables": a swarm node cannot have the other, the engine refuses to join. ${declared ? "Take it out" : 'Declare it as "iptables"'}.`,
    });
  }
  for (const flag of engine.flags) {
    const key = FLAG_KEYS[flag] ?? flag;
    if (key in wanted) {
      const path = NAMED_KEYS[key] ?? `daemon.${key}`;
      problems.push({
        path: `engine.${path}`,
        reason: `got a value, but the engine's systemd unit passes --${flag} as well, with which it would not start. Take the flag out of the unit (systemctl cat docker.service).`,
      });
    }
  }
  return problems;
}

/**
 * Whether the rules of nftables are asked for, which no overlay network has, without the engine's own word for trying it.
 *
 * @see https://github.com/moby/moby/blob/v2.0.0-beta.24/daemon/config/config_linux.go (IsSwarmCompatible)
 */
function isNftables(wanted: DaemonConfig): boolean {
  const features = wanted.features as Readonly<Record<string, unknown>> | undefined;
  return (
    wanted["firewall-backend"] === "nftables" &&
    wanted.iptables !== false &&
    features?.["swarm-nftables"] !== true
  );
}

/** Flags of dockerd whose key in daemon.json has another name. */
const FLAG_KEYS: Readonly<Record<string, string>> = {
  "authorization-plugin": "authorization-plugins",
  "dns-opt": "dns-opts",
  "exec-opt": "exec-opts",
  host: "hosts",
  "insecure-registry": "insecure-registries",
  label: "labels",
  "log-opt": "log-opts",
  "registry-mirror": "registry-mirrors",
  "storage-opt": "storage-opts",
};
