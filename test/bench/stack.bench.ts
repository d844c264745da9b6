/**
 * An unchanged preview of a hundred services of one stack file against the same hundred written in TypeScript, on a lab
 * of its own: what reading the file and its rules cost. All two hundred are in the swarm the whole time, under two
 * names; which of them the program declares is changed between the runs, with the state that belongs to it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "../e2e/clone";
import { compare } from "./comparison";

const ROUNDS = 5;
const clone = new Clone("bench-stack");
const keys = Array.from({ length: 100 }, (_, index) => `s${String(index).padStart(3, "0")}`);

const cluster = `config:
  swarm:lab: { memory: 1GiB, image: debian }
  swarm:hosts: { manager-1: { role: manager } }
`;

const file = `services:
${keys
  .map(
    (key, number) => `  ${key}:
    image: busybox
    command: sleep 100000
    environment:
      NUMBER: "${number}"
      TZ: Europe/Berlin
    labels:
      team: bench
    healthcheck:
      test: [CMD, "true"]
      interval: 30s
    deploy:
      replicas: 0
      labels:
        number: "${number}"
      resources:
        limits: { cpus: "0.5", memory: 64M }
      update_config: { order: start-first, parallelism: 2 }
      restart_policy: { condition: on-failure, max_attempts: 3 }
      placement:
        constraints: [node.role == manager]`,
  )
  .join("\n")}
`;

/** The same in TypeScript, under another name. */
const program = `
import { Cluster } from "./components/cluster";
import { Network } from "./resources/network";
import { Service } from "./resources/service";
import { readSettings } from "./settings";

const cluster = new Cluster("cluster", readSettings());
const at = { provider: cluster.provider, dependsOn: Object.values(cluster.nodes) };
const stack = { "com.docker.stack.namespace": "code" };
const network = new Network("default", { name: "code_default", labels: stack }, at);
${JSON.stringify(keys)}.forEach((key, number) => {
  new Service(
    key,
    {
      name: "code_" + key,
      image: "busybox",
      args: ["sleep", "100000"],
      env: { NUMBER: String(number), TZ: "Europe/Berlin" },
      labels: { ...stack, "com.docker.stack.image": "busybox", number: String(number) },
      containerLabels: { ...stack, team: "bench" },
      healthcheck: { test: ["CMD", "true"], interval: "30s" },
      networks: [{ target: network.name, aliases: [key] }],
      replicas: 0,
      limits: { cpus: 0.5, memory: "64M" },
      updateConfig: { order: "start-first", parallelism: 2 },
      restartPolicy: { condition: "on-failure", maxAttempts: 3 },
      placement: { constraints: ["node.role == manager"] },
    },
    at,
  );
});
`;

/** A way to declare the services: what is written for it, and the state that belongs to it. */
interface Form {
  readonly name: string;
  readonly configuration: string;
  readonly index: string;
  readonly state: string;
}

async function pulumi(...words: readonly string[]): Promise<void> {
  await clone.npmOk("pulumi", [...words, "--stack", "dev"], { minutes: 25 });
}

function put({ configuration, index }: Form): void {
  clone.write("Pulumi.dev.yaml", configuration);
  clone.write("index.ts", index);
}

/** Makes the services of a form beside those that are there already, of which the state knows nothing. */
async function make(form: Form): Promise<void> {
  await pulumi("stack", "import", "--file", "empty.json");
  put(form);
  await pulumi("up", "--yes", "--skip-preview");
  await pulumi("stack", "export", "--file", form.state);
}

async function turnTo(form: Form): Promise<void> {
  put(form);
  await pulumi("stack", "import", "--file", form.state);
}

async function expectUnchanged(): Promise<void> {
  const planned = await clone.planned();
  if (planned.length > 0) throw new Error(`preview: got ${planned.join(", ")}; expected nothing`);
}

async function main(): Promise<void> {
  try {
    await clone.make();
    clone.write("Pulumi.dev.yaml", cluster);
    await clone.npmOk("up", ["--yes"], { minutes: 20 });
    await pulumi("stack", "export", "--file", "empty.json");
    clone.write("stacks/bench.yml", file);
    const inFile: Form = {
      name: "one stack file",
      configuration: `${cluster}  swarm:stacks: { file: { file: stacks/bench.yml } }\n`,
      index: readFileSync(join(clone.directory, "index.ts"), "utf8"),
      state: "file.json",
    };
    const inCode: Form = {
      name: "TypeScript",
      configuration: cluster,
      index: program,
      state: "code.json",
    };
    await make(inFile);
    await make(inCode);
    await compare("unchanged preview, 100 services", ROUNDS, [
      { name: inCode.name, run: expectUnchanged, after: () => turnTo(inFile) },
      { name: inFile.name, run: expectUnchanged, after: () => turnTo(inCode) },
    ]);
  } finally {
    await clone.clear();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
