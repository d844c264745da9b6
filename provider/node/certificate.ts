import { X509Certificate } from "node:crypto";
import type { SystemInfo } from "@docker/node-sdk";
import type { Machine } from "../../hosts/machine";

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
