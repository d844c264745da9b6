import { stringify } from "yaml";
import type { Own, StackDeclaration } from "../stack-files/declaration";
import { plain, renderFinding, type Finding } from "../stack-files/finding";
import { isError } from "../stack-files/load";
import type { External } from "../stack-files/model";
import { pathOf } from "../words/path";

/** A finding as scripts read it. */
export interface ListedFinding extends Pick<Finding, "severity" | "message"> {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** `services.web.ports[0]`. */
  readonly path: string;
}

/** A finding for `--json`. */
export function listed({ severity, at, path, message }: Finding): ListedFinding {
  const { file = null, line = null, column = null } = at ?? {};
  return { severity, file, line, column, path: pathOf(path), message };
}

/** JSON whose texts hold nothing that a terminal would act on. */
export function asJson(value: unknown): string {
  return lines(JSON.stringify(value, undefined, 2));
}

/** What there is to say of stack files, a line each, and how much it is. */
export function renderFindings(
  findings: readonly Finding[],
  fromProcess: readonly string[],
): string {
  const errors = findings.filter(isError).length;
  const warnings = findings.length - errors;
  const all = [
    ...findings.map((finding) => `${finding.severity}: ${renderFinding(finding)}`),
    ...fromProcess.map(fromProcessLine),
    `${counted(errors, "error")}, ${counted(warnings, "warning")}`,
  ];
  return lines(all.join("\n"));
}

/** Where the value of a variable is from that nobody has given. */
function fromProcessLine(variable: string): string {
  return `${variable} was taken from the environment of this process`;
}

/** What a stack declares, for people: arguments of resources by kind and key, without what is in secrets. */
export function renderDeclaration(declaration: StackDeclaration): string {
  const { networks, secrets, configs, services } = declaration;
  const kinds = {
    networks: each(networks, argumentsOf),
    secrets: each(secrets, (entry) => withoutValue(argumentsOf(entry))),
    configs: each(configs, argumentsOf),
    services: each(services, ({ args, dependsOn }) =>
      Object.keys(dependsOn).length === 0 ? args : { ...args, dependsOn },
    ),
  };
  const used = Object.entries(kinds).filter(([, entries]) => Object.keys(entries).length > 0);
  return lines(stringify(Object.fromEntries(used), { lineWidth: 0 }).trimEnd());
}

function each<Entry>(
  entries: Readonly<Record<string, Entry>>,
  show: (entry: Entry) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, show(entry)]));
}

function argumentsOf(entry: External | Own<object>): object {
  return "external" in entry ? { external: entry.external.name } : entry.args;
}

function withoutValue({ value, ...others }: { readonly value?: unknown }): object {
  return value === undefined ? others : { ...others, value: "(not shown)" };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Line breaks of our own stay, everything else that a terminal would act on is shown. */
function lines(text: string): string {
  return `${text.split("\n").map(plain).join("\n")}\n`;
}
