import type { Node } from "@docker/node-sdk";

/** Architectures that Docker's registries and Linux name differently. */
const architectures: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

function architecture(name: string): string {
  return architectures[name.toLowerCase()] ?? name.toLowerCase();
}

/** What a node says to the left side of a constraint; undefined for one that is not judged here. */
function valueOf(node: Node, key: string): string | undefined {
  const { Spec: spec, Description: description } = node;
  const label = /^node\.labels\.(.+)$/i.exec(key)?.[1];
  if (label !== undefined) return spec?.Labels?.[label] ?? "";
  const engineLabel = /^engine\.labels\.(.+)$/i.exec(key)?.[1];
  if (engineLabel !== undefined) return description?.Engine?.Labels?.[engineLabel] ?? "";
  switch (key.toLowerCase()) {
    case "node.id":
      return node.ID ?? "";
    case "node.hostname":
      return description?.Hostname ?? "";
    case "node.role":
      return spec?.Role ?? "";
    case "node.platform.os":
      return description?.Platform?.OS ?? "";
    case "node.platform.arch":
      return architecture(description?.Platform?.Architecture ?? "");
    default:
      return undefined;
  }
}

/**
 * Whether a node meets every constraint, as the scheduler compares them: without regard to case. One that cannot be
 * judged (`node.ip`) counts as met.
 *
 * @see https://docs.docker.com/reference/cli/docker/service/create/#constraint
 */
export function meets(node: Node, constraints: readonly string[]): boolean {
  return constraints.every((constraint) => {
    const [, key = "", operator, wanted = ""] =
      /^\s*(.+?)\s*(==|!=)\s*(.*?)\s*$/.exec(constraint) ?? [];
    const value = valueOf(node, key);
    if (operator === undefined || value === undefined) return true;
    const asked = key.toLowerCase() === "node.platform.arch" ? architecture(wanted) : wanted;
    return (value.toLowerCase() === asked.toLowerCase()) === (operator === "==");
  });
}
