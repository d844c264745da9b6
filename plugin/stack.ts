import * as pulumi from "@pulumi/pulumi";
import { externalKinds } from "../components/stack-bindings";
import { stackArgs, stackInputsSchema, type StackSettings } from "../components/stack-settings";
import { Stack } from "../components/stack";
import { withValueAt } from "../provider/adapter/path";
import type { Properties } from "../provider/adapter/wire";
import { exposedProblems, type EncryptedPath } from "../settings/encrypted";
import { problemsOf, render, type Problem } from "../settings/problem";
import { sealedStacks } from "../settings/sealed";
import type { Component } from "./component";
import type { ComponentInputs } from "./inputs";
import { unmade } from "./unmade";

const token = "swarm:index:Stack";
const outputs = ["endpoints", "services", "networks", "secrets", "configs"] as const;

/** The stack of a program in another language. */
export const stackComponent: Component = {
  token,
  make(name, inputs, options, clusters) {
    const { resources, unknowns } = inputs;
    const deciding = unknowns.filter((path) => path[0] !== "cluster" && !isValue(path));
    const cluster = deciding.length === 0 ? clusters.of(resources.cluster) : "not known yet";
    if (cluster === "not known yet") {
      const missing = deciding.length === 0 ? [["cluster"]] : deciding;
      return unmade(token, name, missing, outputs, options);
    }
    const stack = new Stack(name, cluster, stackArgs(argumentsOf(name, inputs)), options);
    const { endpoints } = stack;
    const services = namesOf(stack.services);
    const networks = namesOf(stack.networks);
    const secrets = namesOf(stack.secrets);
    const configs = namesOf(stack.configs);
    return { resource: stack, outputs: { endpoints, services, networks, secrets, configs } };
  },
};

function namesOf(
  resources: Readonly<Record<string, { readonly name: pulumi.Output<string> }>>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(resources).map(([key, { name }]) => [key, name]));
}

/** What is wrong with the files themselves is said by the stack, which reads them. */
function argumentsOf(name: string, { value, secrets, unknowns }: ComponentInputs): StackSettings {
  const given: Record<string, unknown> = { ...value };
  delete given.cluster;
  const encrypted = secrets.map((path) => ["stacks", name, ...path]);
  const problems: Problem[] = [
    ...problemsOf(stackInputsSchema, given),
    ...exposedProblems(encrypted).map(({ path, reason }) => ({
      path: path.replace(/^stacks\.[^.]+\./, ""),
      reason,
    })),
  ];
  if (problems.length > 0) {
    const lines = problems.map((problem) => `\n  ${render(problem)}`);
    throw new Error(`stack ${name} cannot be used; nothing was made.${lines.join("")}`);
  }
  const settings = sealedStacks({ [name]: stackInputsSchema.parse(given) }, encrypted)[name] ?? {};
  return unknowns
    .filter(isValue)
    .reduce<Properties>(
      (all, path) => withValueAt(all, path, pulumi.output(pulumi.unknown)),
      settings,
    );
}

/** Whether it is the value of something that is made: what that is, is known without it. */
function isValue([kind = "", ...rest]: EncryptedPath): boolean {
  if (!(externalKinds as readonly string[]).includes(kind)) return false;
  return rest.length === 1 || (rest.length === 2 && rest[1] === "value");
}
