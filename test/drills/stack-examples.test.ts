/**
 * The smaller stack files, one after the other on one lab, as stacks/README.md tells of them: made, changed in the file,
 * changed by hand and repaired, and gone when the configuration names them no longer.
 *
 * Does not prove: the public images (the lab has images of its own under their names), more than one manager.
 */
import { ask, StackLab, until, type Answer } from "./stack-lab";
import { installSite } from "../e2e/wordpress-site";
import { minute } from "./story";

const lab = new StackLab("stack-examples", {
  hosts: [
    "manager-1: { role: manager }",
    "worker-1: { role: worker, labels: { tier: db }, memory: 1GiB }",
  ],
  memory: "768MiB",
});
const { clone } = lab;

async function firstNode(): Promise<string> {
  const [node = ""] = await lab.addresses();
  return node;
}

/** How often the page has been seen. */
function visits({ text }: Answer): number {
  return Number(/seen (\d+) times/.exec(text)?.[1]);
}

describe("composetest", () => {
  it(
    "is refused while its file builds, before anything is made",
    async () => {
      lab.declare("counter: { file: stacks/composetest.build.yml }");
      expect(await lab.failing()).toMatch(
        /composetest\.build\.yml:\d+:\d+ services\.web: got no image; expected one\. A swarm builds nothing/,
      );
      expect(await clone.npmOk("lab", ["list"])).not.toContain("manager-1");
    },
    10 * minute,
  );

  it(
    "counts its visitors with an image, on every node",
    async () => {
      lab.declare(
        "counter: { file: stacks/composetest.yml, variables: { IMAGE: composetest_web } }",
      );
      await lab.up();
      // `up` has asked for the page itself: whoever asks next is one more.
      const url = `http://${await firstNode()}:8000/`;
      const before = visits(await until(url, "I have been seen"));
      expect(before).toBeGreaterThan(0);
      expect(visits(await ask(url))).toBe(before + 1);
      await lab.everywhere("http://NODE:8000/", "I have been seen");
      expect(await lab.services()).toEqual(["counter_redis 1/1", "counter_web 1/1"]);
    },
    30 * minute,
  );

  it(
    "has a second port when its file says so, and loses what was added by hand",
    async () => {
      clone.edit("stacks/composetest.yml", '- "8000:5000"', '- "8000:5000"\n      - "8009:5000"');
      const planned = await clone.planned();
      expect(planned).toEqual([expect.stringMatching(/^update counter\.web ports/)]);
      await lab.up();
      await lab.everywhere("http://NODE:8009/", "I have been seen");
      const flags = "--publish-rm 5000 --publish-add 8111:5000";
      await lab.manager(`docker service update --detach ${flags} counter_web`);
      expect(await clone.planned()).toEqual([expect.stringMatching(/^update counter\.web ports/)]);
      await lab.up();
      await lab.everywhere("http://NODE:8000/", "I have been seen");
      await expect(ask(`http://${await firstNode()}:8111/`)).rejects.toThrow();
    },
    20 * minute,
  );
});

describe("visualizer and Portainer", () => {
  it(
    "show both nodes, in the place of what went before",
    async () => {
      lab.declare(
        "portainer: { file: stacks/portainer.yml }",
        "visualizer: { file: stacks/visualizer.yml }",
      );
      await lab.up();
      expect(await lab.leftOf("counter")).toBe("");
      expect(await lab.services()).toEqual([
        "portainer_agent 2/2",
        "portainer_portainer 1/1",
        "visualizer_visualizer 1/1",
      ]);
      const node = await firstNode();
      const { text } = await until(`http://${node}:9000/api/endpoints`, "worker-1");
      expect(JSON.parse(text)).toEqual([
        { Id: 1, URL: "tcp://tasks.agent:9001", Nodes: ["manager-1", "worker-1"] },
      ]);
      await lab.everywhere("http://NODE:9000/", "<title>Portainer</title>");
      await lab.everywhere("http://NODE:8001/", "worker-1 (worker)");
      const tasks = await ask(`http://${node}:8001/apis/tasks`);
      const { objects } = JSON.parse(tasks.text) as { objects: object[] };
      expect(objects.length).toBeGreaterThanOrEqual(4);
    },
    20 * minute,
  );

  it(
    "keep what is in their volume, and come back when somebody has taken the agents off a node",
    async () => {
      const url = `http://${await firstNode()}:9000/api/status`;
      const before = (await until(url, "InstanceID")).text;
      clone.edit("stacks/portainer.yml", '"9000:9000"', '"9001:9000"');
      expect(await clone.planned()).toEqual(["update portainer.portainer ports[0].published"]);
      await lab.up();
      expect((await until(url.replace("9000", "9001"), "InstanceID")).text).toBe(before);
      const add = "--constraint-add 'node.role == worker'";
      await lab.manager(`docker service update --detach ${add} portainer_agent`);
      expect(await clone.planned()).toEqual(["update portainer.agent placement.constraints"]);
      await lab.up();
      expect(await lab.nodesOf("portainer_agent")).toEqual(["manager-1", "worker-1"]);
    },
    20 * minute,
  );
});

