import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "@docker/node-sdk";
import { withoutReferences } from "../../../provider/fields/form";
import { isTree } from "../../../provider/fields/paths";
import type { Tree } from "../../../provider/fields/paths";
import { argumentsOf, withArguments } from "../../../provider/fields/table";
import type { Context } from "../../../provider/context";
import type { ServiceInputs } from "../../../provider/service/arguments";
import { serviceType } from "../../../provider/service/service";
import { serviceTable } from "../../../provider/service/table";
import { changesOf } from "../../../provider/service/takeover";
import { answered } from "./engine-answers";

/*
 * What a real `docker stack deploy` has sent, taken over: nothing differs, and what is written for another reason
 * leaves the tasks' definition as it is, byte for byte, which is what Docker tells by whether a task must be made anew.
 * That engines answer as engine-answers.ts says is the drills' to prove.
 */

const folder = join(__dirname, "../../stack-cases/recorded");

interface Call {
  readonly call: string;
  readonly name: string;
  readonly body: Tree;
}

const recorded = readdirSync(folder).flatMap((file): [string, Tree][] => {
  const { calls } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { calls: Call[] };
  return calls
    .filter(({ call }) => call === "create service")
    .map(({ name, body }) => [`${file} ${name}`, body]);
});

function serviceOf(spec: Tree): Service {
  return { ID: "id", Spec: spec };
}

function checked(news: ServiceInputs): ServiceInputs {
  const about = { news, olds: undefined, name: "x", randomSeed: new Uint8Array(8) };
  return serviceType.check?.(about, {} as Context).inputs ?? news;
}

const written = (live: Tree, declared: ServiceInputs): Tree =>
  withArguments(serviceTable, live, declared, withoutReferences);

/** What the file says: without the empty words that Docker's command fills in, and what every engine drops. */
function meant(sent: unknown): unknown {
  if (Array.isArray(sent)) return sent.map(meant);
  if (!isTree(sent)) return sent;
  const isSaid = ([key, value]: [string, unknown]): boolean =>
    key !== "Consistency" && !(key === "Order" && value === "");
  const entries = Object.entries(sent).filter(isSaid);
  return Object.fromEntries(entries.map(([key, value]) => [key, meant(value)]));
}

describe.each(recorded)("%s", (_name, sent) => {
  const file = meant(sent) as Tree;
  const declared = checked(argumentsOf(serviceTable, file, {}, withoutReferences));
  const live = answered(sent);

  it("is taken over as it is", () => {
    expect(changesOf(serviceOf(live), declared, withoutReferences)).toEqual({});
    expect(written(live, declared)).toEqual(live);
  });

  it("keeps its tasks when something else of it changes", () => {
    const labels = { ...declared.labels, tier: "web" };
    const updateConfig = { ...declared.updateConfig, parallelism: 3, delay: "7s" };
    const body = written(live, { ...declared, labels, updateConfig });
    expect(body.Labels).toEqual({ ...(live.Labels as object), tier: "web" });
    expect(body.TaskTemplate).toEqual(live.TaskTemplate);
    expect(body.EndpointSpec).toEqual(live.EndpointSpec);
  });
});

describe("a service as a stack file declares it", () => {
  const namespace = { "com.docker.stack.namespace": "shop" };
  const declared: ServiceInputs = {
    name: "shop_full",
    image: "x",
    labels: { ...namespace, "com.docker.stack.image": "x", FOO: "BAR", EMPTY: "" },
    containerLabels: namespace,
    networks: [{ target: "shop_default", aliases: ["full"] }],
    replicas: 6,
    endpointMode: "dnsrr",
    limits: { cpus: 0.5, memory: "50M", pids: 100 },
    reservations: { cpus: 0.25, memory: "1536M", genericResources: { gpu: "2" } },
    restartPolicy: {},
    placement: {
      constraints: ["node.role == manager", "node.labels.a!=b"],
      preferences: ["node.labels.az"],
      maxReplicasPerNode: 5,
    },
    updateConfig: {
      parallelism: 0,
      delay: "10s",
      failureAction: "rollback",
      monitor: "1m",
      maxFailureRatio: 0.3,
      order: "start-first",
    },
    rollbackConfig: { parallelism: 1 },
  };
  const [, sent = {}] = recorded.find(([name]) => name === "deploy.json shop_full") ?? [];

  it("is what Docker's command has made of that file", () => {
    const live = answered(sent);
    expect(changesOf(serviceOf(live), declared, withoutReferences)).toEqual({});
    expect(written(live, declared)).toEqual(live);
  });

  it("differs in what was changed, and in nothing else", () => {
    const live = answered(sent);
    const other = { ...declared, env: { MODE: "x" }, replicas: 7, restartPolicy: { delay: "1s" } };
    expect(Object.keys(changesOf(serviceOf(live), other, withoutReferences)).sort()).toEqual([
      "env",
      "replicas",
      "restartPolicy.delay",
    ]);
  });
});
