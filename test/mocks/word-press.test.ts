import { Cluster } from "../../components/cluster";
import { inLab } from "../../components/lab";
import { deployStacks } from "../../components/catalogue";
import { WordPress } from "../../components/word-press";
import { Recorder, valueOf } from "./recorder";

let engine: Recorder;

beforeEach(async () => {
  engine = new Recorder();
  await engine.start();
});

function cluster(): Cluster {
  return new Cluster(
    "cluster",
    inLab({
      lab: {},
      hosts: {
        "manager-1": { role: "manager" },
        "worker-2": { role: "worker", labels: { tier: "db" } },
      },
    }),
  );
}

describe("WordPress", () => {
  it("generates two passwords of letters and digits and keeps them secret", async () => {
    new WordPress("blog", cluster());
    for (const role of ["mysql-root-password", "mysql-password"]) {
      const password = await engine.find(`blog-${role}`);
      expect(password.type).toBe("random:index/randomPassword:RandomPassword");
      expect(password.inputs).toMatchObject({ length: 32, special: false });
      expect(password.provider).toBe("");
      expect((await engine.find(`blog-${role}-secret`)).inputs).toEqual({
        name: `blog-${role}`,
        value: { secret: "generated" },
      });
    }
  });

  it("keeps the database on the labelled node, with its volume there and its passwords in files", async () => {
    new WordPress("blog", cluster());
    expect((await engine.find("blog-data")).inputs).toEqual({
      host: "worker-2",
      name: "blog-data",
    });
    const { inputs } = await engine.find("blog-mysql");
    expect(inputs).toMatchObject({
      name: "blog-mysql",
      image: "mysql:5.7",
      env: {
        MYSQL_ROOT_PASSWORD_FILE: "/run/secrets/mysql-root-password",
        MYSQL_DATABASE: "wordpress",
        MYSQL_USER: "wordpress",
        MYSQL_PASSWORD_FILE: "/run/secrets/mysql-password",
      },
      secrets: [
        { source: "blog-mysql-root-password", target: "mysql-root-password" },
        { source: "blog-mysql-password", target: "mysql-password" },
      ],
      networks: [{ target: "blog-network" }],
      mounts: [{ type: "volume", source: "blog-data", target: "/var/lib/mysql" }],
      placement: { constraints: ["node.labels.tier == db"] },
      replicas: 1,
    });
  });

  it.each([
    [{}, { name: "blog-network" }],
    [{ encrypted: false }, { name: "blog-network" }],
    [{ encrypted: true }, { name: "blog-network", encrypted: true }],
  ])("has a network that is encrypted when it is to be (%j)", async (args, network) => {
    new WordPress("blog", cluster(), args);
    expect((await engine.find("blog-network")).inputs).toEqual(network);
  });

  it("serves the site on every node's port 80 by three tasks, updated one by one", async () => {
    new WordPress("blog", cluster());
    const { inputs } = await engine.find("blog-web");
    expect(inputs).toMatchObject({
      name: "blog-web",
      image: "wordpress",
      env: {
        WORDPRESS_DB_HOST: "blog-mysql",
        WORDPRESS_DB_USER: "wordpress",
        WORDPRESS_DB_PASSWORD_FILE: "/run/secrets/mysql-password",
        WORDPRESS_DB_NAME: "wordpress",
      },
      secrets: [{ source: "blog-mysql-password", target: "mysql-password" }],
      ports: [{ target: 80, published: 80 }],
      updateConfig: { parallelism: 1, delay: "10s" },
      replicas: 3,
    });
  });

  it("comes in order: managers, network and secrets, volume, database, site", async () => {
    new WordPress("blog", cluster());
    const order = async (name: string) =>
      (await engine.find(name)).dependsOn.filter((one) => /^(blog|cluster-node)/.test(one));
    expect(await order("blog-network")).toEqual(["cluster-node-manager-1"]);
    expect(await order("blog-mysql-password-secret")).toEqual([
      "blog-mysql-password",
      "cluster-node-manager-1",
    ]);
    expect(await order("blog-data")).toEqual(["cluster-node-worker-2"]);
    expect(await order("blog-mysql")).toEqual([
      "blog-data",
      "blog-mysql-password-secret",
      "blog-mysql-root-password-secret",
      "blog-network",
    ]);
    expect(await order("blog-web")).toEqual([
      "blog-mysql",
      "blog-mysql-password-secret",
      "blog-network",
      "cluster-node-manager-1",
      "cluster-node-worker-2",
    ]);
  });

  it("is the parent of all its children, which go through the cluster's provider", async () => {
    new WordPress("blog", cluster());
    const all = [...(await engine.all())].filter(([name]) => name.startsWith("blog-"));
    expect(all.map(([, { path }]) => path.split("$")[0])).toEqual(
      all.map(() => "swarm:components:WordPress"),
    );
    const providers = all.filter(([, { type }]) => type.startsWith("swarm:"));
    expect(new Set(providers.map(([, { provider }]) => provider))).toEqual(
      new Set(["cluster-provider"]),
    );
  });

  it("answers on each node's address", async () => {
    const site = new WordPress("blog", cluster(), { port: 8080 });
    expect(await valueOf(site.endpoints)).toEqual([
      "http://198.51.100.1:8080",
      "http://198.51.100.2:8080",
    ]);
  });

  it("fails where no host can keep the database's files", () => {
    const bare = new Cluster("cluster", inLab({ lab: {}, hosts: { a: { role: "manager" } } }));
    expect(() => new WordPress("blog", bare)).toThrow(
      "got hosts with the label tier=db: none; expected exactly one, which keeps the database's files. " +
        "Give one host `labels: { tier: db }`.",
    );
  });
});

describe("deployStacks", () => {
  it("makes each declared component with its arguments", async () => {
    const stacks = deployStacks(cluster(), {
      shop: { component: "WordPress", replicas: 1, port: 81 },
      blog: { component: "WordPress" },
    });
    expect(Object.keys(stacks)).toEqual(["blog", "shop"]);
    expect((await engine.find("shop-web")).inputs).toMatchObject({
      replicas: 1,
      ports: [{ target: 80, published: 81 }],
    });
    expect((await engine.find("blog-web")).inputs).toMatchObject({ replicas: 3 });
  });
});
