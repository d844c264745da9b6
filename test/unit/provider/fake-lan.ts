import type { Node } from "@docker/node-sdk";
import type { RunOptions } from "../../../hosts/command";
import { Run } from "../../../cluster/run";
import type { Context } from "../../../provider/context";
import type { View } from "../../../provider/node/managed";

interface Script {
  readonly text: string;
  readonly words: readonly string[];
  readonly options: RunOptions;
}

/** Machines on one network, as the scripts that try it see them. Their addresses follow from their names: `m1` is 10.0.0.1. */
export class FakeLan {
  /** What does not get through: `w1>m1 7946/udp`. */
  readonly closed = new Set<string>();
  /** Machines whose engine has its ports already, with its own file about its part in the swarm. */
  readonly engines = new Map<string, object>();
  /** Machines that nobody connects to. */
  readonly silent = new Set<string>();
  /** Every way that was tried: `w1>m1 7946/udp`. */
  readonly tried: string[] = [];
  /** Machines on which somebody else than an engine listened on a port, in that order. */
  readonly listened: string[] = [];
  readonly warned: string[] = [];
  readonly progress: string[] = [];
  /** Networks of the swarm. */
  networks: object[] = [];
  /** Happens when a trial is over. */
  afterwards = (): void => undefined;
  private readonly hosts: readonly string[];
  private readonly listeners = new Map<string, (line: string) => void>();
  private readonly shared = new Run();

  constructor(...hosts: readonly string[]) {
    this.hosts = hosts;
  }

  addressOf(host: string): string {
    return `10.0.0.${this.hosts.indexOf(host) + 1}`;
  }

  node(host: string, more: Node = {}): Node {
    const address = this.addressOf(host);
    return {
      ID: `id-${host}`,
      Description: { Hostname: host },
      Status: { State: "ready", Addr: address },
      ...(host.startsWith("m")
        ? { ManagerStatus: { Reachability: "reachable", Addr: `${address}:2377` } }
        : {}),
      ...more,
    };
  }

  view(...nodes: readonly Node[]): View {
    return { clusterId: "ours", nodes, tokens: { manager: "", worker: "" } };
  }

  /** @param nodes - of the swarm, where somebody asks for them */
  context(nodes: readonly Node[] = []): Context {
    const machines = {
      has: (host: string) => this.hosts.includes(host),
      get: (host: string) => this.machine(host),
    };
    return {
      machines,
      managers: {
        networks: async () => Promise.resolve(this.networks),
        nodes: async () => Promise.resolve(nodes),
      },
      run: this.shared,
      signal: new AbortController().signal,
      progress: (text: string) => this.progress.push(text),
      warnOnce: (text: string) => this.warned.push(text),
    } as unknown as Context;
  }

  private machine(host: string): object {
    return {
      engine: () => ({ info: async () => Promise.resolve({}) }),
      readFile: async () => Promise.resolve(JSON.stringify(this.engines.get(host) ?? {})),
      script: async (text: string, words: readonly string[], options: RunOptions = {}) =>
        this.silent.has(host)
          ? Promise.reject(new Error(`${host}: no connection`))
          : Promise.resolve({ code: 0, stdout: this.answer(host, { text, words, options }) }),
    };
  }

  private answer(host: string, { text, words, options }: Script): string {
    if (text.includes("listen.sh")) this.listen(host, words, options);
    // What is in the way is never an engine.
    if (text.includes("listens.sh")) return "yes\n";
    if (text.startsWith("kill")) this.afterwards();
    if (text.includes("routes.sh"))
      return words.map((to) => `${to} dev eth0 src ${this.addressOf(host)} uid 0\n`).join("");
    if (text.includes("ip -o addr"))
      return `2: eth0 inet ${this.addressOf(host)}/24 scope global\n\n`;
    return text.includes("reach.sh") ? this.reach(host, words) : "";
  }

  private listen(host: string, words: readonly string[], options: RunOptions): void {
    const say = (line: string): void => options.onLine?.(line);
    this.listeners.set(host, say);
    if (words.some((word) => /^\d+\/(tcp|udp)$/.test(word))) this.listened.push(host);
    for (const port of words.slice(2).filter((_, at) => at % 2 === 1))
      say(`${this.engines.has(host) && port !== "esp" ? "taken" : "open"} ${port}`);
    say("ready 7");
  }

  /** `m1`, or `m1/10.9.0.1` for the address of its data path; an address that is nobody's is its own name. */
  private nameAt(address: string): string {
    const host = this.hosts.find(
      (one) => this.addressOf(one) === address.replace(/^10\.9\./, "10.0."),
    );
    if (host === undefined) return address;
    return address === this.addressOf(host) ? host : `${host}/${address}`;
  }

  private reach(from: string, words: readonly string[]): string {
    const ways = words.flatMap((_, at) => (at % 3 === 0 ? [words.slice(at, at + 3)] : []));
    return ways
      .map(([address = "", port = "", third = ""]) => {
        const to = this.nameAt(address);
        const way = `${from}>${to} ${port}`;
        const isOpen = !this.closed.has(way);
        if (third !== "1472") this.tried.push(way);
        if (port === "esp" && isOpen)
          this.listeners.get(to.split("/", 1)[0] ?? "")?.(`came ${from}`);
        return `${port === "esp" ? "sent" : isOpen ? "yes" : "no"} ${address} ${port} ${third}`;
      })
      .join("\n");
  }
}
