import { isStack } from "../components/application";
import type { ComponentCheck } from "../components/catalogue-args";
import type { ClusterHostArgs } from "../components/cluster-args";
import { stackSchema } from "../components/stack-settings";
import { entriesOf, hostsOf, isMap, type Loose } from "./loose";
import { alternatives } from "../words/alternatives";
import { pathOf } from "../words/path";
import { suggest } from "../words/suggest";
import { mismatch, problemsOf, type Problem } from "./problem";

const applicationName = {
  pattern: /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/,
  expected: "a name of lower-case letters, digits and hyphens",
};

/** What `docker stack deploy` takes and services can be named after: such a stack is to be taken over. */
const stackName = {
  pattern: /^[a-zA-Z0-9][\w-]{0,53}$/,
  expected: "a name of letters, digits, - and _, beginning with a letter or digit",
};

/** What is wrong with the names of the applications. */
export function stackNameProblems(raw: Loose): Problem[] {
  return entriesOf(raw.stacks).flatMap(([name, stack]) => {
    const { pattern, expected } = isMap(stack) && isStack(stack) ? stackName : applicationName;
    return pattern.test(name) ? [] : [mismatch(["stacks", name], name, expected)];
  });
}

/** What is wrong with the applications: what one may say depends on what it is. */
export function stackProblems(
  raw: Loose,
  components: Readonly<Record<string, ComponentCheck>>,
): Problem[] {
  return entriesOf(raw.stacks).flatMap(([name, stack]) => {
    if (!isMap(stack)) return [];
    if (isStack(stack)) return fileProblems(name, stack);
    const { component, program, ...args } = stack;
    if (program !== undefined) return programProblems(name, stack);
    if (component === undefined)
      return [mismatch(["stacks", name, "component"], undefined, stackKinds)];
    if (typeof component !== "string") return [];
    const check = components[component];
    if (check === undefined) return [unknownComponent(name, component, components)];
    const lacks = check.lacks(labelledHosts(raw));
    return [
      ...problemsOf(check.schema, args, ["stacks", name]),
      ...(lacks === undefined ? [] : [{ path: pathOf(["stacks", name]), reason: lacks }]),
    ];
  });
}

const stackKinds =
  "the name of a component, program with the path of one of this project, or file with that of a stack file";

/** A stack of files: what is wrong with the files themselves is said by whoever reads them. */
function fileProblems(name: string, stack: Loose): Problem[] {
  const { component, program, ...args } = stack;
  const kind = "file" in stack ? "file" : "files";
  const beside = [
    ...Object.entries({ component, program }).filter(([, value]) => value !== undefined),
    ...("file" in stack && "files" in stack ? [["files"] as const] : []),
  ];
  return [
    ...problemsOf(stackSchema, args, ["stacks", name]),
    ...(args.namespace === false && args.prune === true ? [prunesNothing(name)] : []),
    ...beside.map(([key]) => ({
      path: pathOf(["stacks", name, key]),
      reason: `stands beside ${kind}; expected one of component, program, file and files. Remove the others.`,
    })),
  ];
}

function prunesNothing(name: string): Problem {
  const reason =
    "stands beside namespace: false; expected one of the two. What is removed is found by the label of the stack, which nothing has then.";
  return { path: pathOf(["stacks", name, "prune"]), reason };
}

/** A program is TypeScript of this project: what it needs to know stands in it, not beside its path. */
function programProblems(name: string, { program, ...others }: Loose): Problem[] {
  const problems = Object.keys(others).map((key) => ({
    path: pathOf(["stacks", name, key]),
    reason:
      "stands beside program, which takes no arguments. Remove it, and write it into the program.",
  }));
  if (typeof program === "string" && !isPathWithin(program))
    problems.push(
      mismatch(
        ["stacks", name, "program"],
        program,
        'a path in this project, such as "examples/redis"',
      ),
    );
  return problems;
}

function isPathWithin(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !path.split("/").includes("..");
}

function unknownComponent(name: string, got: string, components: object): Problem {
  const known = Object.keys(components).sort();
  const close = suggest(got, known);
  const hint = close === undefined ? "" : ` (did you mean "${close}"?)`;
  return mismatch(["stacks", name, "component"], got, alternatives(known) + hint);
}

function labelledHosts(raw: Loose): Record<string, Pick<ClusterHostArgs, "labels">> {
  return Object.fromEntries(
    hostsOf(raw).map(([name, { labels }]) => [
      name,
      isMap(labels) ? { labels: labels as Record<string, string> } : {},
    ]),
  );
}
