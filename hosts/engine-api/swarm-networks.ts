import type { Network } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { segment } from "./call";
import type { CallOptions } from "./call";

/** One network of the swarm by name, those that Docker's list hides included. */
export async function inspectSwarmNetwork(
  engine: Engine,
  name: string,
  options: CallOptions = {},
): Promise<Network> {
  const query = { scope: "swarm" };
  return engine.request("GET", `/networks/${segment(name)}`, { ...options, query });
}
