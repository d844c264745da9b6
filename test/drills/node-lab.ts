import type { Clone } from "../e2e/clone";

/** A minute, for the limits of tests: guards against hanging on a busy machine, no measure of speed. */
export const minute = 60_000;

/** A node as the managers list it. */
export interface Listed {
  readonly role: string;
  readonly availability: string;
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly leader: boolean;
}

/** The configuration of a lab of small machines, one line per host. */
export function configuration(hosts: readonly string[], image = "debian"): string {
  const lines = hosts.map((host) => `    ${host}\n`).join("");
  return `config:\n  swarm:lab: { memory: 640MiB, image: ${image} }\n  swarm:hosts:\n${lines}`;
}

/** What a preview would do to the swarm and its nodes; what it does to the machines is another story. */
export async function planned(clone: Clone): Promise<string[]> {
  return (await clone.planned()).filter((step) => / cluster-(swarm|quorum|node-)/.test(step));
}

/** Whether nothing at all is left to be done, machines included. */
export async function isSettled(clone: Clone): Promise<boolean> {
  const { code, stdout, stderr } = await clone.npm("preview", ["--expect-no-changes"]);
  if (code !== 0) console.log(stdout, stderr);
  return code === 0;
}

/** Every node by hostname, as Docker on a manager says. */
export async function nodesSeenBy(clone: Clone, manager: string): Promise<Record<string, Listed>> {
  const line = "docker node inspect $(docker node ls --quiet)";
  const nodes = JSON.parse(await clone.on(manager, line)) as DockerNode[];
  return Object.fromEntries(
    nodes
      .map((node): [string, Listed] => [
        node.Description.Hostname,
        {
          role: node.Spec.Role,
          availability: node.Spec.Availability,
          state: node.Status.State,
          labels: node.Spec.Labels,
          leader: node.ManagerStatus?.Leader === true,
        },
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

interface DockerNode {
  readonly Description: { readonly Hostname: string };
  readonly Spec: {
    readonly Role: string;
    readonly Availability: string;
    readonly Labels: Record<string, string>;
  };
  readonly Status: { readonly State: string };
  readonly ManagerStatus?: { readonly Leader?: boolean };
}

/** What a machine says of its own part in the swarm. */
export async function localState(clone: Clone, host: string): Promise<string> {
  return clone.on(host, "docker", "info", "--format", "{{.Swarm.LocalNodeState}}");
}
