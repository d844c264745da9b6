import { z } from "zod";
import { field } from "../fields/field";
import { choice, duration, flag, text } from "../fields/scalars";
import { schemaOf } from "../fields/table";
import type { Arguments } from "../fields/table";
import { containerGroups, containerTable } from "./table";

/** What the provider does with a container; Docker knows nothing of it. */
export const conduct = {
  host: field(text, "Host", "Machine that it runs on. A change makes a new container.", {
    required: true,
  }),
  job: field(
    flag,
    "Job",
    "The container is to run to its end: exit code 0 is what is waited for, and then it stays as it is. Otherwise it is to run on.",
  ),
  adopt: field(
    flag,
    "Adopt",
    "Takes over a container of this name that is there already and differs; where Docker cannot change it in place it stops, and a new one takes its place.",
  ),
  imageRefresh: field(
    choice(["changed", "always", "never"]),
    "ImageRefresh",
    "When the registry is asked which digest the image's tag stands for: when the container is made, the tag's text changes or the last run failed; in every preview, so that a tag that moved is a change; or never, and the tag stays a tag.",
    { fallback: "changed" },
  ),
  convergeTimeout: field(
    duration,
    "ConvergeTimeout",
    "Time within which the image is there and the container runs, is healthy where that is checked, or has ended well where it is a job.",
    { fallback: "5m" },
  ),
};

/** What a container is asked to be: on, or at its end. */
export type Asked = "running" | "complete";

/** Arguments of a container. `state` is what it is always asked to be: one that ended is started. */
export type ContainerInputs = Arguments<typeof containerTable & typeof conduct> & {
  readonly state?: Asked;
};

/** A port as Docker has published it. */
export interface HostPort {
  readonly target: number;
  readonly published: number;
  readonly protocol: string;
  readonly hostIp: string;
}

/** A container as it is. */
export type ContainerState = Omit<ContainerInputs, "state"> & {
  /** `running`, `complete` (a job that ended well), or Docker's word with the exit code: `exited (1)`. */
  state: string;
  containerId: string;
  imageDigest?: string;
  publishedPorts: HostPort[];
};

/** Properties that are the provider's own: Docker does not keep them. */
export const conductKeys = Object.keys(conduct) as (keyof typeof conduct)[];

/** The schema of the arguments. */
export const containerInputs = schemaOf({ ...containerTable, ...conduct }, containerGroups).extend({
  state: z
    .enum(["running", "complete"])
    .optional()
    .describe("What it is always asked to be: a container that ended is started."),
});

/** The schema of the computed outputs. */
export const containerOutputs = z.object({
  state: z
    .string()
    .describe(
      "`running`, `complete` for a job that ended well, else Docker's word, such as `exited (1)`.",
    ),
  containerId: z.string().describe("Docker's id of the container."),
  imageDigest: z.string().optional().describe("Digest that the image's tag is pinned to."),
  publishedPorts: z
    .array(
      z.object({
        target: z.number().describe("Port in the container."),
        published: z.number().describe("Port on the host."),
        protocol: z.string().describe("Protocol."),
        hostIp: z
          .string()
          .describe("Address of the host on which it answers; all of them: `0.0.0.0`."),
      }),
    )
    .describe(
      "Ports as Docker has published them, with those that it picked; none while it does not run.",
    ),
});
