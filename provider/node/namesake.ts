import { until } from "../../cluster/wait";
import type { Engine } from "../../hosts/engine";
import { withoutPort } from "../../hosts/endpoint";
import type { Context } from "../context";
import type { NodeInputs } from "./arguments";
import { viewOf } from "./managed";
import { namesakeOf } from "./membership";

/** Managers call a node down after it has missed three heartbeats; until then it may be this machine's former self. */
const HEARTBEAT_SECONDS = 40;

/** Seconds for managers that others keep busy to say anything at all. */
const ANSWER_SECONDS = 120;

/**
 * Waits until no other node has the machine's hostname: every label and constraint would mean both.
 *
 * @throws Error when a node of that name stays up; DeadlineError when no manager can be asked
 */
export async function refuseNamesake(
  context: Context,
  engine: Engine,
  news: NodeInputs,
): Promise<void> {
  const { host } = engine;
  const { Name: hostname = "" } = await engine.info();
  const address = withoutPort(
    news.advertiseAddr ?? (await context.machines.get(host).target()).address,
  );
  let since: number | undefined;
  await until(context, {
    host,
    what: "looking for another node with the same hostname",
    seconds: ANSWER_SECONDS,
    look: async () => {
      const found = namesakeOf((await viewOf(context)).nodes, hostname, address);
      if (found === undefined) return undefined;
      const { ID: id = "", Status: status } = found;
      const where = `${id} at ${status?.Addr ?? ""}`;
      since ??= Date.now();
      if (Date.now() - since > HEARTBEAT_SECONDS * 1000)
        throw new Error(
          `${host}: got the hostname ${hostname}, which the node ${where} has, too; expected one of its own for ` +
            "every machine. Give one of them another, or take that node out.",
        );
      return `${where} is up`;
    },
  });
}
