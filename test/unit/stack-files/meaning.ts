import { imageForm } from "../../../provider/workload/image";

/** Any JSON object. */
type Tree = Record<string, unknown>;

/** A call as it was recorded, or as it would be sent. */
export interface AnyCall {
  readonly call: string;
  readonly name: string;
  readonly body: Tree;
}

/**
 * What the engine makes of calls: everything that means the same to it is spelled the same. So two lists of calls are
 * equal when they make the same stack.
 */
export function meaningOf(calls: readonly AnyCall[]): AnyCall[] {
  return calls.map(({ call, name, body }) => {
    const meaning = meanings[call]?.(body) ?? body;
    return { call, name, body: pruned(meaning) as Tree };
  });
}

const meanings: Readonly<Record<string, (body: Tree) => Tree>> = {
  "create network": networkMeaning,
  "create service": serviceMeaning,
  // What is in a secret is in no list of calls.
  "create secret": (body) => without(body, ["Data"]),
};

/** Zero and false are nothing, but not in these. */
const telling = new Set([
  "Init",
  "Replicas",
  "StopGracePeriod",
  "Delay",
  "Parallelism",
  "Mode",
  "Soft",
  "Hard",
  "TotalCompletions",
]);

/** Maps of texts: an empty text is a value of its own there. */
const maps = new Set(["Labels", "Options", "Sysctls", "DriverOpts"]);

/** Without everything that says nothing: absent, null, "", {}, [] and 0 are one. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]): [string, unknown] => [key, maps.has(key) ? inner : pruned(inner)])
      .filter(([key, inner]) => !isNothing(key, inner)),
  );
}

function isNothing(key: string, value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (typeof value === "object") return Object.keys(value).length === 0;
  return (value === 0 || value === false) && !telling.has(key);
}

/**
 * The provider says `Scope: swarm`, which is what an overlay network has anyhow, and asks for no second one of the
 * name. The engine's own way to give out addresses is `default`; an overlay network is encrypted by the option alone,
 * whatever its value.
 */
function networkMeaning(sent: Tree): Tree {
  const body = without(sent, ["Scope", "CheckDuplicate"]);
  const { Driver: driver, ...ipam } = treeOf(body.IPAM);
  const options = treeOf(body.Options);
  return {
    ...body,
    IPAM: driver === "default" ? ipam : { ...ipam, Driver: driver },
    Options: "encrypted" in options ? { ...options, encrypted: "" } : options,
  };
}

function serviceMeaning(body: Tree): Tree {
  const task = treeOf(body.TaskTemplate);
  const endpoint = treeOf(body.EndpointSpec);
  return {
    ...body,
    Mode: modeMeaning(treeOf(body.Mode)),
    UpdateConfig: policyMeaning(body.UpdateConfig),
    RollbackConfig: policyMeaning(body.RollbackConfig),
    EndpointSpec: {
      ...endpoint,
      Mode: endpoint.Mode === "vip" ? undefined : endpoint.Mode,
      Ports: sorted(listOf(endpoint.Ports).map(portMeaning)),
    },
    TaskTemplate: {
      ...task,
      ContainerSpec: containerMeaning(treeOf(task.ContainerSpec)),
      RestartPolicy: unusual(treeOf(task.RestartPolicy), { Condition: "any", Delay: 5e9 }),
      Placement: placementMeaning(treeOf(task.Placement)),
      Resources: resourceMeaning(treeOf(task.Resources)),
      Networks: sorted(listOf(task.Networks).map(attachmentMeaning)),
    },
  };
}

/** One task where no number is said; a job does as many at a time as it is to do in all. */
function modeMeaning(mode: Tree): Tree {
  const [kind = ""] = Object.keys(mode);
  const said = treeOf(mode[kind]);
  if (kind === "Replicated") return { kind, Replicas: said.Replicas ?? 1 };
  if (kind !== "ReplicatedJob") return { kind };
  const { MaxConcurrent: atATime = 1 } = said;
  return { kind, MaxConcurrent: atATime, TotalCompletions: said.TotalCompletions ?? atATime };
}

/** What the engine does where a policy says nothing, or where there is none. */
function policyMeaning(policy: unknown): Tree {
  return unusual(treeOf(policy), {
    Parallelism: 1,
    Delay: 0,
    FailureAction: "pause",
    Monitor: 5e9,
    Order: "stop-first",
  });
}

function portMeaning(port: Tree): Tree {
  return unusual(
    { ...port, Protocol: lower(port.Protocol), PublishMode: lower(port.PublishMode) },
    { Protocol: "tcp", PublishMode: "ingress" },
  );
}

/** Names beside the service's own: a set. */
function attachmentMeaning(attachment: Tree): Tree {
  const aliases = [...new Set(wordsOf(attachment.Aliases))];
  return { ...attachment, Aliases: aliases.sort() };
}

/** Below zero processes are no limit, as zero is. */
function resourceMeaning(resources: Tree): Tree {
  return { ...resources, Limits: unusual(treeOf(resources.Limits), { Pids: -1 }) };
}

function placementMeaning(placement: Tree): Tree {
  const constraints = wordsOf(placement.Constraints).map((text) =>
    text.trim().replace(/\s*(==|!=)\s*/, "$1"),
  );
  return { ...placement, Constraints: [...new Set(constraints)].sort() };
}

function containerMeaning(container: Tree): Tree {
  const { Healthcheck: health, Mounts: mounts } = container;
  const isOff = wordsOf(treeOf(health).Test)[0] === "NONE";
  return {
    ...container,
    Image: imageForm.normal?.(String(container.Image)),
    Env: wordsOf(container.Env).sort(),
    CapabilityAdd: wordsOf(container.CapabilityAdd).sort(),
    CapabilityDrop: wordsOf(container.CapabilityDrop).sort(),
    Secrets: sorted(listOf(container.Secrets)),
    Configs: sorted(listOf(container.Configs)),
    Ulimits: sorted(listOf(container.Ulimits)),
    Healthcheck: isOff ? { Test: ["NONE"] } : health,
    Mounts: listOf(mounts).map(mountMeaning),
    StopGracePeriod: container.StopGracePeriod === 10e9 ? undefined : container.StopGracePeriod,
    Isolation: container.Isolation === "default" ? undefined : container.Isolation,
  };
}

/** A swarm's managers do not keep how a mount is kept consistent. */
function mountMeaning(sent: Tree): Tree {
  const mount = without(sent, ["Consistency"]);
  const { VolumeOptions: volume, BindOptions: bind } = mount;
  const { DriverConfig: driver } = treeOf(volume);
  return {
    ...mount,
    BindOptions: unusual(treeOf(bind), { Propagation: "rprivate" }),
    VolumeOptions: {
      ...treeOf(volume),
      DriverConfig: unusual(treeOf(driver), { Name: "local" }),
    },
  };
}

function without(tree: Tree, keys: readonly string[]): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([key]) => !keys.includes(key)));
}

/** What is said beside the engine's own defaults. */
function unusual(tree: Tree, usual: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([key, value]) => usual[key] !== value));
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}

function listOf(value: unknown): Tree[] {
  return Array.isArray(value) ? (value as Tree[]) : [];
}

function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? [...(value as string[])] : [];
}

function lower(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

function sorted(list: readonly Tree[]): unknown[] {
  const text = (tree: Tree): string => JSON.stringify(pruned(tree));
  return [...list].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
