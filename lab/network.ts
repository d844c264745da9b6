import { existsSync } from "node:fs";
import { readlink } from "node:fs/promises";
import { Daemon } from "./daemon";
import { conflictingRoute, type LabPlan, type Route } from "./plan";
import { runProcess } from "./process";
import type { Command, Toolbox } from "./toolbox";

const BRIDGE = "br0";
const UPLINK = "uplink";

/**
 * Rules of the bridge: a frame from one interface of a pair to the other is dropped. The set survives a second run;
 * the chain is laid anew.
 */
const CUT_RULES = `
add table bridge lab
add set bridge lab pairs { type ifname . ifname; }
add chain bridge lab forward { type filter hook forward priority 0; policy accept; }
flush chain bridge lab forward
add rule bridge lab forward iifname . oifname @pairs counter drop
`;

/**
 * The lab's network: a bridge with a tap per machine and the gateway's address, in a network namespace of the lab's
 * own. One veth pair joins it to this machine, which gets one interface and no rule, route or setting beside it.
 *
 * The namespace has no name and no file: it lives as long as a process in it does, and takes its interfaces with it.
 */
export class LabNetwork {
  readonly #toolbox: Toolbox;
  readonly #plan: LabPlan;
  readonly #keeper: Daemon;
  readonly #others: () => Promise<readonly number[]>;

  /** No side effect. `others` names further processes of the lab that live in the namespace. */
  constructor(options: {
    readonly directory: string;
    readonly toolbox: Toolbox;
    readonly plan: LabPlan;
    readonly others: () => Promise<readonly number[]>;
  }) {
    this.#toolbox = options.toolbox;
    this.#plan = options.plan;
    this.#keeper = new Daemon(options.directory, "network");
    this.#others = options.others;
  }

  /** Whether the namespace and this machine's way into it are there. */
  async state(): Promise<"running" | "stopped"> {
    const keeper = await this.#keeper.state();
    return keeper === "running" && existsSync(`/sys/class/net/${this.#plan.namespace}`)
      ? "running"
      : "stopped";
  }

