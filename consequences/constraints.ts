import { isIP } from "node:net";
import type { Node } from "@docker/node-sdk";
import { contains, parseLoosely } from "../units/ranges";

/** A constraint taken apart: `node.labels.tier`, `==`, `db`. */
interface Constraint {
  readonly key: string;
  readonly operator: "==" | "!=";
  readonly wanted: string;
}

/** Undefined for what is no constraint: Docker refuses it when it is declared. */
function parse(text: string): Constraint | undefined {
  const [, key, operator, wanted = ""] = /^\s*(.+?)\s*(==|!=)\s*(.*?)\s*$/.exec(text) ?? [];
  if (key === undefined || (operator !== "==" && operator !== "!=")) return undefined;
  return { key, operator, wanted };
}

/** What a node says to `node.labels.KEY` or `engine.labels.KEY`; undefined for anything else. */
export function labelOf(
  { Spec: spec, Description: description }: Node,
  key: string,
): string | undefined {
  const label = /^node\.labels\.(.+)$/i.exec(key)?.[1];
  if (label !== undefined) return spec?.Labels?.[label] ?? "";
  const engineLabel = /^engine\.labels\.(.+)$/i.exec(key)?.[1];
  if (engineLabel !== undefined) return description?.Engine?.Labels?.[engineLabel] ?? "";
  return undefined;
}

/** What a node says to the left side of a constraint; undefined for a side that Docker does not know. */
function valueOf(node: Node, key: string): string | undefined {
  const { Spec: spec, Description: description } = node;
  const label = labelOf(node, key);
  if (label !== undefined) return label;
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
      return description?.Platform?.Architecture ?? "";
    default:
      return undefined;
  }
}

/** `node.ip` with an address or a range; anything else is met by nobody, `!=` included. */
function meetsAddress(node: Node, { operator, wanted }: Constraint): boolean {
  const range = parseLoosely(
    isIP(wanted) === 0 ? wanted : `${wanted}/${isIP(wanted) === 6 ? 128 : 32}`,
  );
  if (range === undefined) return false;
  return contains(range, node.Status?.Addr ?? "") === (operator === "==");
}

function meetsOne(node: Node, constraint: Constraint): boolean {
  if (constraint.key.toLowerCase() === "node.ip") return meetsAddress(node, constraint);
  const value = valueOf(node, constraint.key);
  if (value === undefined) return false;
  const isSame = value.toLowerCase() === constraint.wanted.toLowerCase();
  return isSame === (constraint.operator === "==");
}

/**
 * Whether a node meets every constraint, as the scheduler compares them: word for word but for upper and lower case,
 * also where Docker has two names for one thing (`node.platform.arch==amd64` is not met by a node of `x86_64`).
 *
 * @see https://docs.docker.com/reference/cli/docker/service/create/#constraint
 * @see https://github.com/moby/swarmkit/blob/master/manager/constraint/constraint.go
 */
export function meets(node: Node, constraints: readonly string[]): boolean {
  return constraints.every((text) => {
    const constraint = parse(text);
    return constraint === undefined || meetsOne(node, constraint);
  });
}

/** How registries call what nodes call otherwise. */
const architectures: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64" };

/**
 * The name that nodes have for the architecture that a constraint asks for by the name that registries have for it;
 * undefined for every other constraint.
 */
export function nameAmongNodes(text: string): string | undefined {
  const { key = "", wanted = "" } = parse(text) ?? {};
  return key.toLowerCase() === "node.platform.arch"
    ? architectures[wanted.toLowerCase()]
    : undefined;
}
