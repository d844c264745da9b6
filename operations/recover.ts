import type { SystemInfo } from "@docker/node-sdk";
import { messageOf } from "../hosts/errors";
import { NoManagerError } from "../cluster/managers";
import { until } from "../cluster/wait";
import { neededOf } from "../cluster/quorum";
import { nameOf } from "../cluster/members";
import { agree } from "./consent";
import { forceNewCluster, waitForOthers } from "./force";
import { unlockedKeyFile } from "./key-file";
import { checkManager, contextOf, managersOf, type Operation } from "./operation";
import putKey from "./scripts/put-key.sh";

/** A manager without a leader answers after Docker's own 20 s. */
const ASK_SECONDS = 30;

/** Managers that do not hear from the others for an election's time, 10 s in Docker, stop leading. */
const LONELY_SECONDS = 40;

/** A configured manager and what it says of itself; undefined when it does not answer. */
interface Survivor {
  readonly host: string;
  readonly info: SystemInfo | undefined;
  readonly reason: string;
}

/**
 * After the loss of the quorum: goes on with one manager that is left. Never done by anything but this command.
 *
 * @param key - the unlock key that the stack knows; empty without autolock
 * @throws Error when the swarm has a leader, or it is not clear whom to go on with
 */
export async function recover(operation: Operation, key: string): Promise<void> {
  const { say } = operation;
  const all = await Promise.all(
    managersOf(operation).map(async (host) => askManager(operation, host)),
  );
  await refuseLeader(operation, all.filter(({ info }) => info !== undefined).length);
  const host = chooseSurvivor(operation, all);
  const others = all.filter((one) => one.host !== host);
  await agree(operation, "recover", [
    `${host} goes on as the only manager, with what it knows.`,
    ...others.map((one) => `${one.host} is forgotten: ${one.reason}.`),
    "What only the others knew is lost. If one of them can be brought back, do that instead: the swarm then goes on by itself.",
    "They must not come back as they are: two of them would go on as a second swarm. `npm run up` makes them join anew.",
  ]);
  const isLocked = await takeLockOff(operation, host, key);
  const swarm = await forceNewCluster(operation, host, isLocked);
  await waitForOthers(operation, host);
  say(
    `${host}: swarm ${swarm.ID ?? ""} goes on with one manager. \`npm run up\` brings the others back.`,
  );
}

/**
 * A leader that has lost the others goes on answering for some seconds, until it notices.
 *
 * @throws Error when the swarm has a leader
 */
async function refuseLeader(operation: Operation, answering: number): Promise<void> {
  const { environment } = operation;
  await until(contextOf(operation), {
    host: "the swarm",
    what: "waiting for the leader to notice that it is alone",
    seconds: LONELY_SECONDS,
    look: async () => {
      environment.managers.forget();
      const nodes = await environment.managers.nodes().catch((error: unknown) => {
        if (error instanceof NoManagerError) return [];
        throw error;
      });
      const leader = nodes.find(({ ManagerStatus: status }) => status?.Leader === true);
      if (leader === undefined) return undefined;
      const managers = nodes.filter((node) => node.ManagerStatus);
      const name = nameOf(leader);
      if (answering < neededOf(managers.length)) return `${name} leads still`;
      throw new Error(
        `the swarm has a leader (${name}): nothing is to be recovered. See npm run status.`,
      );
    },
  });
}

async function askManager({ environment }: Operation, host: string): Promise<Survivor> {
  try {
    const options = { deadlineSeconds: ASK_SECONDS };
    const engine = environment.machines.get(host).engine();
    const info = await engine.info(options);
    const manages =
      info.Swarm?.ControlAvailable === true || info.Swarm?.LocalNodeState === "locked";
    if (manages) return { host, info, reason: "it answers, too, and will join anew" };
    return { host, info: undefined, reason: `it manages no swarm` };
  } catch (error) {
    return { host, info: undefined, reason: messageOf(error) };
  }
}

/** With autolock the engine could not start its manager alone; see key-file.ts. Answers whether there was a lock. */
async function takeLockOff(
  { environment, say }: Operation,
  host: string,
  key: string,
): Promise<boolean> {
  const machine = environment.machines.get(host);
  const { DockerRootDir: folder = "/var/lib/docker" } = await machine.engine().info();
  const file = await machine.readFile(`${folder}/swarm/certificates/swarm-node.key`);
  if (file === undefined) throw new Error(`${host}: got no key of a manager in ${folder}/swarm.`);
  const stdin = unlockedKeyFile(file, key);
  if (stdin === file) return false;
  say(`${host}: its engine starts again, without the lock for a moment.`);
  const options = { title: "taking the lock off", deadlineSeconds: 180, stdin };
  await machine.script(putKey, [folder], options);
  return true;
}

/** One that was lost may know more than one that is left; between several that are left only the user can decide. */
function chooseSurvivor(operation: Operation, all: readonly Survivor[]): string {
  const left = all.filter(({ info }) => info !== undefined).map(({ host }) => host);
  const { host } = operation;
  if (host !== undefined) {
    checkManager(operation, host);
    if (left.includes(host)) return host;
    throw new Error(`--host: ${host} cannot be used: ${reasonOf(all, host)}`);
  }
  const [only] = left;
  if (only === undefined) {
    const reasons = all.map((one) => `  ${one.host}: ${one.reason}`).join("\n");
    throw new Error(`no manager is left to go on with; restore a backup instead.\n${reasons}`);
  }
  if (left.length === 1) return only;
  throw new Error(
    `--host: got nothing; expected one of ${left.join(", ")}, which all answer. Take the one that was the last to lead ` +
      `(journalctl -u docker).`,
  );
}

function reasonOf(all: readonly Survivor[], host: string): string {
  return all.find((one) => one.host === host)?.reason ?? "it is not known";
}
