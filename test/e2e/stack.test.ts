/**
 * A stack file as people have them: made with Docker's own command, taken over without a restart, changed, looked after
 * and removed. What Docker says on the machine is what counts.
 *
 * Does not prove: several nodes, rollouts that fail, the examples of stacks/ (their drills do).
 */
import { Clone } from "./clone";

const minute = 60_000;
const clone = new Clone("stack");
const host = "manager-1";

const cluster = `config:
  swarm:lab: { memory: 900MiB, image: debian }
  swarm:hosts: { ${host}: { role: manager } }
`;

const file = `version: "3.8"
services:
  web:
    image: nginx
    ports: ["8080:80"]
    configs: [{ source: page, target: /usr/share/nginx/html/index.html }]
    secrets: [token]
    networks: [front]
    deploy:
      replicas: 2
      update_config: { order: start-first }
  clock:
    image: busybox
    command: sh -c 'while true; do sleep 1; done'
    stop_signal: SIGKILL
    environment:
      - TAG=\${TAG:-none}
      - BARE
networks: { front: {} }
configs: { page: { file: ./page.html } }
secrets: { token: { file: ./token.txt } }
`;

/** Options of the stack, as its line in the configuration has them. */
function declare(options: string): void {
  clone.write(
    "Pulumi.dev.yaml",
    `${cluster}  swarm:stacks: { shop: { file: stacks/my/shop.yml${options} } }\n`,
  );
}

async function docker(...words: readonly string[]): Promise<string> {
  return clone.on(host, "docker", ...words);
}

async function names(noun: string): Promise<string[]> {
  const listed = await docker(noun, "ls", "--format", "{{.Name}}");
  return listed
    .split("\n")
    .filter((name) => name.startsWith("shop"))
    .sort();
}

/** Id and version of each service, and ids of the tasks that run. */
async function running(): Promise<string> {
  const services = await clone.on(
    host,
    "docker service ls -q | xargs docker service inspect --format '{{.Spec.Name}} {{.ID}} {{.Version.Index}}' | sort",
  );
  const tasks = await docker("stack", "ps", "shop", "-q", "--filter", "desired-state=running");
  return `${services}\n${tasks.split("\n").sort().join("\n")}`;
}

/** A variable of the clock, as Docker would start it with now. */
async function tag(): Promise<string> {
  const format = "{{range .Spec.TaskTemplate.ContainerSpec.Env}}{{println .}}{{end}}";
  const variables = await docker("service", "inspect", "--format", format, "shop_clock");
  return variables.split("\n").find((line) => line.startsWith("TAG=")) ?? "";
}

/** The page, as the mesh gives it to a client on the machine. */
async function page(): Promise<string> {
  return clone.on(host, "curl", "--silent", "--max-time", "20", "http://127.0.0.1:8080/");
}

beforeAll(async () => {
  await clone.make();
  clone.write("Pulumi.dev.yaml", cluster);
  clone.write("stacks/my/shop.yml", file);
  clone.write("stacks/my/page.html", "<h1>one</h1>\n");
  clone.write("stacks/my/token.txt", "first");
  await clone.npmOk("up", ["--yes"], { minutes: 20 });
}, 25 * minute);

afterAll(async () => {
  await clone.clear();
}, 10 * minute);

it(
  "takes over what docker stack deploy made: nothing restarts, ids stay",
  async () => {
    const files = { "shop.yml": file, "page.html": "<h1>one</h1>\n", "token.txt": "first" };
    for (const [name, text] of Object.entries(files)) {
      const base64 = Buffer.from(text).toString("base64");
      await clone.on(host, `mkdir -p shop && echo ${base64} | base64 -d > shop/${name}`);
    }
    await clone.on(host, "cd shop && docker stack deploy --detach=false -c shop.yml shop");
    await docker(
      "network",
      "create",
      "-d",
      "overlay",
      "--label",
      "com.docker.stack.namespace=shop",
      "shop_old",
    );
    const before = await running();

    declare(", adopt: { secrets: true }");
    const { code, stdout, stderr } = await clone.npm("preview", ["--diff"]);
    const said = stdout + stderr;
    expect([code, code === 0 ? "" : said]).toEqual([0, ""]);
    expect(said).toContain(
      'service "shop_web" was made by docker stack deploy: taken over as it is',
    );
    expect(said).toContain(
      "shop: network shop_old is under this stack's label and not in its files",
    );
    await clone.npmOk("up", ["--yes"]);
    expect(await running()).toBe(before);
    expect(await names("secret")).toEqual(["shop_token"]);
    expect(await names("config")).toEqual(["shop_page"]);
    expect(await clone.planned()).toEqual([]);
  },
  15 * minute,
);

it(
  "moves services to a changed config and secret, and the old ones go",
  async () => {
    expect(await page()).toBe("<h1>one</h1>");
    clone.write("stacks/my/page.html", "<h1>two</h1>\n");
    clone.write("stacks/my/token.txt", "second");
    expect(await clone.planned()).toEqual([
      "replace shop.page value",
      "replace shop.token value",
      "update shop.web configs[0].source secrets[0].source",
    ]);
    await clone.npmOk("up", ["--yes"]);
    expect(await page()).toBe("<h1>two</h1>");
    expect(await names("config")).toEqual([expect.stringMatching(/^shop_page-[0-9a-f]{8}$/)]);
    expect(await names("secret")).toEqual([expect.stringMatching(/^shop_token-[0-9a-f]{8}$/)]);
  },
  10 * minute,
);

it(
  "shows what was changed by hand, and what somebody left under its name, and puts both right",
  async () => {
    await docker("service", "update", "--quiet", "--detach", "--replicas", "1", "shop_web");
    await docker("service", "update", "--quiet", "--detach", "--env-add", "TAG=hand", "shop_clock");
    declare(", prune: true");
    expect(await clone.planned()).toEqual([
      "update shop others[0]",
      "update shop.clock env.TAG",
      "update shop.web replicas",
    ]);
    await clone.npmOk("up", ["--yes"]);
    expect(await names("network")).toEqual(["shop_default", "shop_front"]);
    expect(await tag()).toBe("TAG=none");
    expect(await docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}")).toContain(
      "shop_web 2/2",
    );
    expect(await clone.planned()).toEqual([]);
  },
  10 * minute,
);

it(
  "removes all of it with the stack",
  async () => {
    clone.write("Pulumi.dev.yaml", cluster);
    await clone.npmOk("up", ["--yes"]);
    for (const noun of ["service", "network", "secret", "config"])
      expect([noun, await names(noun)]).toEqual([noun, []]);
  },
  10 * minute,
);
