import { realpathSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../../lab/lab";
import { LabNetwork } from "../../lab/network";
import type { LabPlan } from "../../lab/plan";
import { runProcess } from "../../lab/process";
import { Toolbox } from "../../lab/toolbox";
import type { Clone } from "../e2e/clone";

/** The gateway of a clone's lab, through whose bridge goes everything that its machines say to each other. */
export class Gateway {
  readonly plan: LabPlan;
  private readonly toolbox: Toolbox;
  private readonly network: LabNetwork;

  constructor({ directory }: Clone, hosts: readonly string[]) {
    const lab = join(directory, ".swarm", "lab");
    this.plan = new Lab({ directory: lab, image: "debian", hosts }).plan;
    this.toolbox = new Toolbox(lab, realpathSync(join(lab, "cache")));
    this.network = new LabNetwork({
      directory: join(lab, "network"),
      toolbox: this.toolbox,
      plan: this.plan,
      others: async () => Promise.resolve([]),
    });
  }

  /** Reads rules of nftables, or says some. */
  async nft(rules: string): Promise<string> {
    const tool = this.toolbox.command(["nft", "-f", "-"], { processes: "shared" });
    const { argv, env } = await this.network.command(tool);
    return (await runProcess(argv, { env, stdin: rules })).stdout;
  }
}