  /**
   * Makes what is missing; what is there stays.
   *
   * @throws Error when a route of the machine meets the lab's subnet
   */
  async ensure(routes: readonly Route[]): Promise<void> {
    const { namespace, gateway, machineAddress, subnet } = this.#plan;
    const route = conflictingRoute(this.#plan, routes);
    if (route !== undefined) {
      throw new Error(
        `lab: got a route of this machine over "${route.interface}" into ${subnet}, the lab's subnet; expected none. ` +
          "Take that interface down (another lab may own it), or run `npm run destroy` so that the lab picks another subnet.",
      );
    }
    await this.#ensureKeeper();
    const links = await this.#linkNames();
    const lines = ["link set lo up"];
    if (!links.has(BRIDGE)) {
      lines.push(
        // forward_delay 0: a new interface forwards at once instead of after 30 seconds of listening.
        `link add ${BRIDGE} type bridge forward_delay 0 mcast_snooping 0`,
        `addr add ${gateway}/24 dev ${BRIDGE}`,
      );
    }
    lines.push(`link set ${BRIDGE} up`);
    const outer = existsSync(`/sys/class/net/${namespace}`);
    if (!(links.has(UPLINK) && outer)) {
      if (links.has(UPLINK)) lines.push(`link del ${UPLINK}`);
      // The end of a pair whose namespace is still kept by a process nobody knows of any more.
      if (outer) await this.#ip([`link del ${namespace}`], "machine");
      // The number is this process's: its network namespace is the machine's.
      lines.push(`link add ${UPLINK} type veth peer name ${namespace} netns ${process.pid}`);
    }
    lines.push(`link set ${UPLINK} master ${BRIDGE}`, `link set ${UPLINK} up`);
    await this.#ip(lines, "lab");
    await this.#ip(
      [`addr replace ${machineAddress}/24 dev ${namespace}`, `link set ${namespace} up`],
      "machine",
    );
    // The way out ends here, with an answer: whatever a machine sends elsewhere fails at once instead of after minutes.
    const forward = await this.command(this.#tool(["sysctl", "-qw", "net.ipv4.ip_forward=1"]));
    await runProcess(forward.argv, { env: forward.env });
    await this.#ip(["route replace unreachable default metric 1"], "lab");
    await this.#nft(CUT_RULES);
  }

  /** Makes the interface that a machine is plugged into. */
  async ensureTap(host: string): Promise<void> {
    const tap = this.#plan.tapOf(host);
    const lines = [`link set ${tap} master ${BRIDGE}`, `link set ${tap} up`];
    if (!(await this.#linkNames()).has(tap)) lines.unshift(`tuntap add dev ${tap} mode tap`);
    await this.#ip(lines, "lab");
  }

  /** Takes a machine's interface away; no error when it is not there. */
  async removeTap(host: string): Promise<void> {
    if ((await this.#namespacePid()) === undefined) return;
    const tap = this.#plan.tapOf(host);
    if ((await this.#linkNames()).has(tap)) await this.#ip([`link del ${tap}`], "lab");
  }

  /** Drops everything between two machines, in both directions. */
  async cut(a: string, b: string): Promise<void> {
    await this.#nft(`add element bridge lab pairs { ${this.#pair(a, b)} }\n`);
  }

  /** Undoes `cut`; no error when nothing was cut. */
  async heal(a: string, b: string): Promise<void> {
    // Adding first makes deleting an element that is not there no error.
    const elements = `element bridge lab pairs { ${this.#pair(a, b)} }`;
    await this.#nft(`add ${elements}\ndelete ${elements}\n`);
  }

  /** Wraps a command so that it runs inside the namespace. @throws Error when there is none */
  async command(command: Command): Promise<Command> {
    const pid = await this.#namespacePid();
    if (pid === undefined) {
      throw new Error("lab: its network is not there; expected it to run. Run `npm run up`.");
    }
    // A newer version of this program may have other tools than the lab was made with.
    await this.#toolbox.ensure(() => undefined);
    return {
      argv: ["nsenter", `--net=/proc/${pid}/ns/net`, "--", ...command.argv],
      env: command.env,
    };
  }

  /** Ends the namespace's own process; its interfaces go with the last process in it. */
  async remove(): Promise<void> {
    await this.#keeper.kill();
    const { namespace } = this.#plan;
    const there = (): boolean => existsSync(`/sys/class/net/${namespace}`);
    if (!there()) return;
    // The kernel takes a namespace down in the background: what it takes away between the look and the command is gone.
    await this.#ip([`link del ${namespace}`], "machine", true);
    if (there()) {
      throw new Error(`lab: the interface ${namespace} is still there; expected it to be gone.`);
    }
  }

  async #ensureKeeper(): Promise<void> {
    if ((await this.#keeper.state()) === "running") return;
    const [other] = await this.#others();
    const enter =
      other === undefined ? ["unshare", "--net"] : ["nsenter", `--net=/proc/${other}/ns/net`, "--"];
    await this.#keeper.start({
      argv: [...enter, "sleep", "infinity"],
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    });
    const own = await readNamespace(process.pid);
    const entered = async (): Promise<boolean> => {
      const pid = await this.#keeper.pid();
      return pid !== undefined && (await readNamespace(pid)) !== own;
    };
    await this.#keeper.waitUntil(entered, { what: "a network namespace", deadlineSeconds: 10 });
  }

  async #namespacePid(): Promise<number | undefined> {
    return (await this.#keeper.pid()) ?? (await this.#others())[0];
  }

  async #linkNames(): Promise<Set<string>> {
    const { argv, env } = await this.command(this.#tool(["ip", "-json", "link", "show"]));
    const { stdout } = await runProcess(argv, { env });
    return new Set((JSON.parse(stdout) as { ifname: string }[]).map((link) => link.ifname));
  }

  async #ip(lines: readonly string[], where: "lab" | "machine", force = false): Promise<void> {
    const tool = this.#tool(["ip", ...(force ? ["-force"] : []), "-batch", "-"]);
    const { argv, env } = where === "lab" ? await this.command(tool) : tool;
    await runProcess(argv, { env, stdin: `${lines.join("\n")}\n`, allowFailure: force });
  }

  async #nft(rules: string): Promise<void> {
    const { argv, env } = await this.command(this.#tool(["nft", "-f", "-"]));
    await runProcess(argv, { env, stdin: rules });
  }

  #pair(a: string, b: string): string {
    const [one, other] = [this.#plan.tapOf(a), this.#plan.tapOf(b)];
    return `"${one}" . "${other}", "${other}" . "${one}"`;
  }

  /** In the machine's process namespace: `netns PID` above means this process. */
  #tool(argv: readonly string[]): Command {
    return this.#toolbox.command(argv, { processes: "shared" });
  }
}

function readNamespace(pid: number): Promise<string> {
  return readlink(`/proc/${pid}/ns/net`);
}
