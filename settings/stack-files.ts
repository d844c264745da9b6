import { isStack } from "../components/application";
import { bindingFindings } from "../components/stack-bindings";
import { stackArgs, stackSchema } from "../components/stack-settings";
import { isError, loadStack } from "../stack-files/load";
import { renderFinding } from "../stack-files/finding";
import { pathOf } from "../words/path";
import type { EncryptedPath } from "./encrypted";
import { entriesOf, isMap } from "./loose";
import type { Settings } from "./schema";

/**
 * What is wrong with the stack files that the configuration names, a line each: errors alone, because whoever makes
 * the stacks says the warnings. Stacks whose part of the configuration is wrong itself are not read: with encrypted
 * variables, for one, a message could quote what was to stay secret.
 *
 * @param stacks `swarm:stacks`, decoded, of any shape
 */
export function stackFileErrors(
  stacks: unknown,
  encrypted: readonly EncryptedPath[] = [],
): string[] {
  return entriesOf(stacks).flatMap(([name, declared]) => {
    if (!isMap(declared) || !isStack(declared) || hasSecretVariables(name, encrypted)) return [];
    const checked = stackSchema.safeParse(declared);
    if (!checked.success) return [];
    const args = stackArgs(checked.data);
    const { declaration, findings } = loadStack({ name, ...args });
    const bound = declaration === undefined ? [] : bindingFindings(declaration, args);
    const inConfiguration = ["stacks", name];
    return [...findings, ...bound].filter(isError).map((finding) =>
      // What no file says is the configuration's.
      finding.at === undefined
        ? `${pathOf([...inConfiguration, ...finding.path])}: ${finding.message}`
        : renderFinding(finding),
    );
  });
}

/**
 * Whether a stack declares a network on which what containers say is encrypted. What a program declares nobody knows
 * before it runs.
 *
 * @param stacks `swarm:stacks`
 */
export function declaresEncryption(stacks: Settings["stacks"] = {}): boolean {
  return Object.entries(stacks).some(([name, declared]) => {
    if (!isStack(declared)) return "encrypted" in declared && declared.encrypted === true;
    const checked = stackSchema.safeParse(declared);
    if (!checked.success) return false;
    const { declaration } = loadStack({ name, ...stackArgs(checked.data) });
    const networks = Object.values(declaration?.networks ?? {});
    return networks.some(
      (network) =>
        "args" in network &&
        (network.args.encrypted === true || "encrypted" in (network.args.driverOpts ?? {})),
    );
  });
}

function hasSecretVariables(name: string, encrypted: readonly EncryptedPath[]): boolean {
  return encrypted.some(
    ([top, stack, key]) => top === "stacks" && stack === name && key === "variables",
  );
}
