/**
 * Images of a registry that asks for a log-in: refused, found, missing, a tag that moved, a password that changed and
 * a task that moves to another node after that. The registry is a small one of the test's own before the lab's.
 *
 * Does not prove: token registries (Docker Hub's kind of log-in); images for several platforms; TLS.
 */
import type { Service, Task } from "@docker/node-sdk";
import { ServiceLab } from "../e2e/service-lab";
import { PrivateRegistry } from "./private-registry";

const minute = 60_000;
const lab = new ServiceLab("service-images", ["manager-1", "worker-1"]);
const { machineAddress, gateway } = lab.docker.plan;
const port = 5555;
const address = `${machineAddress}:${port}`;
const image = `${address}/private/app`;
const registry = new PrivateRegistry("private/app", `http://${gateway}:5000/v2/library/redis`);
const passwords = ["first-password-8841", "second-password-2207"] as const;

/** The configuration, with or without an account. */
function settings(password?: string): string {
  const insecure = `  swarm:engine: { insecureRegistries: ["${address}"] }\n`;
  const login = `{ username: deploy, password: ${password ?? ""} }`;
  return password === undefined
    ? insecure
    : `${insecure}  swarm:registries:\n    "${address}": ${login}\n`;
}

function app(more: object = {}): void {
  lab.declare({
    app: { image: `${image}:1`, stopGracePeriod: "1s", updateConfig: { monitor: "2s" }, ...more },
  });
}

async function pinned(): Promise<string> {
  const service = await lab.docker.ask<Service>("GET", "/services/app");
  return service.Spec?.TaskTemplate?.ContainerSpec?.Image ?? "";
}

async function tasks(): Promise<Task[]> {
  return lab.docker.ask<Task[]>("GET", "/tasks", { query: { filters: { service: ["app"] } } });
}

async function runningTasks(): Promise<Task[]> {
  return (await tasks()).filter(
    ({ DesiredState, Status }) => DesiredState === "running" && Status?.State === "running",
  );
}

/** The digest of a tag, as the lab's own registry says. */
async function digestOf(tag: string): Promise<string> {
  const accept = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
  ].join(", ");
  const url = `http://${gateway}:5000/v2/library/redis/manifests/${tag}`;
  const answer = await fetch(url, { method: "HEAD", headers: { accept } });
  return answer.headers.get("docker-content-digest") ?? "";
}

beforeAll(async () => {
  registry.account = `deploy:${passwords[0]}`;
  registry.tags.set("1", "3.0.6");
  await lab.make(settings());
  await lab.up();
  await registry.listen(machineAddress, port);
}, 30 * minute);

afterAll(async () => {
  await registry.close();
  await lab.remove();
}, 15 * minute);

describe("an image of a private registry", () => {
  it(
    "is refused at preview without an account, and what to do is said",
    async () => {
      app();
      const { code, stdout } = await lab.clone.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/image: got ".*\/private\/app:1", which .* does not hand out/);
      expect(stdout).toContain(`swarm:registries, key "${address}"`);
    },
    10 * minute,
  );

  it(
    "is refused at preview when the registry does not have it",
    async () => {
      lab.configure(settings(passwords[0]));
      app({ image: `${image}:none` });
      const { code, stdout } = await lab.clone.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout).toMatch(
        /image: got ".*app:none"; expected an image that .* has\. It says: .*manifest unknown/,
      );
    },
    10 * minute,
  );

  it(
    "runs pinned to its digest, and its password is nowhere to be read",
    async () => {
      app();
      await lab.up();
      expect(await pinned()).toBe(`${image}:1@${await digestOf("3.0.6")}`);
      expect(await runningTasks()).toHaveLength(1);
      expect(await lab.planned()).toEqual({});
      const state = await lab.clone.npmOk("pulumi", ["stack", "export", "--stack", "dev"]);
      expect(state).not.toContain(passwords[0]);
      expect(await lab.clone.on("manager-1", "docker service inspect app; ps axww")).not.toContain(
        passwords[0],
      );
    },
    15 * minute,
  );

  it(
    "whose tag has moved shows with tag and digest where that is asked for, and only there",
    async () => {
      registry.tags.set("1", "3.0.7");
      const [old, moved] = [await digestOf("3.0.6"), await digestOf("3.0.7")];
      expect(moved).not.toBe(old);
      expect(await lab.planned()).toEqual({});
      app({ imageRefresh: "always" });
      expect(await lab.planned()).toEqual({ app: { op: "update", changes: { image: "update" } } });
      const shown = await lab.clone.npmOk("preview", ["--diff"]);
      expect(shown).toContain(`"${image}:1@${old}" => "${image}:1@${moved}"`);
      await lab.up();
      expect(await pinned()).toBe(`${image}:1@${moved}`);
      expect(await lab.planned()).toEqual({});
      app({ imageRefresh: "never" });
      registry.tags.set("1", "3.0.6");
      expect(await lab.planned()).toEqual({});
    },
    20 * minute,
  );

  it(
    "is pulled with the new password by a node that a task moves to, and the change restarts nothing",
    async () => {
      app();
      const [before] = await runningTasks();
      registry.account = `deploy:${passwords[1]}`;
      lab.configure(settings(passwords[1]));
      expect(await lab.planned()).toEqual({
        app: { op: "update", changes: { registryLogin: "update" } },
        "cluster-provider": { op: "update", changes: { registries: "update" } },
      });
      expect(await lab.clone.npmOk("preview", ["--diff"])).not.toContain(passwords[1]);
      await lab.up();
      expect((await runningTasks()).map(({ ID }) => ID)).toEqual([before?.ID]);
      expect(await lab.planned()).toEqual({});

      const host = await hostOf(before);
      const other = host === "manager-1" ? "worker-1" : "manager-1";
      // An earlier task may have run there.
      await lab.clone.on(
        other,
        "docker container prune --force && docker image prune --all --force",
      );
      const images = await lab.clone.on(other, "docker", "image", "ls", "--quiet");
      expect(images).toBe("");
      registry.pulls.length = 0;
      await lab.clone.on("manager-1", "docker", "node", "update", "--availability", "drain", host);
      const moved = await untilRunning(before?.ID ?? "");
      expect(await hostOf(moved)).toBe(other);
      expect(new Set(registry.pulls)).toEqual(new Set([`deploy:${passwords[1]}`]));
    },
    20 * minute,
  );
});

async function hostOf(task: Task | undefined): Promise<string> {
  const node = await lab.docker.ask<{ Description: { Hostname: string } }>(
    "GET",
    `/nodes/${task?.NodeID ?? ""}`,
  );
  return node.Description.Hostname;
}

/** Waits for a running task that is another one than before. */
async function untilRunning(before: string): Promise<Task> {
  const deadline = Date.now() + 5 * minute;
  for (;;) {
    const found = (await runningTasks()).find(({ ID }) => ID !== before);
    if (found !== undefined) return found;
    if (Date.now() > deadline) {
      const states = (await tasks()).map(({ DesiredState, NodeID, Status, Spec }) => {
        return { DesiredState, NodeID, image: Spec?.ContainerSpec?.Image, ...Status };
      });
      throw new Error(`no other task of app runs after 5 minutes: ${JSON.stringify(states)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
