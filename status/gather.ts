import type { Node, Service } from "@docker/node-sdk";
import { inspectSwarm } from "../hosts/engine-api";
import { urlHost } from "../hosts/endpoint";
import { Secrets } from "../cluster/secrets";
import type { Environment } from "../cluster/environment";
import { lastLines } from "../cluster/logs";
import { nameOf } from "../cluster/members";
import { lockedAmong } from "../cluster/unlock";
import type { Settings } from "../settings/schema";
import { findService } from "../tasks/names";
import { historyOf, tellingTasks, type History } from "./history";
import { probe, type Answer } from "./probe";
import { meshPorts, type Findings } from "./report";

/** The cluster that is looked at. */
export interface Subject {
  readonly settings: Settings;
  readonly environment: Environment;
}

/** Of each task: what a person takes in at a glance. */
const SAID = { lines: 5, width: 400, seconds: 5 };

/**
 * Asks the lab and the swarm. Changes nothing.
 *
 * @throws NoManagerError, QuorumError when no manager can be asked
 */
export async function gather({ settings, environment }: Subject): Promise<Findings> {
  const { managers } = environment;
  const [machines, swarm, nodes, services, tasks] = await Promise.all([
    machineStates(settings, environment),
    managers.use(async (engine) => inspectSwarm(engine)),
    managers.nodes(),
    managers.services(),
    managers.tasks(),
  ]);
  const locked = await lockedHosts(settings, environment, nodes);
  return { hosts: settings.hosts, machines, locked, swarm, nodes, services, tasks };
}

/** What each URL of the services answers. Never rejects. */
export async function answersOf(
  { settings, environment }: Subject,
  services: readonly Service[],
): Promise<readonly Answer[]> {
  const urls = urlsOf(addresses(settings, environment), meshPorts(services));
  return Promise.all(urls.map(async (url) => probe(url)));
}

/**
 * What the tasks of a service have written last, by id.
 *
 * @throws NameError when there is no such service
 */
export async function linesOf(
  { environment }: Subject,
  findings: Findings,
  word: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { managers } = environment;
  const secrets = new Secrets();
  secrets.add(environment.secrets);
  const scrub = (text: string): string => secrets.scrub(text);
  const ids = tellingTasks(findService(word, findings), findings.tasks);
  const asked = ids.map(
    async (id) => [id, await lastLines({ managers, scrub }, id, SAID)] as const,
  );
  return new Map(await Promise.all(asked));
}

/** A service and its tasks. @throws NameError when there is no such service */
export function historyIn(
  findings: Findings,
  word: string,
  lines: ReadonlyMap<string, readonly string[]>,
): History {
  return historyOf(findService(word, findings), findings, lines);
}

/** Managers that wait for the unlock key: only those that the swarm does not reach need be asked. */
async function lockedHosts(
  { hosts }: Settings,
  { machines }: Environment,
  nodes: readonly Node[],
): Promise<readonly string[]> {
  const reachable = nodes
    .filter(({ ManagerStatus: status }) => status?.Reachability === "reachable")
    .map(nameOf);
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

/** Each once: machines behind address translation can share one. */
function addresses(settings: Settings, { lab }: Environment): string[] {
  const all = Object.keys(settings.hosts)
    .sort()
    .flatMap((host) => lab?.plan.addressOf(host) ?? settings.hosts[host]?.address ?? []);
  return [...new Set(all)];
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
