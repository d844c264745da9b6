import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "./comparison";

/** A Pulumi program that declares nothing, under the CLI that `npm run` uses: what no program is without. */
export class EmptyProgram {
  readonly #folder = resolve(".swarm", "bench", "empty");

  /** Makes it unless it is there. */
  async make(): Promise<void> {
    const folder = this.#folder;
    mkdirSync(`${folder}/state`, { recursive: true });
    const runtime = { name: "nodejs", options: { tsconfig: resolve("tsconfig.pulumi.json") } };
    writeFileSync(`${folder}/Pulumi.yaml`, JSON.stringify({ name: "empty", runtime }));
    writeFileSync(`${folder}/package.json`, JSON.stringify({ name: "empty", main: "index.ts" }));
    writeFileSync(`${folder}/index.ts`, 'import "@pulumi/pulumi";\n');
    if (!existsSync(`${folder}/state/.pulumi/stacks/empty/empty.json`))
      await this.#pulumi("stack", "init", "empty");
  }

  async preview(): Promise<void> {
    await this.#pulumi("preview", "--stack", "empty");
  }

  async #pulumi(...words: readonly string[]): Promise<void> {
    await command(["npm", "run", "-s", "pulumi", "--", ...words, "-C", this.#folder], {
      PULUMI_BACKEND_URL: `file://${this.#folder}/state`,
      PULUMI_CONFIG_PASSPHRASE: "empty",
    });
  }
}
