import { textMap, wordSet } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import { objectList } from "../fields/list";
import type { ReferenceKind } from "../fields/form";
import type { Tree } from "../fields/paths";
import { getAt, setAt } from "../fields/paths";
import { choice, fileMode, integer, text, textLike } from "../fields/scalars";
import { mountList } from "../workload/mount-rows";

const container = "TaskTemplate.ContainerSpec";

/** Where a service's spec lists configs. */
export const configsAt = `${container}.Configs`;

/** Whether a config is put into the container; one of a credential spec is not. */
export function hasFile(reference: Tree): boolean {
  return reference.File !== undefined && reference.File !== null;
}

/** A reference that Docker keeps both as id and as name. */
function namedReference(kind: ReferenceKind, idAt: string, nameAt: string): Place<string> {
  return {
    read: (wire) => getAt(wire, nameAt) as string | undefined,
    write: (wire, value, references) => {
      setAt(wire, nameAt, value);
      setAt(wire, idAt, value === undefined ? undefined : references.id(kind, value));
    },
  };
}

/** A file in the container that holds a secret or a config. */
function fileReferences(kind: "secret" | "config") {
  const name = kind === "secret" ? "Secret" : "Config";
  const folder = kind === "secret" ? "/run/secrets/" : "/";
  return objectList(
    {
      source: field(
        text,
        namedReference(kind, `${name}ID`, `${name}Name`),
        `Name of the ${kind} in Docker.`,
        { required: true },
      ),
      target: field(
        text,
        "File.Name",
        `File in the container; below ${folder} unless absolute. Default: the source.`,
      ),
      uid: field(
        textLike(/^\d+$/, 'a number as text, such as "999"'),
        "File.UID",
        "Owner of the file, a number.",
        { fallback: "0", explicit: "always" },
      ),
      gid: field(
        textLike(/^\d+$/, 'a number as text, such as "999"'),
        "File.GID",
        "Group of the file, a number.",
        { fallback: "0", explicit: "always" },
      ),
      mode: field(fileMode, "File.Mode", "Permission bits, octal.", {
        fallback: "0444",
        explicit: "always",
      }),
    },
    {
      keys: ["target"],
      complete: (element: Tree) => ({ ...element, target: element.target ?? element.source }),
    },
  );
}

/** @see https://docs.docker.com/reference/api/engine/version-history/ */
function sinceOfType(type: string): number | undefined {
  return type === "cluster" ? 23 : undefined;
}

/** For what Docker's API describes and its engines leave out of a service's definition; `guardMounts` refuses it. */
const notForServices = "No engine takes it for services so far.";

const mounts = mountList({
  type: field(
    choice(["volume", "bind", "tmpfs", "npipe", "cluster", "image"]),
    "Type",
    `What is mounted. \`cluster\` needs Docker 23; \`image\`: ${notForServices}`,
    { fallback: "volume", explicit: "always", since: sinceOfType },
  ),
  leftOut: notForServices,
});

const networks = objectList(
  {
    target: field(
      text,
      {
        read: (wire, references) => references.name("network", String(wire.Target)),
        write: (wire, value, references) => {
          wire.Target = value === undefined ? undefined : references.id("network", value);
        },
      },
      "Name of the network; `host` and `bridge` are the node's own.",
      { required: true },
    ),
    aliases: field(
      wordSet(),
      "Aliases",
      "Further names under which the tasks are found on this network.",
    ),
    driverOpts: field(textMap, "DriverOpts", "Options for the network's driver."),
  },
  { keys: ["target"] },
);

const ports = objectList(
  {
    name: field(text, "Name", "Name of the port; says nothing to Docker."),
    target: field(integer(1, 65535), "TargetPort", "Port in the container.", { required: true }),
    published: field(
      integer(0, 65535),
      "PublishedPort",
      "Port on the nodes. Default: one that Docker picks, from 30000 on.",
    ),
    protocol: field(choice(["tcp", "udp", "sctp"]), "Protocol", "Protocol.", {
      fallback: "tcp",
      explicit: "always",
    }),
    mode: field(
      choice(["ingress", "host"]),
      "PublishMode",
      "`ingress`: every node answers and balances; `host`: only nodes with a task.",
      { fallback: "ingress", explicit: "always" },
    ),
  },
  { keys: ["target", "protocol"], nearer: ["published"] },
);

/** Older engines keep a service's networks beside the task template instead of in it. */
const networkPlace: Place<
  typeof networks extends { toUser(...args: never[]): infer List } ? List : never
> = {
  read: (wire, references) => {
    const list = getAt(wire, "TaskTemplate.Networks") ?? getAt(wire, "Networks");
    return list === undefined ? undefined : networks.toUser(list, references);
  },
  write: (wire, value, references) => {
    setAt(wire, "Networks", undefined);
    const list = value === undefined ? undefined : networks.toWire(value, references);
    setAt(wire, "TaskTemplate.Networks", list);
  },
};

const configFiles = fileReferences("config");

/** Beside the files there may be the config of a credential spec, which has a row of its own. */
const configPlace: Place<
  typeof configFiles extends { toUser(...args: never[]): infer List } ? List : never
> = {
  read: (wire, references) => {
    const files = ((getAt(wire, configsAt) ?? []) as Tree[]).filter(hasFile);
    return files.length === 0 ? undefined : configFiles.toUser(files, references);
  },
  write: (wire, value, references) => {
    const others = ((getAt(wire, configsAt) ?? []) as Tree[]).filter((one) => !hasFile(one));
    const files = value === undefined ? [] : (configFiles.toWire(value, references) as Tree[]);
    const all = [...files, ...others];
    setAt(wire, configsAt, all.length === 0 ? undefined : all);
  },
};

/** What the tasks are connected to: storage, secrets, configs, networks, ports. */
export const attachmentRows = {
  mounts: field(
    mounts,
    `${container}.Mounts`,
    "Volumes, folders of the node, and memory file systems in the container.",
  ),
  secrets: field(
    fileReferences("secret"),
    `${container}.Secrets`,
    "Secrets, each as a file in the container.",
  ),
  configs: field(configFiles, configPlace, "Configs, each as a file in the container."),
  networks: field(networks, networkPlace, "Overlay networks of the tasks."),
  ports: field(
    ports,
    "EndpointSpec.Ports",
    "Ports that the service answers on outside its networks.",
  ),
  endpointMode: field(
    choice(["vip", "dnsrr"]),
    "EndpointSpec.Mode",
    "How the service's name is resolved: to one virtual address, or to its tasks' in turn.",
    { fallback: "vip" },
  ),
};
