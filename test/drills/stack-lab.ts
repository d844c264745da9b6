import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Clone } from "../e2e/clone";
import { minute } from "./story";

/** What a story's lab is like. */
interface Stage {
  /** Lines of `swarm:hosts`. */
  readonly hosts: readonly string[];
  /** Memory of each machine that says nothing else. */
  readonly memory: string;
}

/** A clone with a lab on which the committed stack files run, as `stacks/README.md` tells it. */
export class StackLab {
  readonly clone: Clone;
  readonly #stage: Stage;
  #addresses: readonly string[] = [];

  /** The clone is laid before the tests of the file, and cleared after them. */
  constructor(story: string, stage: Stage) {
    this.clone = new Clone(story);
    this.#stage = stage;
    beforeAll(() => this.clone.make(), 15 * minute);
    afterAll(() => this.clone.clear(), 15 * minute);
  }

  /** Declares stacks, by lines below `swarm:stacks`; none: an empty swarm. */
  declare(...stacks: readonly string[]): void {
    const { hosts, memory } = this.#stage;
    const lines = [
      "config:",
      `  swarm:lab: { memory: ${memory}, image: debian }`,
      "  swarm:hosts:",
      ...hosts.map((host) => `    ${host}`),
      ...(stacks.length === 0 ? [] : ["  swarm:stacks:"]),
      ...stacks.map((stack) => `    ${stack}`),
    ];
    this.clone.write("Pulumi.dev.yaml", `${lines.join("\n")}\n`);
  }

  /** Carries out what is declared; nothing is left to be done then. */
  async up(): Promise<string> {
    const said = await this.clone.npmOk("up", ["--yes"], { minutes: 20 });
    expect(await this.clone.planned()).toEqual([]);
    return said;
  }

  /** What an `up` that has to fail says. */
  async failing(): Promise<string> {
    const { code, stdout, stderr } = await this.clone.npm("up", ["--yes"]);
    expect(code).not.toBe(0);
    return `${stdout}${stderr}`;
  }

  /** Addresses of all nodes. */
  async addresses(): Promise<readonly string[]> {
    if (this.#addresses.length === 0) {
      const flags = ["stack", "output", "--json", "nodes", "--stack", "dev"];
      const nodes = JSON.parse(await this.clone.npmOk("pulumi", flags)) as Record<
        string,
        { address: string }
      >;
      this.#addresses = Object.values(nodes).map(({ address }) => address);
    }
    return this.#addresses;
  }

  /** What a manager says. */
  async manager(command: string): Promise<string> {
    return this.clone.on(this.#stage.hosts[0]?.split(":")[0] ?? "", command);
  }

  /** Services with how many of their tasks run: `shop_user 1/1`. */
  async services(): Promise<string[]> {
    const list = await this.manager("docker service ls --format '{{.Name}} {{.Replicas}}'");
    return list.split("\n").filter(Boolean).sort();
  }

  /** Nodes that the running tasks of a service are on, each once. */
  async nodesOf(service: string): Promise<string[]> {
    const filter = "--filter desired-state=running --format '{{.Node}}'";
    const nodes = await this.manager(`docker service ps ${service} ${filter}`);
    return [...new Set(nodes.split("\n"))].sort();
  }

  /** What every node answers on a port: the same text is in each. */
  async everywhere(url: string, text: string): Promise<void> {
    const addresses = await this.addresses();
    await Promise.all(addresses.map(async (address) => until(url.replace("NODE", address), text)));
  }

  /** What Docker still has under a stack's name, of every kind. */
  async leftOf(stack: string): Promise<string> {
    const kinds = ["service", "network", "secret", "config"];
    const lists = kinds.map((kind) => `docker ${kind} ls --format '{{.Name}}'`).join("; ");
    return this.manager(`(${lists}) | grep '^${stack}_' || true`);
  }
}

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

/** Asks once, over a connection of its own. `authority`: a certificate that is believed, whatever name it is for. */
export async function ask(
  url: string,
  { authority, form }: { readonly authority?: string; readonly form?: string } = {},
): Promise<Answer> {
  const start = url.startsWith("https") ? requestHttps : requestHttp;
  const options = {
    agent: false as const,
    method: form === undefined ? "GET" : "POST",
    headers: form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" },
    signal: AbortSignal.timeout(20_000),
    ...(authority === undefined ? {} : { ca: authority, checkServerIdentity: () => undefined }),
  };
  return new Promise((resolve, reject) => {
    const sent = start(url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: answer.statusCode ?? 0, location: answer.headers.location, text });
      });
    });
    sent.on("error", reject);
    sent.end(form);
  });
}

/** A page, asked for until it has a text; up to three minutes. */
export async function until(
  url: string,
  text: string,
  options: Parameters<typeof ask>[1] = {},
): Promise<Answer> {
  const deadline = Date.now() + 3 * minute;
  for (;;) {
    const answer = await ask(url, options).catch((error: unknown) => String(error));
    if (typeof answer !== "string" && answer.text.includes(text)) return answer;
    if (Date.now() > deadline)
      throw new Error(`${url} does not say "${text}":\n${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 500)); // nothing announces it from outside
  }
}
