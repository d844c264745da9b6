/** A stack of files as resources: names, order, what is put in place of Docker's names, bindings. Proves wiring only. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { deployStacks } from "../../components/catalogue";
import { Cluster } from "../../components/cluster";
import { inLab } from "../../components/lab";
import { onCluster } from "../../components/on-cluster";
import { Stack } from "../../components/stack";
import type { StackArgs } from "../../components/stack-args";
import { Config } from "../../resources/config";
import { Network } from "../../resources/network";
import { Secret } from "../../resources/secret";
import { Recorder, valueOf } from "./recorder";

let engine: Recorder;
let folder = "";
let warned: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "swarm-stack-"));
  warned = [];
  jest
    .spyOn(pulumi.log, "warn")
    .mockImplementation((line) => Promise.resolve(void warned.push(line)));
  engine = new Recorder();
  await engine.start();
});

afterEach(async () => {
  await engine.all(); // what is under way belongs to this engine
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function cluster(): Cluster {
  return new Cluster(
    "cluster",
    inLab({
      lab: {},
      hosts: { "manager-1": { role: "manager" }, "worker-2": { role: "worker" } },
    }),
  );
}

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function stack(text: string, args: Omit<StackArgs, "files"> = {}): Stack {
  return new Stack("shop", cluster(), { files: [written("shop.yml", text)], ...args });
}

const shop = `
services:
  web:
    image: nginx:\${TAG:-1.27}
    depends_on: [api]
    networks: [front]
    secrets:
      - source: key
        target: tls.key
    configs: [page]
    ports: ["443:443", "8080:80", "53:53/udp"]
  api:
    image: api
    networks: [front, outside]
    secrets: [password]
networks:
  front: {}
  outside: { external: true, name: backbone }
secrets:
  key: { file: ./key.pem }
  password: { external: true, name: db-password }
configs:
  page: { file: ./page.html }
`;

function shopWith(args: Omit<StackArgs, "files"> = {}): Stack {
  written("key.pem", "a key");
  writeFileSync(join(folder, "page.html"), Buffer.from([0xff, 0xfe]));
  return stack(shop, { secrets: { password: "hidden" }, ...args });
}

describe("a stack", () => {
  it("is one resource for each entry, below the component and through the cluster's provider", async () => {
    const { services, networks, secrets, configs } = shopWith();
    expect(Object.keys(services).sort()).toEqual(["api", "web"]);
    expect([networks, secrets, configs].map((of) => Object.keys(of).sort())).toEqual([
      ["front"],
      ["key", "password"],
      ["page"],
    ]);
    for (const name of ["shop.web", "shop.api", "shop.front", "shop.key", "shop.page"]) {
      const { path, provider } = await engine.find(name);
      expect(path).toMatch(/^swarm:index:Stack\$swarm:index:/);
      expect(provider).toBe("cluster-provider");
    }
  });

  it("names things in Docker as Docker does", async () => {
    shopWith();
    const names = ["shop.web", "shop.api", "shop.front", "shop.key", "shop.page"].map(
      async (name) => (await engine.find(name)).inputs.name,
    );
    expect(await Promise.all(names)).toEqual([
      "shop_web",
      "shop_api",
      "shop_front",
      "shop_key",
      "shop_page",
    ]);
  });

  it("refers to its own networks, secrets and configs by what they are called when they are made", async () => {
    engine.answer("swarm:index:Network", ({ name }) => ({ name: `made:${String(name)}` }));
    engine.answer("swarm:index:Secret", ({ name }) => ({ name: `made:${String(name)}` }));
    engine.answer("swarm:index:Config", ({ name }) => ({ name: `made:${String(name)}` }));
    shopWith();
    expect((await engine.find("shop.web")).inputs).toMatchObject({
      networks: [{ target: "made:shop_front", aliases: ["web"] }],
      secrets: [{ source: "made:shop_key", target: "tls.key" }],
      configs: [{ source: "made:shop_page", target: "page" }],
    });
    expect((await engine.find("shop.api")).inputs).toMatchObject({
      networks: [{ target: "backbone" }, { target: "made:shop_front" }],
      secrets: [{ source: "made:db-password", target: "password" }],
    });
  });

  it("keeps what is in its secrets secret, and writes what is no text as base64", async () => {
    shopWith();
    expect((await engine.find("shop.key")).inputs).toMatchObject({ value: { secret: "a key" } });
    expect((await engine.find("shop.page")).inputs).toMatchObject({
      value: "//4=",
      encoding: "base64",
    });
  });

  it("comes in order: managers, what the services need, every node, and what they depend on", async () => {
    shopWith();
    const order = async (name: string) =>
      (await engine.find(name)).dependsOn.filter((one) => /^(shop|cluster-node)/.test(one));
    expect(await order("shop.front")).toEqual(["cluster-node-manager-1"]);
    expect(await order("shop.key")).toEqual(["cluster-node-manager-1"]);
    expect(await order("shop.api")).toEqual([
      "cluster-node-manager-1",
      "cluster-node-worker-2",
      "shop.front",
      "shop.password",
    ]);
    expect(await order("shop.web")).toEqual([
      "cluster-node-manager-1",
      "cluster-node-worker-2",
      "shop.api",
      "shop.front",
      "shop.key",
      "shop.page",
    ]);
  });

  it("looks last at what else is under its name, and at what must be there", async () => {
    shopWith({ prune: true });
    const { type, inputs, dependsOn } = await engine.find("shop", "swarm:index:Namespace");
    expect(type).toBe("swarm:index:Namespace");
    expect(inputs).toEqual({
      name: "shop",
      services: ["shop_api", "shop_web"],
      networks: ["shop_front"],
      secrets: ["shop_key"],
      configs: ["shop_page"],
      externals: [{ kind: "network", name: "backbone", key: "outside" }],
      prune: true,
    });
    expect(dependsOn).toEqual(
      expect.arrayContaining(["shop.api", "shop.web", "shop.front", "shop.key", "shop.page"]),
    );
  });

  it("needs nothing to be there that every node has", async () => {
    stack(`
services: { web: { image: nginx, networks: [host] } }
networks: { host: { external: true } }
`);
    expect((await engine.find("shop", "swarm:index:Namespace")).inputs).not.toHaveProperty(
      "externals",
    );
  });

  it("answers on the mesh's TCP ports of each node", async () => {
    expect(await valueOf(shopWith().endpoints)).toEqual([
      "https://198.51.100.1",
      "https://198.51.100.2",
      "http://198.51.100.1:8080",
      "http://198.51.100.2:8080",
    ]);
  });

  it("gives variables to the files, and its own arguments to all services", async () => {
    shopWith({ variables: { TAG: "1.28" }, imageRefresh: "always", adopt: true });
    expect((await engine.find("shop.web")).inputs).toMatchObject({
      image: "nginx:1.28",
      imageRefresh: "always",
      adopt: true,
    });
    expect((await engine.find("shop.key")).inputs).toMatchObject({ adopt: true });
    expect((await engine.find("shop.password")).inputs).not.toHaveProperty("adopt");
  });

  it("can be changed before it is made", async () => {
    const seen: string[] = [];
    const made = shopWith({
      transform: (args, { kind, key }) => {
        seen.push(`${kind} ${key}`);
        return key === "web"
          ? { ...args, labels: { by: "hand" }, ports: [{ target: 1, published: 81 }] }
          : args;
      },
    });
    expect(seen.sort()).toEqual([
      "config page",
      "network front",
      "secret key",
      "secret password",
      "service api",
      "service web",
    ]);
    expect((await engine.find("shop.web")).inputs).toMatchObject({
      labels: { by: "hand" },
      networks: [{ target: "shop_front" }],
    });
    expect(await valueOf(made.endpoints)).toContain("http://198.51.100.1:81");
  });

  it("comes from the configuration as well", async () => {
    const file = written("one.yml", "services: { web: { image: nginx } }");
    const made = deployStacks(cluster(), { one: { file }, two: { files: [file], prune: true } });
    expect(Object.keys(made)).toEqual(["one", "two"]);
    expect((await engine.find("one.web")).inputs).toMatchObject({ name: "one_web" });
    expect((await engine.find("two.web")).inputs).toMatchObject({ name: "two_web" });
  });
});

describe("stacks of one cluster", () => {
  it("use what others make under the names that they call external, and come after those", async () => {
    engine.answer("swarm:index:Secret", () => ({ name: "made:token" }));
    const user = written(
      "a-user.yml",
      `
services: { web: { image: nginx, networks: [public], secrets: [token] } }
networks: { public: { external: true } }
secrets: { token: { external: true, name: proxy_token } }
`,
    );
    written("token.txt", "hidden");
    const maker = written(
      "proxy.yml",
      `
services: { proxy: { image: traefik, networks: [front] } }
networks: { front: { name: public } }
secrets: { token: { file: ./token.txt } }
`,
    );
    deployStacks(cluster(), { "a-user": { file: user }, proxy: { file: maker } });
    const { inputs, dependsOn } = await engine.find("a-user.web");
    expect(inputs).toMatchObject({
      networks: [{ target: "public" }],
      secrets: [{ source: "made:token", target: "token" }],
    });
    expect(dependsOn).toEqual(expect.arrayContaining(["proxy.front", "proxy.token"]));
    const namespace = await engine.find("a-user", "swarm:index:Namespace");
    expect(namespace.inputs).not.toHaveProperty("externals");
  });
});

describe("a value for an external name", () => {
  const uses = `
services:
  web:
    image: nginx
    networks: [outside]
    secrets: [password]
    configs: [page]
networks: { outside: { external: true } }
secrets: { password: { external: true, name: db-password } }
configs: { page: { external: true } }
`;
  const source = async (kind: "secrets" | "configs" | "networks") =>
    (await engine.find("shop.web")).inputs[kind];

  it.each([
    ["text", "hidden", { value: { secret: "hidden" } }],
    ["an output", pulumi.output("hidden"), { value: { secret: "hidden" } }],
    [
      "a map with a value",
      { value: "AQ==", encoding: "base64" as const },
      { value: { secret: "AQ==" }, encoding: "base64" },
    ],
    ["a password to make", { generate: 24 }, { value: { secret: "generated" } }],
  ])("may be %s, and the secret has its exact name in front", async (_, password, inputs) => {
    stack(uses, { secrets: { password } });
    expect((await engine.find("shop.password", "swarm:index:Secret")).inputs).toEqual({
      name: "db-password",
      ...inputs,
    });
    expect(await source("secrets")).toMatchObject([{ source: "db-password", target: "password" }]);
  });

  it("may be a file", async () => {
    const file = written("page.html", "<p>hello");
    stack(uses, { configs: { page: { file } } });
    expect((await engine.find("shop.page")).inputs).toEqual({
      name: "page",
      value: "<p>hello",
      encoding: "text",
    });
  });

  it("is a password of as many letters and digits as it says, made once", async () => {
    stack(uses, { secrets: { password: { generate: 24 } } });
    const type = "random:index/randomPassword:RandomPassword";
    const password = await engine.find("shop.password", type);
    expect(password.inputs).toMatchObject({ length: 24, special: false });
    expect(password.path).toBe(`swarm:index:Stack$${type}`);
  });

  it("may be a resource of the program, which stays what it is", async () => {
    const all = cluster();
    const network = new Network("mine", { name: "backbone" }, onCluster(all));
    const password = new Secret("own", { value: "hidden" }, onCluster(all));
    const page = new Config("text", { value: "hello" }, onCluster(all));
    for (const type of ["Secret", "Config"])
      engine.answer(`swarm:index:${type}`, () => ({ name: `made-${type}` }));
    const file = written("shop.yml", uses);
    const made = new Stack("shop", all, {
      files: [file],
      networks: { outside: network },
      secrets: { password },
      configs: { page },
    });
    expect(made.networks.outside).toBe(network);
    expect(made.secrets.password).toBe(password);
    expect(await source("networks")).toMatchObject([{ target: "backbone" }]);
    expect(await source("secrets")).toMatchObject([{ source: "made-Secret" }]);
    expect(await source("configs")).toMatchObject([{ source: "made-Config" }]);
    expect((await engine.find("shop.web")).dependsOn).toEqual(
      expect.arrayContaining(["mine", "own", "text"]),
    );
    expect((await engine.all()).has("shop.password")).toBe(false);
  });

  it("of a network may be its name in Docker", async () => {
    stack(uses, { networks: { outside: "traefik-public" } });
    expect(await source("networks")).toMatchObject([{ target: "traefik-public" }]);
  });

  it("that no service uses is said, and does nothing", async () => {
    stack(uses, { secrets: { pasword: "hidden" } });
    expect(await source("secrets")).toMatchObject([{ source: "db-password" }]);
    expect(warned).toEqual([
      "secrets.pasword: got a value for a secret that no service of the files uses; expected its key in them. " +
        "They call external: password.",
    ]);
  });
});

describe("what is wrong", () => {
  const failure = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      if (error instanceof pulumi.RunError) return error.message;
      throw error;
    }
    return "nothing was thrown";
  };

  it("is said at once, of all files and bindings, and nothing is made", async () => {
    const text =
      "services:\n  web: {}\n  api: { image: api, prots: [] }\nsecrets: { own: { file: none.txt } }\n";
    const said = failure(() => stack(text, { configs: { page: { file: "none" } } }));
    expect(said).toMatch(/^stack shop cannot be used; nothing was made\.\n {2}/);
    for (const where of ["shop.yml:2:", "shop.yml:3:", "shop.yml:4:"])
      expect(said).toContain(where);
    expect([...(await engine.all()).keys()].filter((name) => name.startsWith("shop."))).toEqual([]);
  });

  it.each([
    [
      "a secret of the stack's own",
      { secrets: { own: "x" } },
      "secrets.own: got a value for a secret that the files declare themselves; expected one that they call external. Write `external: true` there instead, or take this away.",
    ],
    [
      "a file that is not there",
      { secrets: { one: { file: "none.pem" } } },
      'secrets.one.file: got "none.pem", which cannot be read (ENOENT); expected a file, by its path from the project\'s folder.',
    ],
    [
      "two values for one name",
      { secrets: { one: "x", two: "y" } },
      'secrets.two: got a second value for "token", which secrets.one is, too; expected one. Take one of them away.',
    ],
  ])("may be %s", (_, args, message) => {
    written("own.txt", "x");
    const text = `
services: { web: { image: nginx, secrets: [own, one, two] } }
secrets:
  own: { file: own.txt }
  one: { external: true, name: token }
  two: { external: true, name: token }
`;
    expect(failure(() => stack(text, args))).toBe(
      `stack shop cannot be used; nothing was made.\n  ${message}`,
    );
  });

  it("may be the stack's name", () => {
    const files = [written("shop.yml", "services: { web: { image: nginx } }")];
    expect(failure(() => new Stack("my.shop", cluster(), { files }))).toContain(
      'got the stack\'s name "my.shop"; expected letters, digits, - and _, beginning with a letter or digit, as in "shop".',
    );
  });
});
