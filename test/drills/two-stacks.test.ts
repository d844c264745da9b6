/**
 * Two stacks on one swarm: one declares the hosts and services, the other, of another clone with another state, knows
 * the machines by their login alone and declares services. Both use the same names for a secret and a config. They are
 * carried out at the same time, changed at the same time, get in no other's way, and one goes while the other stays.
 *
 * Does not prove: two stacks that declare the same hosts.
 */
import { Clone } from "../e2e/clone";
import { minute } from "./node-lab";
import { Rack, site } from "./rack";
import { setProgram } from "./story";

const owner = new Clone("two-stacks");
const tenant = new Clone("two-stacks-tenant");
const rack = new Rack(owner, { "manager-1": "manager", "worker-1": "worker" });

/** Declarations of the resources that both stacks have, and their services by name. */
function resources(stack: string, release: string, services: readonly string[]): string {
  const options = stack === "shop" ? "onCluster(cluster)" : "at";
  return `
  const secret = new Secret("key", { value: "key of ${release}" }, ${options});
  const config = new Config("page", { value: "page of ${release}" }, ${options});
  for (const name of ${JSON.stringify(services)})
    new Service(name, {
      image: "nginx",
      labels: { "com.docker.stack.namespace": "${stack}" },
      env: { RELEASE: "${release}" },
      secrets: [{ source: secret.name, target: "key" }],
      configs: [{ source: config.name, target: "/page" }],
    }, ${options});`;
}

const ownServices = ["web-1", "web-2", "web-3"];
const tenantServices = ["job-1", "job-2", "job-3"];

function setOwner(release: string, services = ownServices): void {
  setProgram(owner, resources("shop", release, services));
  const shop = { "swarm:stacks": { story: { program: "story" } } };
  rack.declare({ ...access(), ...(services.length === 0 ? {} : shop) });
}

/** A program without a cluster. */
function setTenant(release: string, services = tenantServices, more = ""): void {
  tenant.write(
    "index.ts",
    `import { providerArgs } from "./components/provider-args";
import { Config } from "./resources/config";
import { Network } from "./resources/network";
import { Provider } from "./resources/provider";
import { Secret } from "./resources/secret";
import { Service } from "./resources/service";
import { readSettings } from "./settings";

const at = { provider: new Provider("swarm", providerArgs(readSettings())) };
${resources("jobs", release, services)}
${more}
`,
  );
  tenant.write("Pulumi.dev.yaml", JSON.stringify({ config: access() }));
}

function access(): Record<string, unknown> {
  return { "swarm:ssh": { privateKey: rack.privateKey }, "swarm:hosts": rack.hosts() };
}

beforeAll(async () => {
  await owner.make();
  await tenant.make();
  await rack.boot({ memory: "640MiB", image: "debian" });
  setOwner("one", []);
  await owner.npmOk("up", ["--yes", "--skip-preview", ...site], { minutes: 20 });
}, 45 * minute);

afterAll(async () => {
  await tenant.npm("destroy", ["--yes"]);
  tenant.remove();
  await owner.npm("destroy", ["--yes", ...site]);
  await owner.clear();
}, 20 * minute);

/** Both stacks are carried out at the same time. */
async function upBoth(): Promise<void> {
  await Promise.all([
    owner.npmOk("up", ["--yes", "--skip-preview", ...site]),
    tenant.npmOk("up", ["--yes", "--skip-preview"]),
  ]);
}

async function expectNothingPlanned(): Promise<void> {
  expect(await owner.planned(site)).toEqual([]);
  expect(await tenant.planned()).toEqual([]);
}

/** Service → id and release. */
async function services(): Promise<Record<string, string>> {
  const format = "{{.Spec.Name}} {{.ID}} {{json .Spec.TaskTemplate.ContainerSpec.Env}}";
  const line = `docker service inspect --format '${format}' $(docker service ls -q)`;
  const lines = (await owner.on("manager-1", line)).split("\n").sort();
  return Object.fromEntries(
    lines.map((text) => {
      const [name = "", ...rest] = text.split(" ");
      return [name, rest.join(" ")];
    }),
  );
}

async function payloads(kind: "secret" | "config"): Promise<string[]> {
  const words = ["docker", kind, "ls", "--format", "{{.Name}}"];
  return (await owner.on("manager-1", ...words)).split("\n").sort();
}

describe("two stacks on one swarm", () => {
  it(
    "are made at the same time",
    async () => {
      setOwner("one");
      setTenant("one");
      await upBoth();
      expect(Object.keys(await services())).toEqual([...tenantServices, ...ownServices]);
      expect(await payloads("secret")).toHaveLength(2);
      expect(await payloads("config")).toHaveLength(2);
      await expectNothingPlanned();
    },
    30 * minute,
  );

  it(
    "are changed at the same time, secrets and configs of the same name included",
    async () => {
      const before = [...(await payloads("secret")), ...(await payloads("config"))];
      setOwner("two");
      setTenant("three");
      await upBoth();
      const now = await services();
      for (const name of ownServices) expect(now[name]).toContain('"RELEASE=two"');
      for (const name of tenantServices) expect(now[name]).toContain('"RELEASE=three"');
      const after = [...(await payloads("secret")), ...(await payloads("config"))];
      expect(after).toHaveLength(4);
      expect(after.filter((name) => before.includes(name))).toEqual([]);
      await expectNothingPlanned();
    },
    30 * minute,
  );

  it(
    "refuse each other's names before anything changes",
    async () => {
      const before = await services();
      setTenant("three", [...tenantServices, "web-1"]);
      const { code, stdout, stderr } = await tenant.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout + stderr).toMatch(
        /got "web-1"; expected a name that is free: a service of the stack "shop" has that name and differs in .*env\.RELEASE/,
      );
      const run = await tenant.npm("up", ["--yes"]);
      expect(run.code).not.toBe(0);
      expect(await services()).toEqual(before);
      setTenant("three");
      await expectNothingPlanned();
    },
    20 * minute,
  );

  it(
    "go one without the other",
    async () => {
      setOwner("two", []);
      await owner.npmOk("up", ["--yes", "--skip-preview", ...site]);
      expect(Object.keys(await services())).toEqual(tenantServices);
      expect(await payloads("secret")).toHaveLength(1);
      await expectNothingPlanned();
      await tenant.npmOk("destroy", ["--yes"]);
      expect(await owner.on("manager-1", "docker service ls -q | wc -l")).toBe("0");
      expect(await owner.planned(site)).toEqual([]);
    },
    20 * minute,
  );
});
