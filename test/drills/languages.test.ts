/**
 * Programs in YAML under the real engine, with the language host that Pulumi makes for it: what the plugin does for a
 * program that is not TypeScript. No machine answers, so nothing is proved of what is made on one.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parse } from "yaml";
import { yamlHost, YAML_HOST_MILLISECONDS } from "../yaml-host/yaml-host";
import { plugin, type Project, Workspace } from "../preview/harness";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL";
const example = join(__dirname, "../../examples/yaml");
const stackFile = readFileSync(join(example, "shop.yml"), "utf8");

let workspace: Workspace;
/** A port of the loopback address on which nothing listens. */
let closed = 0;

jest.setTimeout(180_000);

beforeAll(async () => {
  await yamlHost();
  workspace = await Workspace.open();
  const listener = createServer();
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  closed = (listener.address() as AddressInfo).port;
  await new Promise((done) => listener.close(done));
}, YAML_HOST_MILLISECONDS + 180_000);

afterAll(async () => {
  await workspace.close();
});

const manager = (more: object = {}): object => ({
  role: "manager",
  address: "127.0.0.1",
  hostKey,
  ...more,
});

/** A cluster with these properties, and a stack on it. */
function resources(cluster: object, stack: object = {}): Record<string, object> {
  return {
    cluster: {
      type: "swarm:index:Cluster",
      properties: {
        ssh: { password: "none", port: closed },
        hosts: { "manager-1": manager() },
        ...cluster,
      },
    },
    shop: {
      type: "swarm:index:Stack",
      properties: {
        cluster: "${cluster}",
        files: ["shop.yml"],
        secrets: { greeting: "hidden-value" },
        ...stack,
      },
    },
  };
}

async function project(all: Record<string, object>, more: object = {}): Promise<Project> {
  return workspace.yaml({ resources: all, ...more }, { "shop.yml": stackFile });
}

