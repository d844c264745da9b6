import { z } from "zod";
import type { ClusterHostArgs } from "./cluster-args";

/** WordPress with its database. */
export interface WordPressArgs {
  /** Tasks of the web server, on any node. @default 3 */
  readonly replicas?: number;
  /** TCP port on every node, answered through the routing mesh. @default 80 */
  readonly port?: number;
  /**
   * Encrypts what the web servers and the database say to each other between nodes. Another value makes the network anew,
   * and the site is away meanwhile: so it is no default, which would do that to sites that run.
   *
   * @default false
   */
  readonly encrypted?: boolean;
  /** @default "wordpress" */
  readonly image?: string;
  /** @default "mysql:5.7" */
  readonly databaseImage?: string;
}

const image = z.string().regex(/^\S+$/, 'the name of an image, such as "wordpress:6"');

/** What a stack with `component: WordPress` may say. */
export const wordPressSchema = z.strictObject({
  replicas: z.int().min(0).exactOptional(),
  port: z.int().min(1, "1 to 65535").max(65535, "1 to 65535").exactOptional(),
  encrypted: z.boolean().exactOptional(),
  image: image.exactOptional(),
  databaseImage: image.exactOptional(),
}) satisfies z.ZodType<WordPressArgs>;

/** Node label of the host that keeps the database's files. */
export const databaseLabel = { key: "tier", value: "db" } as const;

/** Hosts that may keep the database's files, by name. */
export function databaseHosts(
  hosts: Readonly<Record<string, Pick<ClusterHostArgs, "labels">>>,
): string[] {
  return Object.keys(hosts)
    .filter((name) => hosts[name]?.labels?.[databaseLabel.key] === databaseLabel.value)
    .sort();
}

/** What the cluster lacks for WordPress: its database needs one machine, and always the same. */
export function wordPressLacks(
  hosts: Readonly<Record<string, Pick<ClusterHostArgs, "labels">>>,
): string | undefined {
  const found = databaseHosts(hosts);
  if (found.length === 1) return undefined;
  const got = found.length === 0 ? "none" : found.join(", ");
  return (
    `got hosts with the label tier=db: ${got}; expected exactly one, which keeps the database's files. ` +
    (found.length === 0
      ? "Give one host `labels: { tier: db }`."
      : "Take the label off the others.")
  );
}
