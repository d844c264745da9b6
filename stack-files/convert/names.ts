import type { Path } from "../finding";
import type { Own, StackDeclaration } from "../declaration";
import type { External } from "../model";
import { isExternal } from "./conversion";
import type { Conversion } from "./conversion";

/** Docker's own limit for secrets and configs. */
const longestPayloadName = 64;

/** `-` and eight digits, which are added to the name of each version of a secret or config. */
const suffixLength = 9;

const longestDnsName = 63;

/** What Docker takes as a name of one kind of object. */
interface NameRule {
  readonly pattern: RegExp;
  readonly shape: string;
  readonly longest: number;
  readonly why: string;
}

/** @see https://github.com/moby/swarmkit/blob/master/manager/controlapi/common.go */
const dnsName: NameRule = {
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/,
  shape: "letters, digits, - and _, starting and ending with a letter or digit",
  longest: longestDnsName,
  why: "as in DNS",
};

/** @see https://github.com/moby/swarmkit/blob/master/manager/controlapi/secret.go */
const payloadName: NameRule = {
  pattern: /^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/,
  shape: "letters, digits, -, _ and ., starting and ending with a letter or digit",
  longest: longestPayloadName - suffixLength,
  why: `because Docker allows ${longestPayloadName} and each version adds "-" with eight digits`,
};

const rules = {
  networks: dnsName,
  services: dnsName,
  secrets: payloadName,
  configs: payloadName,
} as const;

/** What an entry is called in Docker. */
type Named = readonly [key: string, name: string, isOwn: boolean];

/** Says what is wrong with the names in Docker of everything that the stack makes. */
export function checkNames(conversion: Conversion, declaration: StackDeclaration): void {
  for (const section of ["networks", "secrets", "configs"] as const) {
    const all: Readonly<Record<string, External | Own<object>>> = declaration[section];
    const entries = Object.entries(all).map(([key, entry]): Named =>
      isExternal(entry) ? [key, entry.external.name, false] : [key, entry.args.name, true],
    );
    for (const [key, name, isOwn] of entries)
      if (isOwn) checkName(conversion, rules[section], [section, key], name);
    checkRepeated(conversion, section, entries);
  }
  for (const [key, { args }] of Object.entries(declaration.services))
    checkName(conversion, rules.services, ["services", key], args.name);
}

function checkName(conversion: Conversion, rule: NameRule, path: Path, name: string): void {
  const { pattern, shape, longest, why } = rule;
  if (name.length > longest) {
    conversion.error(
      path,
      `got "${name}", ${name.length} characters; expected at most ${longest}, ${why}. Choose a shorter name, or a shorter name of the stack.`,
    );
  } else if (!pattern.test(name)) {
    conversion.error(path, `got "${name}"; expected ${shape}, ${why}. Choose another name.`);
  }
}

/** Two entries that the stack makes cannot be one object, nor can it be made and be there already. */
function checkRepeated(conversion: Conversion, section: string, entries: readonly Named[]): void {
  const first = new Map<string, Named>();
  for (const entry of entries) {
    const [key, name, isOwn] = entry;
    const before = first.get(name);
    if (before === undefined) first.set(name, entry);
    else if (isOwn || before[2])
      conversion.error(
        [section, key],
        `got "${name}", which is ${before[0]} already; expected a name of its own in Docker. Choose another name.`,
      );
  }
}
