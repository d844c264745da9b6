import { z } from "zod";
import { field } from "../fields/field";
import { choice, duration, flag } from "../fields/scalars";
import { schemaOf } from "../fields/table";
import type { Arguments } from "../fields/table";
import { serviceGroups, serviceTable } from "./table";

/** What the provider does with a service; Docker knows nothing of it. */
const conduct = {
  adopt: field(
    flag,
    "Adopt",
    "Takes over a service of this name that is there already and differs, and changes it to what is declared.",
  ),
  imageRefresh: field(
    choice(["changed", "always", "never"]),
    "ImageRefresh",
    "When the registry is asked which digest the image's tag stands for: when the service is made, the tag's text changes or the last rollout failed; in every preview, so that a tag that moved is a change; or never, and the tag stays a tag.",
    { fallback: "changed" },
  ),
  convergeTimeout: field(
    duration,
    "ConvergeTimeout",
    "Time within which all tasks must run after a change.",
    { fallback: "5m" },
  ),
};

/** Arguments of a service. */
export type ServiceInputs = Arguments<typeof serviceTable & typeof conduct> & {
  /** Fingerprint of the registry's account, put in by the provider: another one is handed to Docker. */
  readonly registryLogin?: string;
};

/** Properties that are the provider's own: Docker does not keep them. */
export const conductKeys = [...Object.keys(conduct), "registryLogin"] as (
  keyof typeof conduct | "registryLogin"
)[];

/** A port as Docker has published it. */
export interface PublishedPort {
  readonly target: number;
  readonly published: number;
  readonly protocol: string;
  readonly mode: string;
}

/** A service as it is. */
export type ServiceState = ServiceInputs & {
  /** Digest that the image's tag is pinned to. */
  imageDigest?: string;
  /** Ports as Docker has published them, with those that it picked. */
  publishedPorts: PublishedPort[];
  /** Why Docker stopped in the middle of an update; absent when it did not. */
  rollout?: string;
};

/** The schema of the arguments. */
export const serviceInputs = schemaOf({ ...serviceTable, ...conduct }, serviceGroups);

/** The schema of the computed outputs. */
export const serviceOutputs = z.object({
  imageDigest: z.string().optional().describe("Digest that the image's tag is pinned to."),
  registryLogin: z
    .string()
    .meta({ secret: true })
    .optional()
    .describe("Fingerprint of the account with which the nodes pull the image."),
  publishedPorts: z
    .array(
      z.object({
        target: z.number().describe("Port in the container."),
        published: z.number().describe("Port on the nodes."),
        protocol: z.string().describe("Protocol."),
        mode: z.string().describe("`ingress` or `host`."),
      }),
    )
    .describe("Ports as Docker has published them, with those that it picked."),
  rollout: z
    .string()
    .optional()
    .describe("Why Docker stopped in the middle of an update; the next update goes on."),
});
