import type { Node, SystemInfo } from "@docker/node-sdk";
import { messageOf } from "../hosts/errors";
import { readFacts, type Facts } from "../hosts/facts";
import { Machine } from "../hosts/machine";
import { checkKeys } from "./host-keys";
import type { Target } from "../hosts/target";
import { said } from "../stack-files/said";
import type { Login } from "./options";

/** A machine that was looked at. */
export interface Looked {
  readonly machine: Machine;
  readonly hostKey: string;
  readonly address: string;
  readonly info: SystemInfo;
  readonly facts: Facts;
}

/** The machine of each node: what it says of itself, or why it was not asked. */
export type Machines = ReadonlyMap<string, Looked | { readonly reason: string }>;

type Met = [string, Looked | { readonly reason: string }];

/** Somebody to speak to. */
export type Say = (line: string) => void;

/** A manager, once its key is checked. @throws Error when it is none, or its key is nobody's */
export async function meetManager(address: string, login: Login, say: Say): Promise<Looked> {
  const checked = (await checkKeys([{ name: address, address }], login, say)).get(address);
  if (checked === undefined || "reason" in checked) throw new Error(checked?.reason ?? address);
  const looked = await look(address, address, checked.hostKey, login);
  const { ControlAvailable: isManager, LocalNodeState: state = "inactive" } =
    looked.info.Swarm ?? {};
  if (isManager === true) return looked;
  await looked.machine.end();
  throw new Error(
    `--manager: ${address} is no manager (its part in a swarm is ${state}); expected one. On any manager \`docker node ls\` says which machines are.`,
  );
}

/**
 * The machines of all nodes, over the addresses that the swarm knows them by and with the same login. One that cannot
 * be asked is none that stops the others.
 *
 * @param names - of the nodes by id
 */
export async function meetOthers(
  nodes: readonly Node[],
  names: ReadonlyMap<string, string>,
  met: Looked,
  login: Login,
  say: Say,
): Promise<Machines> {
  const own = met.info.Swarm?.NodeID ?? "";
  const others = nodes.flatMap((node) => {
    const id = node.ID ?? "";
    const name = names.get(id);
    return id === own || name === undefined ? [] : [{ id, name, address: addressOf(node) }];
  });
  const reachable = others.filter(({ address }) => address !== "");
  const keys = await checkKeys(reachable, login, say);
  const looked = await Promise.all(
    others.map(async ({ id, name, address }): Promise<Met> => {
      const checked = keys.get(name) ?? { reason: "the swarm knows no address of it" };
      if ("reason" in checked) return [id, checked];
      try {
        return [id, await meetNode(id, name, address, checked.hostKey, login)];
      } catch (error) {
        return [id, { reason: messageOf(error) }];
      }
    }),
  );
  return new Map<string, Met[1]>([[own, met], ...looked]);
}

/** The address that other nodes know a node by. */
export function addressOf({ ManagerStatus: manager, Status: status }: Node): string {
  const address = (manager?.Addr ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  const known = address === "" ? (status?.Addr ?? "") : address;
  return known === "0.0.0.0" || known === "127.0.0.1" ? "" : known;
}

async function meetNode(
  id: string,
  name: string,
  address: string,
  hostKey: string,
  login: Login,
): Promise<Looked> {
  const looked = await look(name, address, hostKey, login);
  const found = looked.info.Swarm?.NodeID ?? "";
  if (found === id) return looked;
  await looked.machine.end();
  throw new Error(`${name}: the machine at ${address} is node ${found}; expected ${id}`);
}

/** Without what is about the machines' own keys. */
function waysIn({ user, port, agent, privateKey }: Login): Partial<Target> {
  return said({ user, port, agent, privateKey });
}

async function look(name: string, address: string, hostKey: string, login: Login): Promise<Looked> {
  const machine = new Machine(name, { name, address, hostKey, ...waysIn(login) });
  try {
    const [info, facts] = [await machine.engine().info(), await readFacts(machine)];
    return { machine, hostKey, address, info, facts };
  } catch (error) {
    await machine.end();
    throw error;
  }
}
