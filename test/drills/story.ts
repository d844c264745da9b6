import { Clone } from "../e2e/clone";

/** Milliseconds. */
export const minute = 60_000;

/** What a story's lab is like. */
export interface Stage {
  /** Lines of `swarm:hosts`. */
  readonly hosts: readonly string[];
  /** Further lines of the configuration. @default - none */
  readonly settings?: readonly string[];
  /** `swarm:lab`. @default "{ memory: 512MiB, image: debian }" */
  readonly lab?: string;
}

/**
 * A clone with a small lab that deploys one program, `story/index.ts`. It is laid before the tests of the file, and
 * cleared after them.
 */
export function cloneOf(story: string, stage: Stage): Clone {
  const clone = new Clone(story);
  beforeAll(async () => {
    await clone.make();
    setStage(clone, stage);
  }, 15 * minute);
  afterAll(() => clone.clear(), 15 * minute);
  return clone;
}

/** Carries out what is declared. */
export async function up(clone: Clone): Promise<string> {
  return clone.npmOk("up", ["--yes"]);
}

/** What an `up` that has to fail says. */
export async function refused(clone: Clone): Promise<string> {
  const { code, stdout, stderr } = await clone.npm("up", ["--yes"]);
  expect(code).not.toBe(0);
  return `${stdout}${stderr}`;
}

function setStage(
  clone: Clone,
  { hosts, settings = [], lab = "{ memory: 512MiB, image: debian }" }: Stage,
): void {
  const lines = [
    "config:",
    `  swarm:lab: ${lab}`,
    "  swarm:hosts:",
    ...hosts.map((host) => `    ${host}`),
    "  swarm:stacks: { story: { program: story } }",
    ...settings.map((line) => `  ${line}`),
  ];
  clone.write("Pulumi.dev.yaml", `${lines.join("\n")}\n`);
}

/** Writes the program: statements that have `cluster`, `onCluster` and every resource of the swarm in scope. */
export function setProgram(clone: Clone, statements: string): void {
  const text = `import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../components/cluster";
import { onCluster } from "../components/on-cluster";
import { Config } from "../resources/config";
import { Container } from "../resources/container";
import { Network } from "../resources/network";
import { Secret } from "../resources/secret";
import { Service } from "../resources/service";
import { Volume } from "../resources/volume";

export function deploy(cluster: Cluster): undefined {
${statements}
}
`;
  clone.write("story/index.ts", text);
}

/** Waits on a host until a test of its shell holds. */
export async function untilOn(clone: Clone, host: string, test: string): Promise<void> {
  const loop = `for i in $(seq 240); do if ${test}; then exit 0; fi; sleep 1; done; exit 1`;
  const { code, stdout, stderr } = await clone.npm("lab", ["ssh", host, loop]);
  if (code !== 0) throw new Error(`not within four minutes: ${test}\n${stdout}\n${stderr}`);
}

/** What a command says inside the one running container of a service. */
export async function inside(clone: Clone, service: string, command: string): Promise<string> {
  const node = await clone.on(
    "manager-1",
    `docker service ps ${service} --filter desired-state=running --format '{{.Node}}' | head -1`,
  );
  const container = `$(docker ps -q --filter name=${service}. | head -1)`;
  return clone.on(node, `docker exec ${container} ${command}`);
}
