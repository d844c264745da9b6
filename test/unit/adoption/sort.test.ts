import type { Service } from "@docker/node-sdk";
import { renderProgram } from "../../../adoption/program";
import { sortOut } from "../../../adoption/sort";

const namespace = (stack: string) => ({ "com.docker.stack.namespace": stack });

function service(name: string, spec: object = {}, labels: Record<string, string> = {}): Service {
  return {
    ID: `id of ${name}`,
    Spec: {
      Name: name,
      Labels: labels,
      TaskTemplate: { ContainerSpec: { Image: "nginx:1@sha256:" + "a".repeat(64), ...spec } },
      Mode: { Replicated: { Replicas: 1 } },
    },
  };
}

/** As `docker stack deploy` makes one. */
function stacked(stack: string, key: string, target: string): Service {
  const made = service(
    `${stack}_${key}`,
    { Labels: namespace(stack) },
    {
      ...namespace(stack),
      "com.docker.stack.image": "nginx:1",
    },
  );
  const task = made.Spec?.TaskTemplate;
  if (task !== undefined) task.Networks = [{ Target: target, Aliases: [key] }];
  return made;
}

const network = (name: string, labels: Record<string, string> = {}, subnet = "10.0.1.0/24") => ({
  ...{ Id: `id of ${name}`, Name: name, Driver: "overlay", Scope: "swarm", Labels: labels },
  IPAM: { Driver: "default", Config: [{ Subnet: subnet, Gateway: subnet.replace("0/24", "1") }] },
});

const nothing = { swarm: {}, services: [], networks: [], secrets: [], configs: [] };

describe("what runs, sorted into files", () => {
  it("is a file for each stack; what is another stack's is external", () => {
    const { stacks, rest, odd, notes } = sortOut({
      ...nothing,
      services: [stacked("a", "web", "id of a_front"), stacked("b", "web", "id of a_front")],
      networks: [network("a_front", namespace("a")), network("ingress")],
    });
    expect(stacks.map(({ stack, services }) => [stack, services])).toEqual([
      ["a", ["a_web"]],
      ["b", ["b_web"]],
    ]);
    expect([rest, odd, notes]).toEqual([undefined, [], []]);
    expect(stacks[0]?.text).toBe(
      "services:\n  web:\n    image: nginx:1\n    networks:\n      - front\nnetworks:\n  front:\n",
    );
    expect(stacks[1]?.text).toContain("networks:\n  a_front:\n    external: true\n");
  });

  it("keeps addresses that somebody chose, and none that Docker chose", () => {
    const chosen = sortOut({
      ...nothing,
      services: [stacked("a", "x", "id of a_own"), stacked("a", "y", "id of a_pool")],
      networks: [
        network("a_own", namespace("a"), "192.168.7.0/24"),
        network("a_pool", namespace("a")),
      ],
    });
    expect(chosen.stacks[0]?.text).toMatch(
      /own:\n {4}ipam:\n {6}config:\n {8}- subnet: 192\.168\.7\.0\/24/,
    );
    expect(chosen.stacks[0]?.text).toContain("pool:\n");
    expect(chosen.stacks[0]?.text).not.toContain("10.0.1.0");
  });

  it("puts configs beside the file byte for byte, and calls secrets external", () => {
    const web = stacked("a", "web", "id of a_front");
    const container = web.Spec?.TaskTemplate?.ContainerSpec;
    if (container === undefined) throw new Error("no container");
    const file = (name: string) => ({ Name: name, UID: "0", GID: "0", Mode: 0o444 });
    container.Configs = [{ ConfigID: "c", ConfigName: "a_page", File: file("/page") }];
    container.Secrets = [{ SecretID: "s", SecretName: "a_key", File: file("key") }];
    const bytes = Buffer.from([0, 255, 10]);
    const { stacks } = sortOut({
      ...nothing,
      services: [web],
      networks: [network("a_front", namespace("a"))],
      configs: [
        {
          ID: "c",
          Spec: { Name: "a_page", Labels: namespace("a"), Data: bytes.toString("base64") },
        },
      ],
      secrets: [{ ID: "s", Spec: { Name: "a_key", Labels: namespace("a") } }],
    });
    expect(stacks[0]?.files).toEqual({ "a/page": bytes });
    expect(stacks[0]?.text).toContain("secrets:\n  key:\n    external: true\n    name: a_key\n");
    expect(stacks[0]?.text).toContain("configs:\n  page:\n    file: ./a/page\n");
  });

  it("keeps names and labels of what belongs to no stack, or is not named after it", () => {
    const { stacks, rest } = sortOut({
      ...nothing,
      services: [service("plain"), service("other", {}, namespace("shop"))],
    });
    expect(stacks).toEqual([]);
    expect(rest?.text).toBe(
      "services:\n  other:\n    image: nginx:1\n    deploy:\n      labels:\n        com.docker.stack.namespace: shop\n  plain:\n    image: nginx:1\n",
    );
  });

  it("says of a service what no file can say, and leaves it to a program", () => {
    const { odd, oddNetworks, notes, rest } = sortOut({
      ...nothing,
      services: [service("plain", { OomScoreAdj: 100 })],
    });
    expect(rest).toBeUndefined();
    expect(notes).toEqual([
      "service plain: a stack file cannot say its oomScoreAdj; it is in a program",
    ]);
    const program = renderProgram(
      odd.map(({ service: one }) => one),
      oddNetworks,
    );
    expect(program).toContain('new Service(\n    "plain",\n    {\n      name: "plain",');
    expect(program).toContain("oomScoreAdj: 100,");
  });

  it("declares a network in the program alone that only a service of the program is on", () => {
    const on = (one: Service, target: string, spec: object = {}): Service => {
      const task = one.Spec?.TaskTemplate;
      if (task !== undefined) task.Networks = [{ Target: target }];
      Object.assign(task?.ContainerSpec ?? {}, spec);
      return one;
    };
    const { oddNetworks, rest } = sortOut({
      ...nothing,
      services: [
        on(service("plain"), "id of both"),
        on(service("other"), "id of both"),
        on(service("odd"), "id of own", { OomScoreAdj: 100 }),
      ],
      networks: [network("both"), network("own")],
    });
    expect(rest?.text).toContain("\nnetworks:\n  both:\n");
    expect(rest?.text).not.toContain("own");
    expect(oddNetworks.map(({ name }) => name)).toEqual(["own"]);
  });

  it("names a label that the first run changes", () => {
    const web = stacked("a", "web", "id of a_front");
    const labels = web.Spec?.Labels;
    if (labels !== undefined) labels["com.docker.stack.image"] = "nginx:0";
    const { notes } = sortOut({
      ...nothing,
      services: [web],
      networks: [network("a_front", namespace("a"))],
    });
    expect(notes).toEqual([
      'service a_web: the first up changes its labels["com.docker.stack.image"]; no task of it restarts',
    ]);
  });
});
