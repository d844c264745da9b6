import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { LAB_IMAGES, type LabImage } from "../lab/base-image";
import { Lab } from "../lab/lab";
import { extraEngines } from "../lab/packages/engines";
import type { Context } from "../provider/context";
import type { Failure, ResourceType } from "../provider/resource";

interface Inputs {
  readonly image: LabImage;
  readonly engines?: readonly string[] | undefined;
  readonly running: boolean;
}

interface State extends Inputs {
  readonly registryMirror: string;
  readonly repository: string;
  readonly gateway: string;
  readonly subnet: string;
}

const inputs = z.strictObject({
  image: z.enum(LAB_IMAGES).describe("System of the lab's machines."),
  engines: z
    .array(z.string())
    .optional()
    .describe("Versions of the engine that its repository has beside those of every lab."),
  running: z.literal(true).default(true).describe("What does not run is started by an update."),
});

const outputs = z.object({
  registryMirror: z.string().describe("URL of the registry that answers for Docker Hub."),
  repository: z.string().describe("URL of the package repository."),
  gateway: z.string().describe("Address of this computer in the lab."),
  subnet: z.string().describe("Network of the lab."),
});

/** What the machines of a lab live on: their network, an image registry and a package repository. */
export const labServicesType: ResourceType<Inputs, State> = {
  token: "swarm:index:LabServices",
  description: "Network, image registry and package repository of the machines on this computer.",
  inputs,
  outputs,
  computed: ["running"],
  check: ({ news, olds }) => ({ inputs: onDemand(news), failures: imageFailures(news, olds) }),
  diff: ({ old, news }) => ({
    changes: {
      ...(old.running ? {} : { running: "update" as const }),
      ...(isDeepStrictEqual(old.engines, news.engines) ? {} : { engines: "update" as const }),
    },
  }),
  preview: (news, _old, context) => stateOf(labOf(context), news, true),
  create: async (context, news) => {
    const lab = labOf(context);
    return { id: lab.plan.namespace, state: await ensure(lab, news, context) };
  },
  read: async (context, id, known) => {
    if (known === undefined)
      throw new Error("LabServices needs no import: `up` goes on with what runs already");
    const lab = labOf(context);
    const isRunning = (await lab.services.state()) === "running";
    return { id, inputs: known.inputs, state: stateOf(lab, known.state, isRunning) };
  },
  update: async (context, _id, _old, news) => ensure(labOf(context), news, context),
  delete: async (context) => {
    await labOf(context).services.remove(context.progress);
  },
};

/** A machine is made from its image once; hosts, swarm and services on it would all be gone with another one. */
function imageFailures(news: Inputs, olds: Inputs | undefined): Failure[] {
  if (olds === undefined || olds.image === news.image) return [];
  const reason =
    `got "${news.image}", but the lab's machines were made with "${olds.image}". ` +
    "Destroy the stack first, then run up";
  return [{ path: "image", reason }];
}

/** Of the versions that hosts declare, those that are made on demand: every lab has the others. */
function onDemand({ engines = [], ...others }: Inputs): Inputs {
  const versions = extraEngines(engines).map(({ engine }) => engine);
  return versions.length === 0 ? others : { ...others, engines: versions };
}

async function ensure(lab: Lab, news: Inputs, context: Context): Promise<State> {
  await lab.services.setEngines(news.engines ?? []);
  await lab.services.ensure(context.progress, context.signal);
  context.progress(`running, ${lab.plan.gateway}`);
  return stateOf(lab, news, true);
}

function stateOf(lab: Lab, { image, engines }: Inputs, running: boolean): State {
  const { registryMirror, repository, plan } = lab;
  const { gateway, subnet } = plan;
  const more = engines === undefined ? {} : { engines };
  return { image, ...more, running, registryMirror, repository, gateway, subnet };
}

/** The lab of the provider's configuration. @throws Error without one */
export function labOf({ lab }: Pick<Context, "lab">): Lab {
  if (!(lab instanceof Lab))
    throw new Error("lab: missing in the provider's configuration; expected it for a lab resource");
  return lab;
}
