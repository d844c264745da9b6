import { withSomeKeys } from "../inspection/keys";
import { render } from "../settings/problem";
import { parseSettings } from "../settings/parse";
import type { Settings } from "../settings/schema";
import { clusterPart, namesOf, renderConfiguration, type Configuration } from "./configuration";
import { refuseOverwriting, writeFiles, type Files } from "./files";
import { firewallAsFound, firstRun } from "./first-run";
import { meetManager, meetOthers, type Looked, type Machines, type Say } from "./machines";
import type { Options } from "./options";
import { readSwarm, type Seen } from "./seen";
import { sortOut, type Sorted } from "./sort";
import { stacksOf } from "./stacks";

/**
 * Writes down a running swarm as an environment: its machines, its settings, and what runs on it. Nothing on it is
 * changed, and nothing is written unless everything can be.
 *
 * @returns the exit code
 * @throws Error with the way out
 */
export async function adopt(options: Options, say: Say): Promise<number> {
  const { stack, manager = "", login } = options;
  const file = `Pulumi.${stack}.yaml`;
  refuseOverwriting([file]);
  const met = await meetManager(manager, login, say);
  const opened: Looked[] = [met];
  try {
    const seen = await readSwarm(met.machine.engine());
    say(countLine(seen));
    const nodes = seen.nodes.filter((node) => !isStale(node, seen.nodes));
    const names = namesOf(nodes);
    const machines = await meetOthers(nodes, names, met, login, say);
    opened.push(...lookedIn(machines).map(([, looked]) => looked));
    const sorted = sortOut(seen);
    const stacks = stacksOf(sorted, stack);
    const found = { ...clusterPart({ ...seen, nodes }, names, machines, login), ...stacks.part };
    const configuration = withFirewalls(found, names, machines);
    const text = renderConfiguration(configuration, stack, login.privateKey !== undefined);
    const settings = settingsIn(configuration);
    const todo = await Promise.all(
      lookedIn(machines).map(([id, looked]) => firstRun(settings, names.get(id) ?? "", looked)),
    );
    const files: Files = { [file]: text, ...stacks.files };
    writeFiles(files);
    for (const path of Object.keys(files).sort()) say(`written: ${path}`);
    const notes = [
      ...staleNotes(seen),
      ...unmetNotes(names, machines),
      ...sorted.notes,
      ...leftNotes(seen, sorted),
    ];
    for (const line of [...notes, ...todo.flat()].sort()) say(line);
    for (const line of nextLines(stack, login.privateKey !== undefined)) say(line);
    return 0;
  } finally {
    await Promise.all(opened.map(async ({ machine }) => machine.end()));
  }
}

function countLine({ nodes, services, networks, secrets, configs }: Seen): string {
  const inSwarm = networks.filter(({ Scope }) => Scope === "swarm").length;
  const counts = [
    [nodes.length, "node"],
    [services.length, "service"],
    [inSwarm, "network"],
    [secrets.length, "secret"],
    [configs.length, "config"],
  ] as const;
  return `read: ${counts.map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`).join(", ")}`;
}

type SomeNode = Seen["nodes"][number];

/** A machine that has joined anew leaves its former self behind, under the same host name and down. */
function isStale(node: SomeNode, all: readonly SomeNode[]): boolean {
  const hostname = (of: SomeNode): string => of.Description?.Hostname ?? "";
  const isDown = (of: SomeNode): boolean => of.Status?.State === "down";
  return isDown(node) && all.some((other) => !isDown(other) && hostname(other) === hostname(node));
}

function staleNotes({ nodes }: Seen): string[] {
  return nodes
    .filter((node) => isStale(node, nodes))
    .map(({ ID = "", Description: of }) => {
      const hostname = of?.Hostname ?? "";
      return `node ${ID} is down, and another one has its host name ${hostname}: it is not declared; docker node rm ${ID} removes it`;
    });
}

function lookedIn(machines: Machines): [string, Looked][] {
  return [...machines].flatMap(([id, found]): [string, Looked][] =>
    "facts" in found ? [[id, found]] : [],
  );
}

function unmetNotes(names: ReadonlyMap<string, string>, machines: Machines): string[] {
  return [...machines].flatMap(([id, found]) =>
    "reason" in found
      ? [
          `${names.get(id) ?? id}: declared as the swarm knows it, because nobody could look at the machine: ${found.reason}`,
        ]
      : [],
  );
}

/** What stays as it is, and where values go. */
function leftNotes({ secrets }: Seen, { stacks, rest }: Sorted): string[] {
  const files = [...stacks, ...(rest === undefined ? [] : [rest])];
  return [
    ...(secrets.length === 0
      ? []
      : [
          "secrets: their values cannot be read, so files call them external, and they stay as they are; a value is given under secrets of the stack (docs/stacks.md)",
        ]),
    ...(files.length === 0
      ? []
      : [
          "environment variables are in the files as they are in Docker: look for passwords before you commit them",
        ]),
  ];
}

/** @throws Error with everything that is wrong: a swarm can have what no configuration says */
function settingsIn(configuration: Configuration): Settings {
  const parsed = parseSettings(withSomeKeys({ ...configuration }));
  if ("settings" in parsed) return parsed.settings;
  const lines = parsed.problems.map((problem) => `\n  ${render(problem)}`);
  throw new Error(
    `this swarm has what a configuration cannot say; nothing was written:${lines.join("")}`,
  );
}

/** Firewalls as they were found: what is open stays open, and nothing is opened. */
function withFirewalls(
  configuration: Configuration,
  names: ReadonlyMap<string, string>,
  machines: Machines,
): Configuration {
  const settings = settingsIn(configuration);
  const hosts = { ...configuration.hosts };
  for (const [id, { facts }] of lookedIn(machines)) {
    const name = names.get(id) ?? "";
    const firewall = firewallAsFound(settings, name, facts);
    if (firewall !== undefined) hosts[name] = { ...hosts[name], firewall };
  }
  return { ...configuration, hosts };
}

function nextLines(stack: string, hasKey: boolean): string[] {
  return [
    "",
    "Next:",
    ...(hasKey
      ? [
          `  npm run pulumi -- config set --stack ${stack} --secret --path swarm:ssh.privateKey < FILE`,
        ]
      : []),
    `  npm run preview -- --stack ${stack}   # takes over what is there; says what else it would do`,
    `  npm run up -- --stack ${stack}`,
  ];
}
