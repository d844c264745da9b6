import { readFile } from "node:fs/promises";
import { listConfigs, listSecrets, listServices } from "../hosts/engine-api";
import { HostUnreachableError } from "../hosts/errors";
import type { Machine } from "../hosts/machine";
import { foreignAddresses } from "../cluster/ground";
import { open } from "./age";
import { unpack, type Manifest } from "./archive";
import { agree } from "./consent";
import { forceNewCluster, waitForOthers } from "./force";
import { unlockedKeyFile } from "./key-file";
import { checkManager, type Operation } from "./operation";
import putState from "./scripts/put-state.sh";
import { sendFile } from "./transfer";

/** The backup in `--file`, decrypted. */
export async function readBackup({
  file,
  passphrase,
}: Operation): Promise<{ readonly manifest: Manifest; readonly tar: Buffer }> {
  if (file === undefined)
    throw new Error("--file: got nothing; expected a file that npm run backup made");
  const sealed = await readFile(file).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`--file: ${file} cannot be read (${code})`, { cause: error });
  });
  return unpack(await open(sealed, passphrase));
}

/**
 * Puts a backup onto a machine that is in no swarm, and makes it the only manager of the swarm that was saved.
 *
 * @throws Error when the machine is in a swarm, before anything is changed
 */
export async function restore(operation: Operation): Promise<void> {
  const { environment, say } = operation;
  const { manifest, tar } = await readBackup(operation);
  const host = operation.host ?? manifest.host;
  checkManager(operation, host);
  const machine = environment.machines.get(host);
  const engine = machine.engine();
  const info = await engine.info().catch((error: unknown) => {
    if (!(error instanceof HostUnreachableError)) throw error;
    throw new Error(`${error.message}\nThe machine needs a running engine to take a backup.`, {
      cause: error,
    });
  });
  const state = info.Swarm?.LocalNodeState ?? "inactive";
  if (state !== "inactive" && state !== "")
    throw new Error(
      `${host}: it is in a swarm (${state}); expected it to be in none. A backup goes onto a fresh machine. If what is ` +
        `there is lost anyhow, run "docker swarm leave --force" there first.`,
    );
  await refuseOtherAddress(operation, host, manifest);
  await agree(operation, "restore", [
    `The swarm ${manifest.clusterId} is made anew on ${host} as it was on ${manifest.takenAt}.`,
    `${host} becomes its only manager. Whatever was changed since then is lost.`,
    "No other manager of that swarm may be running: there would be two swarms of one name.",
  ]);
  const folder = info.DockerRootDir ?? "/var/lib/docker";
  const copy = `${folder}/swarm-state.tar.gz`;
  try {
    await sendFile(machine, copy, tar);
    const stdin = await keyFileIn(machine, copy, manifest);
    const options = { title: "putting the state in place", deadlineSeconds: 180, stdin };
    await machine.script(putState, [folder, copy], options);
  } finally {
    await machine.run(["rm", "-f", "--", copy]);
  }
  const swarm = await forceNewCluster(operation, host, manifest.unlockKey !== "");
  if (swarm.ID !== manifest.clusterId)
    throw new Error(`${host}: it manages swarm ${swarm.ID ?? ""}; expected ${manifest.clusterId}.`);
  await waitForOthers(operation, host);
  const [services, secrets, configs] = await Promise.all([
    listServices(engine),
    listSecrets(engine),
    listConfigs(engine),
  ]);
  say(
    `${host}: swarm ${manifest.clusterId} is back with ${services.length} services, ${secrets.length} secrets, ` +
      `${configs.length} configs.`,
  );
  say("`npm run up` brings the other managers and what is missing back.");
}

/** The key file in a copy without its lock; empty where it has none. Fails when the copy did not arrive whole. */
async function keyFileIn(machine: Machine, copy: string, manifest: Manifest): Promise<string> {
  const check = await machine.run(["sha256sum", "--", copy]);
  if (check.stdout.split(" ")[0] !== manifest.sha256)
    throw new Error(
      `${machine.name}: the backup did not arrive whole. Nothing was changed; try again.`,
    );
  if (manifest.unlockKey === "") return "";
  const words = ["tar", "-xOf", copy, "swarm/certificates/swarm-node.key"];
  return unlockedKeyFile((await machine.run(words)).stdout, manifest.unlockKey);
}

/**
 * Docker's raft goes on listing the manager where it was. From another address a second manager could join, but its
 * answers would go to the old one: from then on the swarm would have no quorum.
 *
 * @throws Error when the machine does not have the saved manager's address
 */
async function refuseOtherAddress(
  { environment }: Operation,
  host: string,
  { address, host: saved }: Manifest,
): Promise<void> {
  const [wrong] = await foreignAddresses(environment, host, { address });
  if (wrong === undefined) return;
  throw new Error(
    `${host}: it does not have the address ${address}, at which ${saved} was saved; Docker's managers find each other ` +
      `there alone, and no second one could ever join. Give a machine that address, and restore onto it.`,
  );
}
