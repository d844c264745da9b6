/**
 * A swarm of as many nodes as this machine carries, each with an engine of its own, in a room of their own: joined by a
 * shell over SSH, one after the other and all at once, and by the program; then one drained, the authority rotated and
 * the status asked. Host resources are left out: they refuse a kernel without IP_VS, which this machine's may be.
 */
import { freemem } from "node:os";
import { Clone } from "../e2e/clone";
import { command, compare } from "./comparison";
import { inRoom } from "./machines/enter";
import type { Room } from "./machines/room";
import { report } from "./results";

/** What an engine takes, with its machine and room for what it does. */
const MIB_PER_NODE = 250;

const clone = new Clone("bench-nodes");
const carried = Math.min(100, Math.floor(freemem() / 2 ** 20 / MIB_PER_NODE));
/** `SWARM_BENCH_NODES=16 npm run bench -- nodes` for fewer. */
const count = Number(process.env.SWARM_BENCH_NODES ?? carried);
const names = Array.from({ length: count }, (_, index) => `n${String(index + 1).padStart(3, "0")}`);
const [first = "", second = "", ...others] = names;

/** A cluster without its hosts. */
const program = `
import { providerArgs } from "./components/provider-args";
import { Node } from "./resources/node";
import { Provider } from "./resources/provider";
import { Swarm } from "./resources/swarm";
import { readSettings } from "./settings";

const settings = readSettings();
const provider = new Provider("machines", providerArgs(settings));
const [[first, { address: advertiseAddr = "" }]] = Object.entries(settings.hosts);
const rotate = { ...settings.settings?.rotate };
const swarm = new Swarm("swarm", { host: first, advertiseAddr, rotate }, { provider });
const join = (host: string, dependsOn: any[]) => {
  const { address = "", availability = "active", role } = settings.hosts[host];
  return new Node(
    host,
    { host, role, labels: {}, availability, advertiseAddr: address },
    { provider, dependsOn },
  );
};
const manager = join(first, [swarm]);
for (const host of Object.keys(settings.hosts)) if (host !== first) join(host, [swarm, manager]);
`;

/** Writes the configuration. @param drained - a worker that takes no task @param word - that rotates the authority */
function declare(room: Room, { drained = "", word = "" } = {}): void {
  const hosts = names.map((name, index) => [
    name,
    {
      role: index === 0 ? "manager" : "worker",
      ...room.place(name),
      ...(name === drained ? { availability: "drain" } : {}),
    },
  ]);
  const config = {
    "swarm:ssh": { privateKey: room.privateKey },
    "swarm:hosts": Object.fromEntries(hosts) as object,
    ...(word === "" ? {} : { "swarm:settings": { rotate: { ca: word } } }),
  };
  clone.write("Pulumi.dev.yaml", JSON.stringify({ config }));
}

const up = (): Promise<string> =>
  clone.npmOk("pulumi", ["up", "--yes", "--skip-preview", "--stack", "dev"], { minutes: 25 });

/** What somebody would type, for one machine: over a connection of its own. */
function ssh(room: Room, name: string): string {
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
  const words = options.map((option) => `-o ${option}`).join(" ");
  return `ssh -i ${room.keyFile} ${words} root@${room.place(name).address}`;
}

/** A swarm by hand. @param isAtOnce - all workers join at once */
async function joinByShell(room: Room, isAtOnce: boolean): Promise<void> {
  const { address } = room.place(first);
  const joins = names
    .slice(1)
    .map((name) => `${ssh(room, name)} "docker swarm join --token $token ${address}:2377"`);
  const lines = [
    `${ssh(room, first)} docker swarm init --advertise-addr ${address}`,
    `token=$(${ssh(room, first)} docker swarm join-token --quiet worker)`,
    ...joins.map((line) => (isAtOnce ? `${line} & pids+=($!)` : line)),
    'for pid in "${pids[@]}"; do wait "$pid"; done',
  ];
  await command(["bash", "-euc", ["pids=()", ...lines].join("\n")]);
  await expectReady(room);
}

/** @throws Error unless all nodes are ready, as the first says */
async function expectReady(room: Room): Promise<void> {
  const list = ["docker", "node", "ls", "--format", "{{.Status}}"];
  const ready = (await room.on(first, ...list)).split("\n").filter((line) => line === "Ready");
  if (ready.length !== count) throw new Error(`got ${ready.length} nodes; expected ${count}`);
}

async function leave(room: Room): Promise<void> {
  await Promise.all(
    [...others, second, first].map(async (name) =>
      room.on(name, "docker", "swarm", "leave", "--force"),
    ),
  );
}

/** Each once, for a join is minutes; the program's swarm stays. */
async function joining(room: Room): Promise<void> {
  const contenders = [
    {
      name: "ssh, one after the other",
      run: () => joinByShell(room, false),
      after: () => leave(room),
    },
    { name: "ssh, all at once", run: () => joinByShell(room, true), after: () => leave(room) },
    {
      name: "npm run pulumi -- up",
      run: async () => {
        await up();
        await expectReady(room);
      },
    },
  ];
  await compare(`${count} nodes made a swarm`, 1, contenders, { warm: false });
}

async function changing(room: Room): Promise<void> {
  const byHand = (line: string): Promise<string> =>
    command(["bash", "-euc", `${ssh(room, first)} ${line}`]);
  const drain = [
    {
      name: "ssh docker node update",
      run: () => byHand(`docker node update --availability drain ${second}`),
      after: () => byHand(`docker node update --availability active ${second}`),
    },
    {
      name: "npm run pulumi -- up",
      run: async () => {
        declare(room, { drained: second });
        await up();
      },
      after: async () => {
        declare(room);
        await up();
      },
    },
  ];
  await compare(`one of ${count} nodes drained`, 1, drain, { warm: false });
  const rotate = [
    { name: "ssh docker swarm ca --rotate", run: () => byHand("docker swarm ca --rotate --quiet") },
    {
      name: "npm run pulumi -- up",
      run: async () => {
        declare(room, { word: "anew" });
        await up();
      },
    },
  ];
  await compare(`authority of ${count} nodes rotated`, 1, rotate, { warm: false });
  await compare(`status of ${count} nodes`, 2, [
    { name: "ssh docker node ls", run: () => byHand("docker node ls") },
    { name: "npm run status", run: () => clone.npmOk("status") },
    { name: "unchanged npm run preview", run: () => clone.cost() },
  ]);
  const { connections, engineCalls, sessions } = await clone.cost();
  report(
    `an unchanged preview: ${connections} connections, ${sessions} commands, ${engineCalls} engine calls`,
  );
}

async function main(room: Room): Promise<void> {
  await clone.make();
  clone.write("index.ts", program);
  try {
    await room.installEngine();
    await room.boot(names, { hasEngine: true });
    declare(room);
    await clone.npmOk("preview");
    await joining(room);
    await changing(room);
  } finally {
    clone.remove();
  }
}

inRoom(main).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
