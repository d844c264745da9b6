import type { z } from "zod";
import type { Context } from "./context";

/** A question about what is there already, whoever has made it. It changes nothing. */
export interface FunctionType<Args extends object, Result extends object> {
  /** `swarm:index:getService`. Frozen once released. */
  readonly token: string;
  /** One sentence for the served schema. */
  readonly description: string;
  /** Strict Zod object; `.describe()` on every field feeds the served schema and the reference. */
  readonly inputs: z.ZodObject;
  /** What is answered. */
  readonly outputs: z.ZodObject;
  /** @throws Error that says what is not there, and what is */
  invoke(context: Context, args: Args): Promise<Result>;
}
