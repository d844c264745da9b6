import type { ServiceInputs, ServiceState } from "../../../provider/service/arguments";
import { serviceType } from "../../../provider/service/service";
import { UNKNOWN } from "../../../provider/value";
import { FakeSwarm, ofShop } from "./fake-swarm";

// Proves what a service of the same stack that is there already becomes, in the preview's words and in what is sent;
// that a real engine sees no task to be made anew is the drills' to prove.

const running = `busybox:1@sha256:1111`;

/** As Docker 28's command has sent it. */
const sent = {
  Name: "shop_web",
  Labels: { ...ofShop, "com.docker.stack.image": "busybox:1" },
  EndpointSpec: {},
  Mode: { Replicated: { Replicas: 2 } },
  TaskTemplate: {
    ContainerSpec: {
      Image: running,
      Labels: ofShop,
      Args: ["sleep", "1000"],
      Env: ["MODE=a"],
      Privileges: { CredentialSpec: null, NoNewPrivileges: false, SELinuxContext: null },
    },
    ForceUpdate: 0,
    Networks: [{ Target: "id-shop_front", Aliases: ["web"] }],
    Placement: { Platforms: [{ Architecture: "amd64", OS: "linux" }] },
    Resources: {},
  },
};

const onEveryNode: ServiceInputs = {
  name: "shop_web",
  image: "busybox:1",
  labels: { ...ofShop, "com.docker.stack.image": "busybox:1" },
  containerLabels: ofShop,
  args: ["sleep", "1000"],
  env: { MODE: "a" },
  networks: [{ target: "shop_front", aliases: ["web"] }],
  mode: "global",
};

const declared: ServiceInputs = { ...onEveryNode, mode: "replicated", replicas: 2 };

function deployed(spec: object = sent): FakeSwarm {
  const swarm = new FakeSwarm();
  swarm.addNetwork("shop_front", { Labels: ofShop });
  swarm.addService({ ...spec });
  return swarm;
}

interface Olds {
  readonly olds?: ServiceInputs;
  readonly replaced?: ServiceInputs;
}

/** What a preview says and refuses, and the inputs that it comes to. */
async function preview(swarm: FakeSwarm, news: ServiceInputs, { olds, replaced }: Olds = {}) {
  swarm.said.length = 0;
  const about = { news, olds, replaced, name: "web", randomSeed: new Uint8Array(8) };
  const result = await serviceType.resolve?.(about, swarm.run());
  if (result === undefined) throw new Error("there is no resolve");
  const failures = result.failures.map(({ path, reason }) => `${path}: ${reason}`);
  return { inputs: result.inputs, failures, said: [...swarm.said] };
}

/** A whole run that finds no state: the inputs, and what is there in the end. */
async function up(swarm: FakeSwarm, news: ServiceInputs, logins = {}) {
  const context = swarm.run(logins);
  const about = { news, olds: undefined, name: "web", randomSeed: new Uint8Array(8) };
  const inputs = (await serviceType.resolve?.(about, context))?.inputs ?? news;
  return { inputs, ...(await serviceType.create(context, inputs)) };
}

/** What the next preview shows. */
function changes(state: ServiceState, { inputs }: { inputs: ServiceInputs }) {
  return serviceType.diff({ id: "", oldInputs: inputs, old: state, news: inputs }).changes;
}

describe("a service that docker stack deploy has made", () => {
  it("is taken over as it is, without a word to Docker", async () => {
    const swarm = deployed();
    const before = structuredClone([swarm.services, swarm.tasks]);
    const seen = await preview(swarm, declared);
    expect(seen.said).toEqual([
      'service "shop_web" was made by docker stack deploy: taken over as it is',
    ]);
    expect(seen.failures).toEqual([]);
    const made = await up(swarm, declared);
    expect(made.id).toBe("id-shop_web");
    expect(swarm.writes).toEqual([]);
    expect([swarm.services, swarm.tasks]).toEqual(before);
    expect(changes(made.state, made)).toEqual({});
    expect((await preview(swarm, declared, { olds: made.inputs })).inputs).toEqual(made.inputs);
  });

  it("goes on with the image that it runs, wherever its tag has moved", async () => {
    const { inputs } = await preview(deployed(), declared);
    expect(inputs.image).toBe(running);
    const always = await preview(deployed(), { ...declared, imageRefresh: "always" });
    expect(always.said).toEqual([
      'service "shop_web" was made by docker stack deploy: taken over; changes: image',
    ]);
    const other = await preview(deployed(), { ...declared, image: "busybox:2" });
    expect(other.inputs.image).toBe("busybox:2@sha256:2222");
  });

  it("is changed in place to what is declared, and the preview says to what", async () => {
    const swarm = deployed();
    const news = { ...declared, env: { MODE: "b" }, stopSignal: "SIGINT" };
    const seen = await preview(swarm, news);
    expect(seen.said).toEqual([
      'service "shop_web" was made by docker stack deploy: taken over; changes: env.MODE, stopSignal',
    ]);
    const made = await up(swarm, news);
    expect(made.id).toBe("id-shop_web");
    expect(swarm.writes).toEqual(["POST /services/id-shop_web/update"]);
    expect(swarm.service("shop_web")?.Spec?.TaskTemplate).toMatchObject({
      ContainerSpec: { Env: ["MODE=b"], StopSignal: "SIGINT", Image: running },
      Placement: sent.TaskTemplate.Placement,
    });
    expect(changes(made.state, made)).toEqual({});
  });

  it("keeps its tasks when its labels and its update policy are others", async () => {
    const swarm = deployed();
    const tasks = structuredClone(swarm.tasks);
    const news = {
      ...declared,
      labels: { ...declared.labels, tier: "web" },
      updateConfig: { delay: "5s" },
    };
    await up(swarm, news);
    expect(swarm.service("shop_web")?.Spec?.Labels).toEqual(news.labels);
    expect(swarm.tasks).toEqual(tasks);
  });

  it("is handed the account of its registry, and keeps its tasks", async () => {
    const swarm = deployed();
    const tasks = structuredClone(swarm.tasks);
    await up(swarm, declared, { "docker.io": { username: "u", password: "p" } });
    expect(swarm.writes).toEqual(["POST /services/id-shop_web/update"]);
    expect(swarm.tasks).toEqual(tasks);
  });

  it("says apart what is not known yet", async () => {
    const secrets = [{ source: UNKNOWN, target: "key" }];
    const { said } = await preview(deployed(), { ...declared, secrets });
    expect(said).toEqual([
      'service "shop_web" was made by docker stack deploy: taken over; not known yet: secrets',
    ]);
  });

  it("is refused at preview where Docker cannot change it", async () => {
    const { failures, said } = await preview(deployed(), onEveryNode);
    expect(failures).toEqual([
      'mode: differs from service "shop_web", which is there already, and Docker cannot change it in place. ' +
        "Declare it as it is, or remove the service first (docker service rm shop_web).",
    ]);
    expect(said).toEqual([]);
  });
});

