import type { Node } from "@docker/node-sdk";
import { urlHost } from "../hosts/endpoint";
import type { Environment } from "../cluster/environment";
import { lockedAmong } from "../cluster/unlock";
import type { Settings } from "../settings/schema";
import { probe, type Answer } from "./probe";
import { meshPorts, type Findings } from "./report";

/** Everything found out, URLs included. */
export interface Gathered {
  readonly findings: Findings;
  readonly urls: readonly Answer[];
}

/**
 * Asks the lab, the swarm, and each URL. Changes nothing.
 * @throws NoManagerError, QuorumError when no manager can be asked
 */
export async function gather(settings: Settings, environment: Environment): Promise<Gathered> {
  const machines = await machineStates(settings, environment);
  const { managers } = environment;
  const [nodes, services, tasks] = await Promise.all([
    managers.nodes(),
    managers.services(),
    managers.tasks(),
  ]);
  const locked = await lockedHosts(settings, environment, nodes);
  const findings = { hosts: settings.hosts, machines, locked, nodes, services, tasks };
  const urls = urlsOf(addresses(settings, environment), meshPorts(services));
  return { findings, urls: await Promise.all(urls.map(async (url) => probe(url))) };
}

/** Managers that wait for the unlock key: only those that the swarm does not reach need be asked. */
async function lockedHosts(
  { hosts }: Settings,
  { machines }: Environment,
  nodes: readonly Node[],
): Promise<readonly string[]> {
  const reachable = nodes
    .filter(({ ManagerStatus: status }) => status?.Reachability === "reachable")
    .map(({ Description: description }) => description?.Hostname);
  const missing = Object.keys(hosts).filter(
    (host) => hosts[host]?.role === "manager" && !reachable.includes(host),
  );
  return lockedAmong(machines, missing);
}

/** State of each lab machine by host name; undefined without a lab. */
export async function machineStates(
  settings: Settings,
  { lab }: Environment,
): Promise<Record<string, string> | undefined> {
  if (lab === undefined) return undefined;
  const states = Object.keys(settings.hosts).map(async (host) => {
    const state: string = await lab.machine(host).state();
    return [host, state] as const;
  });
  return Object.fromEntries(await Promise.all(states));
}

function addresses(settings: Settings, { lab }: Environment): string[] {
  return Object.keys(settings.hosts)
    .sort()
    .flatMap((host) => lab?.plan.addressOf(host) ?? settings.hosts[host]?.address ?? []);
}

function urlsOf(hosts: readonly string[], ports: readonly number[]): string[] {
  return ports.flatMap((port) =>
    hosts.map((address) => {
      const host = urlHost(address);
      if (port === 443) return `https://${host}`;
      return `http://${host}${port === 80 ? "" : `:${port}`}`;
    }),
  );
}
