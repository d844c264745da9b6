import { z } from "zod";
import type { Context } from "../context";
import { removeNetwork } from "../network/network";
import { removeOne } from "../payload/acting";
import { ifReachable, readOrKnown } from "../reading";
import type { ChangeKind, CheckRequest, CheckResult, ResourceType } from "../resource";
import { deleteService } from "../service/acting";
import { networkNames } from "../service/references";
import { declaredServices } from "../service/resolve";
import { stateOf } from "../service/state";
import { containsUnknown } from "../value";
import { missingExternals, type External } from "./externals";
import { fatesOf, othersIn, textOf } from "./others";
import type { Declared, Fate, Other, Seen } from "./others";

interface Inputs extends Declared {
  readonly externals?: readonly External[];
  readonly prune?: boolean;
  /** What is to be there in the end: filled in from the swarm, so that what goes shows in the diff. */
  readonly others?: readonly string[];
}

interface State extends Inputs {
  readonly others: readonly string[];
}

const names = (what: string) => z.array(z.string().min(1)).describe(what);

const inputs = z.strictObject({
  name: z
    .string()
    .min(1)
    .describe("Name of the stack: the value of the label com.docker.stack.namespace."),
  services: names("Services that the stack declares, by name in Docker."),
  networks: names("Networks that the stack declares, by name in Docker."),
  secrets: names("Secrets that the stack declares: the first parts of their names in Docker."),
  configs: names("Configs that the stack declares: the first parts of their names in Docker."),
  externals: z
    .array(
      z.strictObject({
        kind: z.enum(["network", "secret", "config"]).describe("What it is."),
        name: z.string().min(1).describe("Name in Docker."),
        key: z.string().describe("What the stack's files call it."),
      }),
    )
    .optional()
    .describe("What must be in the swarm already. Default: nothing."),
  prune: z
    .boolean()
    .optional()
    .describe(
      "Removes what else is under the label: services, then networks, secrets and configs; never volumes. Default: false.",
    ),
  others: z
    .array(z.string())
    .optional()
    .describe("What else is under the label, `service shop_old`. Found out; not to be given."),
});

async function look({ managers }: Context): Promise<Seen> {
  const [services, networks, secrets, configs] = await Promise.all([
    managers.services(),
    managers.networks(),
    managers.secrets(),
    managers.configs(),
  ]);
  return { services, networks, secrets, configs };
}

async function lookAgain(context: Context): Promise<Seen> {
  for (const kind of ["services", "networks", "secrets", "configs"] as const)
    context.managers.invalidate(kind);
  return look(context);
}

/** What is declared now, and what was declared before: that goes, if it goes, with its own resource. */
function declarations(news: Inputs, olds: Inputs | undefined): Declared[] {
  return olds?.name === news.name ? [news, olds] : [news];
}

function fates(
  context: Context,
  seen: Seen,
  news: Inputs,
  olds: Inputs | undefined,
): readonly Fate[] {
  const others = othersIn(seen, declarations(news, olds));
  const services = declaredServices(context);
  return fatesOf(seen, others, { prune: news.prune === true, services });
}

/** Says what is there that the stack does not declare, and what becomes of it. */
async function resolve(
  { news, olds }: CheckRequest<Inputs>,
  context: Context,
): Promise<CheckResult<Inputs>> {
  const seen = await ifReachable(() => look(context), undefined);
  if (seen === undefined) return { inputs: news, failures: [] };
  const failures = missingExternals(seen, news.externals ?? []);
  if (containsUnknown(news)) return { inputs: news, failures };
  const all = fates(context, seen, news, olds);
  for (const fate of all.filter(({ goes }) => goes)) context.info(lineOf(news, fate));
  const stay = all.filter(({ goes }) => !goes);
  return {
    inputs: { ...news, others: stay.map(({ other }) => textOf(other)) },
    failures,
    warnings: stay.map((fate) => lineOf(news, fate)),
  };
}

function lineOf({ name, prune }: Inputs, { other, goes, users }: Fate): string {
  const { isOutdated } = other;
  const what = isOutdated
    ? "a newer version has taken its place"
    : "is under this stack's label and not in its files";
  const line = `${name}: ${textOf(other)}${isOutdated ? ":" : ""} ${what}`;
  if (goes) return `${line}; it is removed`;
  const wanted = isOutdated || prune === true;
  return wanted
    ? `${line}; it is left alone while it is used by service ${users.join(", ")}`
    : `${line}; it is left alone. Remove it, or set prune: true`;
}

/** Removes what is to go: services first, and the rest once their tasks have ended. */
async function settle(context: Context, news: Inputs, olds?: Inputs): Promise<State> {
  const seen = await lookAgain(context);
  const going = fates(context, seen, news, olds).filter(({ goes }) => goes);
  const others = going.map(({ other }) => other);
  await Promise.all(
    others
      .filter(({ kind }) => kind === "service")
      .map(async (other) => removeService(context, seen, other)),
  );
  for (const other of others.filter(({ kind }) => kind !== "service")) {
    await removeIdle(context, other);
  }
  return {
    ...news,
    others: othersIn(await lookAgain(context), declarations(news, olds)).map(textOf),
  };
}

async function removeService(context: Context, { services }: Seen, { id }: Other): Promise<void> {
  const service = services.find(({ ID }) => ID === id) ?? {};
  await deleteService(context, id, stateOf(service, {}, await networkNames(context)));
}

async function removeIdle(context: Context, { kind, id, name }: Other): Promise<void> {
  if (kind === "network") await removeNetwork(context, id, name);
  else if (kind !== "service") await removeOne(context, { kind }, id, name);
}

/**
 * Everything under a stack's label. It makes nothing: it says what somebody else has put there, and removes that where
 * it is told to. Older versions of the stack's own secrets and configs that Docker's command has made go once no
 * service uses them. All other resources of the stack come before it.
 */
export const namespaceType: ResourceType<Inputs, State> = {
  token: "swarm:index:Namespace",
  description: "What is under a stack's label in the swarm and not in its files.",
  inputs,
  computed: ["others"],
  outputs: z.object({
    others: z.array(z.string()).describe("What else is under the label, `service shop_old`."),
  }),

  resolve,

  diff: ({ old, news }) => {
    const changes: Record<string, ChangeKind> = {};
    if (old.name !== news.name) changes.name = "update-replace";
    const stay = news.others ?? old.others;
    for (const [index, text] of old.others.entries()) {
      if (!stay.includes(text)) changes[`others[${index}]`] = "delete";
    }
    return { changes };
  },

  create: async (context, news) => ({ id: news.name, state: await settle(context, news) }),

  read: (context, id, known) =>
    readOrKnown(context, id, known, async () => {
      const none = { services: [], networks: [], secrets: [], configs: [] };
      const declared: Inputs = known?.inputs ?? { name: id, ...none };
      const others = othersIn(await look(context), [declared]).map(textOf);
      return { id, inputs: declared, state: { ...declared, others } };
    }),

  update: (context, _id, old, news) => settle(context, news, old),

  // What is there is the other resources', or somebody else's.
  delete: () => Promise.resolve(),
};
