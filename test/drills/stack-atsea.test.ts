/**
 * The AtSea shop as its file is, on a lab: TLS on every node, a network that is encrypted, a gateway on the node that may
 * have it; scaled, changed by hand, given an image that does not run, and taken down.
 *
 * Does not prove: the public images (the lab has images of its own under their names).
 */
import { Authority } from "../authority";
import { ask, StackLab, until } from "./stack-lab";
import { minute } from "./story";

const lab = new StackLab("stack-atsea", {
  hosts: [
    "manager-1: { role: manager }",
    'worker-1: { role: worker, memory: 1280MiB, labels: { pcidss: "yes" } }',
  ],
  memory: "768MiB",
});
const { clone } = lab;
const file = "stacks/atsea.yml";
const stack = `atsea:
      file: ${file}
      secrets:
        postgres_password: { generate: 32 }
        staging_token: staging
        revprox_key: { file: certs/shop.key }
        revprox_cert: { file: certs/shop.crt }`;
let authority = "";

/** Who of the application servers answers through the proxy, asked so many times. */
async function answering(times: number): Promise<Set<string>> {
  const [node = ""] = await lab.addresses();
  const hosts = new Set<string>();
  for (let time = 0; time < times; time++) {
    const { text } = await ask(`https://${node}/utility/containerid/`, { authority });
    hosts.add((JSON.parse(text) as { host: string }).host);
  }
  return hosts;
}

async function replicas(): Promise<string | undefined> {
  return (await lab.services()).find((line) => line.startsWith("atsea_appserver"));
}

it(
  "is made, and answers through TLS on every node",
  async () => {
    const signer = await Authority.make("shop", 30);
    const server = await signer.identityOf("127.0.0.1");
    authority = signer.certificate;
    clone.write("certs/shop.crt", server.certificate);
    clone.write("certs/shop.key", server.key);
    lab.declare(stack);
    await lab.up();
    expect(await lab.services()).toEqual([
      "atsea_appserver 2/2",
      "atsea_database 1/1",
      "atsea_payment_gateway 1/1",
      "atsea_reverse_proxy 1/1",
      "atsea_visualizer 1/1",
    ]);
    for (const node of await lab.addresses()) {
      const { status, location } = await ask(`http://${node}/index.html`);
      expect([status, location]).toEqual([301, `https://${node}/index.html`]);
      await until(`https://${node}/index.html`, "Atsea Shop", { authority });
      const products = await ask(`https://${node}/api/product/`, { authority });
      expect(JSON.parse(products.text)).toHaveLength(9);
      const health = await ask(`https://${node}/utility/healthcheck/`, { authority });
      expect(JSON.parse(health.text)).toEqual({
        status: expect.stringMatching(/^\d{4}-/) as string,
      });
      await until(`http://${node}:8001/`, "atsea_appserver");
    }
    expect(await clone.npmOk("status")).toMatch(/https:\/\/[\d.]+ +302 Found/);
    // Whoever does not know its certificate does not believe it.
    const [node = ""] = await lab.addresses();
    await expect(ask(`https://${node}/`)).rejects.toThrow(/certificate/);
  },
  30 * minute,
);

it(
  "is where its file says, with what its file says",
  async () => {
    expect(await lab.nodesOf("atsea_visualizer")).toEqual(["manager-1"]);
    for (const service of ["appserver", "database", "payment_gateway"])
      expect([service, await lab.nodesOf(`atsea_${service}`)]).toEqual([service, ["worker-1"]]);
    const networks = await lab.manager("docker network ls --format {{.Name}}");
    const own = networks.split("\n").filter((name) => name.startsWith("atsea_"));
    expect(own.sort()).toEqual([
      "atsea_back-tier",
      "atsea_default",
      "atsea_front-tier",
      "atsea_payment",
    ]);
    const options = "docker network inspect atsea_payment --format '{{json .Options}}'";
    expect(JSON.parse(await lab.manager(options))).toHaveProperty("encrypted");
    expect(await lab.manager("docker service logs --tail 1 atsea_payment_gateway 2>&1")).toMatch(
      /OK .*token staging/,
    );
    expect(await lab.manager("docker stack ls --format '{{.Name}} {{.Services}}'")).toBe("atsea 5");
  },
  10 * minute,
);

it(
  "has ten application servers when its file says so, and all of them answer",
  async () => {
    clone.edit(file, "replicas: 2", "replicas: 10");
    expect(await clone.planned()).toEqual(["update atsea.appserver replicas"]);
    await lab.up();
    expect(await replicas()).toBe("atsea_appserver 10/10");
    expect((await answering(30)).size).toBe(10);
  },
  20 * minute,
);

it(
  "shows what was changed by hand, and has it repaired",
  async () => {
    await lab.manager("docker service scale --detach atsea_appserver=4");
    await lab.manager("docker service update --detach --env-add BY=hand atsea_database");
    expect(await clone.planned()).toEqual([
      "update atsea.appserver replicas",
      "update atsea.database env.BY",
    ]);
    await lab.up();
    expect(await replicas()).toBe("atsea_appserver 10/10");
    await lab.everywhere("http://NODE:8001/", "atsea_database running");
  },
  20 * minute,
);

it(
  "goes back to the image before when the new one does not run, and says so",
  async () => {
    const broken = "dockersamples/atseasampleshopapp_payment_gateway";
    clone.edit(file, "image: dockersamples/atsea_app\n", `image: ${broken}\n`);
    const said = await lab.failing();
    expect(said).toMatch(/service atsea_appserver: Docker rolled the update back/);
    expect(said).toContain("token WRONG");
    expect(await replicas()).toBe("atsea_appserver 10/10");
    await lab.everywhere("http://NODE:8001/", "atsea_appserver running");
    expect((await answering(10)).size).toBeGreaterThan(1);
    clone.edit(file, `image: ${broken}\n`, "image: dockersamples/atsea_app\n");
    await lab.up();
  },
  20 * minute,
);

it(
  "leaves nothing when it is declared no longer",
  async () => {
    lab.declare();
    await lab.up();
    expect(await lab.leftOf("atsea")).toBe("");
  },
  10 * minute,
);
