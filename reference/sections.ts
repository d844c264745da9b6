/** A part of the page about what can go wrong. */
interface Section {
  readonly title: string;
  /** What to know before reading on; a document beside the page that says more. */
  readonly text: string;
  /** Beginnings of the paths whose messages it holds; the longest that fits counts. */
  readonly paths: readonly string[];
}

/** What a person sees first comes first. */
export const sections: readonly Section[] = [
  {
    title: "Starting",
    text: "What `npm run …` needs before anything else: [README](../README.md#what-is-needed).",
    paths: ["tools/"],
  },
  {
    title: "Configuration and programs",
    text: "Said all at once, before anything is touched. `Pulumi.<stack>.yaml` is checked by editors, too: [operations.md](operations.md), [package.md](package.md).",
    paths: [
      "settings/",
      "settings.ts",
      "index.ts",
      "public.ts",
      "components/",
      "plugin/",
      "resources/",
    ],
  },
  {
    title: "Stack files",
    text: "With file, line and column before each; `npm run stack -- check FILE` needs no cluster: [stacks.md](stacks.md).",
    paths: ["stack-files/", "stack/"],
  },
  {
    title: "Reaching machines",
    text: "Host keys, logging in, sudo: [hosts.md](hosts.md#first-contact).",
    paths: ["hosts/", "inspection/key"],
  },
  {
    title: "The Docker Engine",
    text: "What the engine itself answers is quoted; `journalctl -u docker` on the machine has the rest.",
    paths: [
      "hosts/channel-socket.ts",
      "hosts/engine-api/",
      "hosts/engine-errors.ts",
      "hosts/engine-events.ts",
      "hosts/engine-http.ts",
      "hosts/engine-socket.ts",
      "hosts/engine.ts",
      "hosts/frames.ts",
      "hosts/sessions.ts",
    ],
  },
  {
    title: "Machines that are prepared",
    text: "`npm run hosts -- check` looks at all of it beforehand: [hosts.md](hosts.md).",
    paths: [
      "host-settings/",
      "hosts/daemon-json.ts",
      "hosts/engine-versions.ts",
      "hosts/listening.ts",
      "hosts/network-trial.ts",
      "hosts/platforms/",
      "hosts/preflight.ts",
      "hosts/preparation.ts",
      "hosts/removal.ts",
      "hosts/repository-key.ts",
      "hosts/setting-problems.ts",
      "hosts/signing-keys.ts",
      "hosts/steps/",
      "inspection/",
      "provider/host/",
    ],
  },
  {
    title: "The swarm and its managers",
    text: "Quorum, autolock, authorities: [operations.md](operations.md).",
    paths: ["cluster/", "provider/quorum/", "provider/swarm/"],
  },
  {
    title: "Nodes",
    text: "Joining, draining, leaving: [nodes.md](nodes.md).",
    paths: ["provider/node/"],
  },
  {
    title: "Services and rollouts",
    text: "How a rollout ends, and what a preview refuses: [services.md](services.md).",
    paths: ["consequences/", "provider/service/"],
  },
  {
    title: "Networks and volumes",
    text: "[networks.md](networks.md).",
    paths: ["provider/network/", "provider/volume/"],
  },
  {
    title: "Secrets, configs, and what is there already",
    text: "[secrets.md](secrets.md), [takeover.md](takeover.md).",
    paths: [
      "provider/config/",
      "provider/fields/",
      "provider/namespace/",
      "provider/payload/",
      "provider/secret/",
    ],
  },
  {
    title: "Any resource",
    text: "Said by the plugin of whatever it is given, with the property's path before each.",
    paths: ["provider/", "units/", "words/"],
  },
  {
    title: "Status, logs, exec, the map",
    text: "[status.md](status.md), [map.md](map.md).",
    paths: ["map/", "status/", "tasks/"],
  },
  {
    title: "Backup, restore, recover",
    text: "[operations.md](operations.md#backup).",
    paths: ["operations/"],
  },
  {
    title: "A running swarm, written down",
    text: "`npm run adopt`, `npm run stack -- export`: [adopt.md](adopt.md).",
    paths: ["adoption/"],
  },
  {
    title: "The lab",
    text: "[lab.md](lab.md).",
    paths: ["lab-provider/", "lab/"],
  },
  {
    title: "Working on this project",
    text: "[CONTRIBUTING](../CONTRIBUTING.md).",
    paths: [
      "reference/",
      "schema/",
      "tools/bench-task.ts",
      "tools/check-task.ts",
      "tools/pack.mjs",
      "tools/release",
    ],
  },
];

/**
 * The section that a source file's messages belong to.
 *
 * @throws Error for a file that no section has
 */
export function sectionOf(file: string): Section {
  const fitting = sections.flatMap((section) =>
    section.paths.filter((path) => file.startsWith(path)).map((path) => ({ section, path })),
  );
  const [best] = fitting.sort((a, b) => b.path.length - a.path.length);
  if (best === undefined)
    throw new Error(
      `${file}: no section of docs/troubleshooting.md has it; expected its folder in reference/sections.ts`,
    );
  return best.section;
}
