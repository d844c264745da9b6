import { X509Certificate } from "node:crypto";
import type { SystemInfo } from "@docker/node-sdk";
import type { Engine } from "../../hosts/engine";
import { leaveSwarm } from "../../hosts/engine-api";
import type { Machine } from "../../hosts/machine";
import type { Context } from "../context";
import { viewOf } from "./managed";

/** Who a machine is in which swarm. */
export interface Identity {
  readonly nodeId: string;
  readonly clusterId: string;
}

/**
 * What the certificate of a machine's membership says, which is there also while the swarm is locked. Undefined: no
 * swarm has ever taken the machine in.
 *
 * @param info - where the engine keeps its files
 * @see https://docs.docker.com/engine/swarm/how-swarm-mode-works/pki/
 */
export async function certificateOf(
  machine: Pick<Machine, "readFile">,
  { DockerRootDir: folder = "/var/lib/docker" }: SystemInfo,
): Promise<Identity | undefined> {
  const text = await machine.readFile(`${folder}/swarm/certificates/swarm-node.crt`);
  if (text === undefined) return undefined;
  // One name per line: O=cluster, OU=role, CN=node.
  const { subject } = new X509Certificate(text);
  const part = (key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(subject)?.[1] ?? "";
  return { nodeId: part("CN"), clusterId: part("O") };
}

/**
 * A manager that this swarm went on without and that is locked leaves as it is: unlocked it would wait for a leader for
 * ever, and an engine that waits for one cannot leave.
 */
export async function leaveWhileLocked(context: Context, engine: Engine): Promise<void> {
  const info = await engine.info();
  if (info.Swarm?.LocalNodeState !== "locked") return;
  const own = await certificateOf(context.machines.get(engine.host), info);
  const { nodes, clusterId } = await viewOf(context);
  if (own?.clusterId !== clusterId || nodes.some((node) => node.ID === own.nodeId)) return;
  context.info(`${engine.host} leaves and joins again: it was removed from the swarm.`);
  await leaveSwarm(engine, true, { signal: context.signal });
}

/**
 * Whether a machine that tries to join, or has failed to, was never taken in by any swarm: then it holds no
 * certificate, and leaving takes nothing from anybody.
 */
export async function hasNeverJoined(
  context: Context,
  host: string,
  info: SystemInfo,
): Promise<boolean> {
  const { LocalNodeState: state, NodeID: id = "" } = info.Swarm ?? {};
  if (id !== "" || (state !== "pending" && state !== "error")) return false;
  return (await certificateOf(context.machines.get(host), info)) === undefined;
}
