import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import type { Rack } from "../drills/rack";
import { site } from "../drills/rack";
import type { Clone } from "../e2e/clone";
import type { Ansible, Playbook } from "./ansible";

const manager = "manager-1";

/** A way to have services on a swarm. */
export interface Rival {
  readonly name: string;
  /** Carries out a declaration, until all of its tasks run. @param mark a variable of the first service */
  deploy(services: number, tasks: number, mark?: string): Promise<void>;
  /** What it says would change, before it does anything. */
  plan(): Promise<string>;
  /** Somebody gives the first service another limit, by hand. */
  drift(): Promise<void>;
  /** Takes all of its services away. */
  remove(): Promise<void>;
}

/** What is the same for those who work on the manager: names that begin alike, and a swarm that is looked at. */
export abstract class Services implements Rival {
  abstract readonly name: string;
  protected abstract readonly prefix: string;
  protected readonly ansible: Ansible;

  constructor(ansible: Ansible) {
    this.ansible = ansible;
  }

  abstract deploy(services: number, tasks: number, mark?: string): Promise<void>;
  abstract plan(): Promise<string>;

  async drift(): Promise<void> {
    await this.ansible.on(manager, driftOf(`${this.prefix}s0`));
  }

  async remove(): Promise<void> {
    const list = `docker service ls -q --filter name=${this.prefix}`;
    await this.ansible.on(manager, `${list} | xargs -r docker service rm >/dev/null`);
  }

  /**
   * Looks every half second, for ten minutes at most, at the tasks that are wanted.
   *
   * @param mark the variable of those of the first service: what ran before a change does not count
   */
  protected async untilRunning(services: number, tasks: number, mark = "0"): Promise<void> {
    const marks = (count: number): string[] => Array.from({ length: count * tasks }, () => "0");
    const wanted = [...marks(services - 1), ...marks(1).map(() => mark)].sort().join(" ");
    const deadline = performance.now() + 600_000;
    while (tasks > 0) {
      const running = (await this.running()).sort().join(" ");
      if (running === wanted) return;
      if (performance.now() > deadline)
        throw new Error(`${this.name}: got tasks of MARK ${running}; expected ${wanted}`);
      await delay(500);
    }
  }

  /** The variable of each task that runs. */
  private async running(): Promise<string[]> {
    const steps = [
      `docker service ls -q --filter name=${this.prefix}`,
      "xargs -r docker service ps -q --filter desired-state=running",
      "xargs -r docker inspect --type task --format '{{.Status.State}} {{.Spec.ContainerSpec.Env}}'",
    ];
    const lines = await this.ansible.on(manager, steps.join(" | "));
    return [...lines.matchAll(/^running \[MARK=(.*)\]$/gm)].map(([, mark = ""]) => mark);
  }
}

/** `docker stack deploy`, which waits because it is told to. */
export class CommandServices extends Services {
  readonly name = "docker stack deploy";
  protected readonly prefix = "cmd_";

  async deploy(services: number, tasks: number, mark?: string): Promise<void> {
    const text = Buffer.from(fileOf(services, tasks, mark)).toString("base64");
    // Watching takes five seconds for each service; where none has tasks there is nothing to watch. The registry that
    // it would ask for the digest of each service's image is out of the lab's reach.
    const flags = `--detach=${String(tasks === 0)} --resolve-image never`;
    const command = `docker stack deploy ${flags} --compose-file - cmd`;
    await this.ansible.on(manager, `echo ${text} | base64 -d | ${command}`);
    await this.untilRunning(services, tasks, mark);
  }

  async plan(): Promise<string> {
    return Promise.resolve("nothing: it has no preview");
  }
}

/** `docker_swarm_service`, once for each. */
export class AnsibleServices extends Services {
  readonly name = "Ansible";
  protected readonly prefix = "ans_";
  private playbook: Playbook = [];

  async deploy(services: number, tasks: number, mark?: string): Promise<void> {
    this.playbook = playbookOf(services, tasks, mark);
    await this.ansible.play(this.playbook);
    await this.untilRunning(services, tasks, mark);
  }

  async plan(): Promise<string> {
    const { changed, text } = await this.ansible.play(this.playbook, "--check", "--diff");
    const lines = text.split("\n").filter((line) => /^[+-] /.test(line));
    return [`${changed} changed`, ...lines].join("\n");
  }
}

/** A stack file, declared. */
export class ProgramServices implements Rival {
  readonly name = "npm run up";
  private readonly clone: Clone;
  private readonly rack: Rack;

  constructor(clone: Clone, rack: Rack) {
    this.clone = clone;
    this.rack = rack;
  }

  async deploy(services: number, tasks: number, mark?: string): Promise<void> {
    this.clone.write("stacks/rival.yml", fileOf(services, tasks, mark));
    this.declare({ own: { file: "stacks/rival.yml" } });
    await this.clone.npmOk("up", ["--yes", "--skip-preview", ...site], { minutes: 25 });
  }

  async plan(): Promise<string> {
    const planned = await this.clone.planned(site);
    return planned.length === 0
      ? "0 changed"
      : [`${planned.length} changed`, ...planned].join("\n");
  }

  async drift(): Promise<void> {
    await this.clone.on(manager, driftOf("own_s0"));
  }

  async remove(): Promise<void> {
    this.declare({});
    await this.clone.npmOk("up", ["--yes", "--skip-preview", ...site], { minutes: 25 });
  }

  private declare(stacks: object): void {
    this.rack.declare({
      "swarm:ssh": { privateKey: this.rack.privateKey },
      "swarm:hosts": this.rack.hosts(),
      "swarm:stacks": stacks,
    });
  }
}

const driftOf = (service: string): string =>
  `docker service update --quiet --limit-memory 64M ${service} >/dev/null`;

/** Names of so many services. */
export const keysOf = (services: number): string[] =>
  Array.from({ length: services }, (_, index) => `s${String(index)}`);

/** The stack file of two of them. */
function fileOf(services: number, replicas: number, mark = "0"): string {
  const one = (key: string): object => ({
    image: "busybox",
    command: "sleep 100000",
    stop_grace_period: "0s",
    environment: { MARK: key === "s0" ? mark : "0" },
    deploy: { replicas },
  });
  return stringify({
    services: Object.fromEntries(keysOf(services).map((key) => [key, one(key)])),
  });
}

/** The same as tasks of a play. */
function playbookOf(services: number, replicas: number, mark = "0"): Playbook {
  const tasks = keysOf(services).map((key) => ({
    "community.docker.docker_swarm_service": {
      name: `ans_${key}`,
      image: "busybox",
      args: ["sleep", "100000"],
      stop_grace_period: "0s",
      env: { MARK: key === "s0" ? mark : "0" },
      replicas,
    },
  }));
  return [{ hosts: "managers", gather_facts: false, tasks }];
}