describe("a service of that name that is somebody else's", () => {
  it.each([
    ['of the stack "other"', { "com.docker.stack.namespace": "other" }],
    ["that names no stack as its owner", {}],
  ])("%s is refused unless it is to be adopted", async (owner, labels) => {
    const swarm = deployed({ ...sent, Labels: labels });
    const { said, failures } = await preview(swarm, declared);
    expect(said).toEqual([]);
    expect(failures.join()).toMatch(
      `name: got "shop_web"; expected a name that is free: a service ${owner} has that name and differs in image, labels`,
    );
    await expect(up(swarm, declared)).rejects.toThrow(
      /^service "shop_web" exists already and differs in labels.*image\. .*set adopt: true/,
    );
    expect(swarm.writes).toEqual([]);
    const news = { ...declared, adopt: true };
    const [line] = (await preview(swarm, news)).said;
    expect(line).toMatch(/^service "shop_web" exists already: taken over; changes: labels/);
    expect((await up(swarm, news)).id).toBe("id-shop_web");
    expect(swarm.service("shop_web")?.Spec?.Labels).toEqual(declared.labels);
  });
});

it("is taken over while it is as declared, whoever made it, or differs in what is not known yet", async () => {
  const swarm = deployed({ ...sent, Labels: {} });
  const news = { ...declared, labels: {}, image: running };
  const said = ['service "shop_web" exists already: taken over as it is'];
  expect(await preview(swarm, news)).toMatchObject({ failures: [], said });
  const secrets = [{ source: UNKNOWN, target: "key" }];
  expect(await preview(swarm, { ...news, secrets })).toMatchObject({
    failures: [],
    said: ['service "shop_web" exists already: taken over; not known yet: secrets'],
  });
  const { failures } = await preview(swarm, { ...news, env: { MODE: "b" } });
  expect(failures).toEqual([expect.stringMatching(/differs in env\.MODE\. To change it .*adopt/)]);
});

it("stays when its resource has another name in the program: the new one has it, then the old one goes", async () => {
  const swarm = deployed();
  const context = swarm.run();
  const made = await serviceType.create(context, { ...declared, image: running });
  await serviceType.delete(context, made.id, made.state);
  expect(swarm.writes).toEqual([]);
  expect(swarm.said.at(-1)).toBe(
    'service "shop_web" is another resource\'s of this program now: it stays.',
  );
  await serviceType.delete(swarm.run(), made.id, made.state);
  expect(swarm.writes).toEqual(["DELETE /services/id-shop_web"]);
});

describe("a preview", () => {
  it("says nothing of a takeover once the service is in the state, or replaced", async () => {
    const swarm = deployed();
    const news = { ...declared, env: { MODE: "b" } };
    expect((await preview(swarm, news, { olds: declared })).said).toEqual([]);
    expect((await preview(swarm, news, { replaced: declared })).said).toEqual([]);
  });

  it("lets a service that is renamed keep its port", async () => {
    const swarm = deployed();
    const ports = [{ target: 80, published: 8080 }];
    const [port] = [
      { TargetPort: 80, PublishedPort: 8080, Protocol: "tcp", PublishMode: "ingress" },
    ];
    swarm.addService({ ...sent, Name: "was", EndpointSpec: { Ports: [port] } });
    const was = { name: "was", image: "busybox:1", ports };
    const news = { ...was, name: "is" };
    expect((await preview(swarm, news, { olds: was })).failures).toEqual([]);
    // The engine checks the new one of a replacement a second time, without its former inputs.
    expect((await preview(swarm, news, { replaced: was })).failures).toEqual([]);
    expect((await preview(swarm, news)).failures).toHaveLength(1);
  });
});
