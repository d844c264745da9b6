/** The same resource behind this project's adapter: what checking, comparing and hiding secrets take. */
import { z } from "zod";
import { runPlugin } from "../../../provider/adapter/process";
import type { ResourceType } from "../../../provider/resource";

interface Idle {
  readonly image: string;
  readonly replicas: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const idle: ResourceType<Idle, Idle> = {
  token: "idle:index:Idle",
  description: "Does nothing.",
  inputs: z.strictObject({
    image: z.string().describe("A text."),
    replicas: z.int().describe("A number."),
    args: z.array(z.string()).describe("A list."),
    env: z.record(z.string(), z.string()).describe("A map."),
  }),
  outputs: z.strictObject({}),
  diff: () => ({ changes: {} }),
  create: async (_, inputs) => Promise.resolve({ id: "idle", state: inputs }),
  read: async (_, id, known) => Promise.resolve(known && { id, ...known }),
  update: async (_context, _id, _old, news) => Promise.resolve(news),
  delete: async () => Promise.resolve(),
};

void runPlugin({ types: [idle], version: "0.0.0" });