describe("the voting app", () => {
  it(
    "counts votes that came in over any node",
    async () => {
      lab.declare("voting: { file: stacks/voting.yml }");
      await lab.up();
      const addresses = await lab.addresses();
      for (const address of addresses) {
        await until(`http://${address}:8080/`, "Cats vs Dogs");
        await ask(`http://${address}:8080/`, { form: "vote=a" });
      }
      await ask(`http://${addresses[0] ?? ""}:8080/`, { form: "vote=b" });
      await lab.everywhere("http://NODE:8081/scores", `{"a": ${addresses.length}, "b": 1}`);
    },
    30 * minute,
  );

  it(
    "has other words and more front ends when its file says so, and keeps its votes",
    async () => {
      clone.edit(
        "stacks/voting.yml",
        "    deploy:\n      replicas: 2",
        "    environment: { OPTION_A: Tea, OPTION_B: Coffee }\n    deploy:\n      replicas: 3",
      );
      expect(await clone.planned()).toEqual(["update voting.vote env replicas"]);
      await lab.up();
      await lab.everywhere("http://NODE:8080/", "Tea vs Coffee");
      expect(await lab.services()).toContain("voting_vote 3/3");
      await lab.manager("docker service rm voting_worker");
      expect(await clone.planned()).toEqual(["create voting.worker"]);
      await lab.up();
      await lab.everywhere("http://NODE:8081/scores", '"b": 1');
    },
    20 * minute,
  );
});

describe("WordPress", () => {
  it(
    "(c) is refused while another stack publishes its port",
    async () => {
      lab.declare("voting: { file: stacks/voting.yml }");
      await lab.up();
      lab.declare("blog: { file: stacks/wordpress-c.yml }");
      expect(await lab.failing()).toContain('got 8080/tcp, which service "voting_vote" publishes');
    },
    30 * minute,
  );

  it(
    "(c) answers with three web servers",
    async () => {
      // A port is free once a run has taken it from its service.
      lab.declare();
      await lab.up();
      expect(await lab.leftOf("voting")).toBe("");
      lab.declare("blog: { file: stacks/wordpress-c.yml }");
      await lab.up();
      expect(await lab.services()).toEqual(["blog_mysql 1/1", "blog_web 3/3"]);
      expect(await lab.nodesOf("blog_mysql")).toEqual(["worker-1"]);
      await lab.everywhere("http://NODE:8080/wp-admin/install.php", "WordPress");
      await lab.manager("docker service scale --detach blog_web=1");
      expect(await clone.planned()).toEqual(["update blog.web replicas"]);
      await lab.up();
      expect(await lab.services()).toContain("blog_web 3/3");
    },
    30 * minute,
  );

  it(
    "(d) likewise, with its password in a file in memory alone",
    async () => {
      // MySQL takes a password only into an empty volume, and (c) has one of the same name.
      lab.declare();
      await lab.up();
      await clone.on("worker-1", "docker", "volume", "rm", "--force", "blog_mysql-data");
      lab.declare("blog: { file: stacks/wordpress-d.yml, secrets: { my-pw: { generate: 32 } } }");
      await lab.up();
      await installSite(`http://${await firstNode()}:8080`);
      await lab.everywhere("http://NODE:8080/", "Lab");
      const said = await lab.manager("docker service inspect blog_web blog_mysql");
      expect(said).toContain("/run/secrets/my-pw");
      expect(said).not.toMatch(/PASSWORD=/);
      clone.edit("stacks/wordpress-d.yml", "replicas: 3", "replicas: 2");
      expect(await clone.planned()).toEqual(["update blog.web replicas"]);
      await lab.up();
      expect(await lab.services()).toEqual(["blog_mysql 1/1", "blog_web 2/2"]);
    },
    30 * minute,
  );
});
