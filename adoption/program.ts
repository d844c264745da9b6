import type { LiveNetwork, LiveService } from "../stack-files/export/live";

const longestLine = 100;

/** What stack files cannot say, as a program that `program:` of `swarm:stacks` deploys. */
export function renderProgram(
  services: readonly LiveService[],
  networks: readonly LiveNetwork[],
): string {
  const made = networks.map(({ name, ...args }) => resource("Network", name, { name, ...args }));
  const after = services.map(({ name, ...args }) =>
    resource("Service", name, { name, ...argumentsOf(args) }),
  );
  const nouns = [...(networks.length === 0 ? [] : ["Network"]), "Service"];
  return `import { ${[...nouns, "onCluster"].join(", ")}, type Cluster } from "../../../public";

/** Services of which a stack file cannot say everything. */
export function deploy(cluster: Cluster): undefined {
  const at = onCluster(cluster);
${[...made, ...after].join("\n")}
}
`;
}

/** What Docker fills in by itself is nobody's declaration. */
function argumentsOf(args: Omit<LiveService, "name">): object {
  const placement = without(args.placement ?? {}, "platforms");
  const others = without(args, "forceUpdate", "placement");
  return Object.keys(placement).length === 0 ? others : { ...others, placement };
}

function without(args: object, ...keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(args).filter(([key]) => !keys.includes(key)));
}

function resource(noun: string, name: string, args: object): string {
  const arg = render(args, "    ");
  return `  new ${noun}(\n    ${JSON.stringify(name)},\n    ${arg},\n    at,\n  );`;
}

/** A value as TypeScript, laid out like the rest of the project. */
function render(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const entries = Array.isArray(value)
    ? value.map((one: unknown) => render(one, inner))
    : Object.entries(value).map(([key, one]) => `${keyOf(key)}: ${render(one, inner)}`);
  if (entries.length === 0) return `${open}${close}`;
  const line = Array.isArray(value) ? `[${entries.join(", ")}]` : "";
  const isShort =
    line !== "" && !line.includes("\n") && indent.length + line.length < longestLine - 20;
  if (isShort) return line;
  return `${open}\n${entries.map((one) => `${inner}${one},\n`).join("")}${indent}${close}`;
}

function keyOf(key: string): string {
  return /^[a-zA-Z_$][\w$]*$/.test(key) && key !== "__proto__" ? key : JSON.stringify(key);
}
