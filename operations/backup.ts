import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { inspectSwarm, listTasks, unlockKey } from "../hosts/engine-api";
import { seal } from "./age";
import { pack } from "./archive";
import { managerToCopy } from "./choice";
import { checkManager, contextOf, managersOf, type Operation } from "./operation";
import { backInTheSwarm } from "./return";
import copyState from "./scripts/copy-state.sh";
import { fetchFile } from "./transfer";

/** Docker's containers stop within their grace period; then the copy takes as long as the disk does. */
const STOPPED_SECONDS = 180;

/**
 * Copies the state of one manager into an encrypted file. Its engine is stopped for as long as that takes.
 *
 * @see https://docs.docker.com/engine/swarm/admin_guide/#back-up-the-swarm
 */
export async function backUp(operation: Operation): Promise<void> {
  const { environment, say, stack } = operation;
  const { managers, machines } = environment;
  const context = contextOf(operation);
  const nodes = await managers.nodes();
  const tasks = await managers.use(async (engine) => listTasks(engine));
  if (operation.host !== undefined) checkManager(operation, operation.host);
  const among = operation.host === undefined ? managersOf(operation) : [operation.host];
  const { host, warning } = managerToCopy(nodes, tasks, among);
  say(`${host}: its engine stops for some seconds${warning === undefined ? "" : `; ${warning}`}.`);

  const [swarm, key] = await managers.use(async (engine) =>
    Promise.all([inspectSwarm(engine), unlockKey(engine)]),
  );
  const machine = machines.get(host);
  const info = await machine.engine().info();
  const folder = info.DockerRootDir ?? "/var/lib/docker";
  const copy = `${folder}/swarm-state-${randomUUID()}.tar.gz`;
  try {
    const options = { title: "copying the state", deadlineSeconds: STOPPED_SECONDS };
    const { stdout } = await machine.script(copyState, [folder, copy], options);
    const [milliseconds = "", size = "", sha256 = ""] = stdout.trim().split("\n");
    say(`${host}: the engine was stopped for ${(Number(milliseconds) / 1000).toFixed(1)} s.`);
    await backInTheSwarm(operation, host, key);
    const tar = await fetchFile(machine, copy, { size: Number(size), sha256 });
    const manifest = {
      format: 1 as const,
      clusterId: swarm.ID ?? "",
      nodeId: info.Swarm?.NodeID ?? "",
      host,
      address: info.Swarm?.NodeAddr ?? "",
      engineVersion: info.ServerVersion ?? "",
      takenAt: new Date().toISOString(),
      unlockKey: key,
      sha256,
    };
    const file = resolve(operation.file ?? nameFor(stack, manifest.takenAt));
    context.progress("encrypting");
    await save(file, await seal(pack(manifest, tar), operation.passphrase));
    say(`${file}: swarm ${manifest.clusterId}, ${tar.length} bytes of ${host}'s state, encrypted.`);
    say("Whoever restores it needs the stack's passphrase: keep that elsewhere, too.");
  } finally {
    await machine.run(["rm", "-f", "--", copy]);
  }
}

/** `backups/prod-2026-11-21T02-00-00.age` */
function nameFor(stack: string, takenAt: string): string {
  const time = takenAt.slice(0, 19).replaceAll(":", "-");
  return `backups/${stack.replaceAll("/", "-")}-${time}.age`;
}

/** Complete, or not there under its name; readable by its owner alone. */
async function save(file: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, bytes, { mode: 0o600 });
  await rename(`${file}.tmp`, file);
}