describe("a program in YAML", () => {
  it("previews the example: a swarm, a stack of files on it, and no secret", async () => {
    const program = parse(readFileSync(join(example, "Pulumi.yaml"), "utf8")) as {
      resources: { cluster: { properties: object } };
    };
    // Where the plugin is, the project itself says.
    const own = Object.fromEntries(Object.entries(program).filter(([key]) => key !== "plugins"));
    Object.assign(program.resources.cluster.properties, {
      ssh: { password: "${sshKey}", port: closed },
      hosts: { "manager-1": manager() },
    });
    const made = await workspace.yaml({ ...own, name: "notes" }, { "shop.yml": stackFile });
    for (const key of ["sshKey", "greeting"])
      await made.pulumi("config", "set", "--secret", key, "hidden-value");
    const { code, text } = await made.preview();
    expect([code, text]).toEqual([0, expect.any(String)]);
    for (const urn of [
      "swarm:index:Cluster$pulumi:providers:swarm::cluster-provider",
      "swarm:index:Cluster$swarm:index:Host::cluster-host-manager-1",
      "swarm:index:Cluster$swarm:index:Node::cluster-node-manager-1",
      "swarm:index:Stack$swarm:index:Service::shop.web",
      "swarm:index:Stack$swarm:index:Secret::shop.greeting",
    ])
      expect(text).toContain(`urn:pulumi:test::notes::${urn}`);
    expect(text).toMatch(/urls: +\[\s+\[0\]: "http:\/\/127\.0\.0\.1:8080"/);
    expect(text).not.toContain("hidden-value");
  });

  it("is told everything wrong with a cluster at once, and makes nothing", async () => {
    const made = await project(
      resources({
        hosts: {
          "manager-1": manager({ labels: { "a b": "c" } }),
          "worker-1": { role: "worker", address: "127.0.0.256", hostKey: "none" },
        },
        settings: { taskHistoryLimit: -3 },
      }),
    );
    const { code, text } = await made.preview();
    expect(code).not.toBe(0);
    expect(text).toContain("cluster cluster cannot be used; nothing was touched.");
    for (const path of [
      'hosts.manager-1.labels."a b": ',
      'hosts.worker-1.address: got "127.0.0.256"',
      'hosts.worker-1.hostKey: got "none"',
      "settings.taskHistoryLimit: got -3",
    ])
      expect(text).toContain(path);
    expect(text).not.toContain("swarm:index:Host");
  });

  it("is told everything wrong with a stack at once", async () => {
    const made = await workspace.yaml(
      { resources: resources({}, { secrets: {}, files: ["shop.yml", "more.yml"] }) },
      {
        "shop.yml": "services: { web: { image: nginx, prots: [] } }\n",
        "more.yml": "services: { api: {} }\n",
      },
    );
    const { code, text } = await made.preview();
    expect(code).not.toBe(0);
    expect(text).toContain("stack shop cannot be used; nothing was made.");
    expect(text).toContain("shop.yml:1:34 services.web.prots");
    expect(text).toContain("more.yml:1:");
    expect(text).not.toContain("swarm:index:Service");
  });

  it("keeps in clear nothing that must stay secret, and says which value that is", async () => {
    const made = await project(
      resources({ hosts: { "manager-1": manager({ labels: { tier: "${word}" } }) } }),
      { config: { word: { type: "string", secret: true } } },
    );
    await made.pulumi("config", "set", "--secret", "word", "hidden-value");
    const { code, text } = await made.preview();
    expect(code).not.toBe(0);
    expect(text).toContain(
      "hosts.manager-1.labels.tier: got an encrypted value; expected one in clear",
    );
    expect(text).not.toContain("hidden-value");
  });

  it("says what a preview cannot know yet: a value of a secret changes nothing, a login leaves the cluster alone", async () => {
    const word = { type: "random:RandomPassword", properties: { length: 16 } };
    const known = await project({
      word,
      ...resources({}, { secrets: { greeting: "${word.result}" } }),
    });
    expect((await known.preview()).text).toContain(
      "swarm:index:Stack$swarm:index:Secret::shop.greeting",
    );
    const unknown = await project({
      word,
      ...resources({ ssh: { password: "${word.result}", port: closed } }),
    });
    const { code, text } = await unknown.preview();
    expect([code, text]).toEqual([0, expect.any(String)]);
    expect(text).toContain("ssh.password: not known before the update");
    expect(text).toContain("cluster: not known before the update");
    expect(text).not.toContain("swarm:index:Host");
  });

  it("needs a cluster of its own for a stack", async () => {
    const all = resources({});
    const made = await project({
      shop: {
        ...all.shop,
        options: { provider: "${other}" },
      },
      cluster: all.cluster ?? {},
      other: { type: "pulumi:providers:swarm", properties: { hosts: {} } },
    });
    const { code, text } = await made.preview();
    expect(code).not.toBe(0);
    expect(text).toContain("expected a swarm:index:Cluster of the same program");
  });

  it("has no answer to questions without hosts that could be asked", async () => {
    const made = await workspace.yaml({
      variables: {
        web: { "fn::invoke": { function: "swarm:index:getService", arguments: { name: "web" } } },
      },
      outputs: { image: "${web.image}" },
    });
    const { code, text } = await made.preview();
    expect(code).not.toBe(0);
    expect(text).toContain("the provider knows no hosts");
  });

  it("has a schema of them: components with inputs and outputs, and functions", async () => {
    const made = await project({});
    const { text } = await made.pulumi("package", "get-schema", plugin);
    const schema = JSON.parse(text.slice(text.indexOf("{"))) as {
      resources: Record<string, object>;
      functions: Record<string, object>;
    };
    expect(schema.resources["swarm:index:Stack"]).toMatchObject({
      isComponent: true,
      inputProperties: { cluster: { $ref: "#/resources/swarm:index:Cluster" } },
      requiredInputs: ["cluster", "files"],
      properties: { endpoints: { type: "array", items: { type: "string" } } },
    });
    expect(Object.keys(schema.functions).sort()).toEqual([
      "swarm:index:getNode",
      "swarm:index:getService",
      "swarm:index:getSwarm",
      "swarm:index:getTasks",
    ]);
  });
});
