import type { Swarm } from "@docker/node-sdk";
import { until } from "../../cluster/wait";
import { inspectSwarm, listNodes, updateSwarm } from "../../hosts/engine-api";
import type { Context } from "../context";
import { inSequence } from "../sequence";
import { inputsOf, settingChanges, specWith } from "./arguments";
import type { SwarmInputs } from "./arguments";
import { isRotating, rotationOf, rotationProgress, stragglers, withAuthority } from "./rotation";

/** Seconds until every node that is up has its new certificate; each asks for it within a heartbeat or two. */
const ROTATION_SECONDS = 300;

/** Seconds for a node that is not ready to come back, when all others have their new certificate. */
const RETURN_SECONDS = 60;

/**
 * Brings the settings in place to what is declared, and makes anew what changed words ask for. Does not wait for the
 * nodes' certificates.
 *
 * @param old - as it was last known: its words are those whose rotation was made
 */
export async function applySettings(
  context: Context,
  old: SwarmInputs,
  news: SwarmInputs,
): Promise<void> {
  const { signal } = context;
  await inSequence(async () =>
    context.managers.use(async (engine) => {
      const swarm = await inspectSwarm(engine, { signal });
      const changes = settingChanges(inputsOf(swarm, news), news);
      const rotation = rotationOf(old, news, swarm);
      if (Object.keys(changes).length === 0 && !isRotating(rotation)) return;
      if (rotation.authority !== undefined) context.progress("rotating the authority");
      const body = withAuthority(specWith(swarm, news), news, rotation.authority);
      // The version makes sure that an update which was lost on its way back is not made twice.
      const version = swarm.Version?.Index ?? 0;
      await updateSwarm(engine, version, body, rotation.secrets, { signal });
    }),
  );
}

/**
 * Waits until every node has a certificate of the authority that the swarm rotates to; does nothing when it does not.
 * Docker goes on by itself when nobody waits any more.
 *
 * @throws Error that names the nodes which are missing
 */
export async function waitForCertificates(context: Context, host: string): Promise<void> {
  const { signal } = context;
  const began = Date.now();
  let signers: readonly string[] = [];
  await until(context, {
    host,
    what: "rotating the authority",
    seconds: ROTATION_SECONDS,
    look: async () => {
      const [swarm, nodes] = await context.managers.use(async (engine) =>
        Promise.all([inspectSwarm(engine, { signal }), listNodes(engine, {}, { signal })]),
      );
      signers = signersOf(swarm);
      const missing = stragglers(swarm, nodes);
      if (missing.length === 0 && swarm.RootRotationInProgress !== true) return undefined;
      const text = rotationProgress(missing, nodes.length);
      const areAway = missing.length > 0 && missing.every(({ state }) => state !== "ready");
      // Without the rotation going on, a node that is away gets its certificate when it comes back.
      if (areAway && swarm.RootRotationInProgress !== true) return undefined;
      if (areAway && Date.now() - began > RETURN_SECONDS * 1000)
        throw new Error(`rotating the authority: ${text}. ${wayOut(signers)}`);
      return text;
    },
    explain: async () => Promise.resolve(wayOut(signers)),
  });
}

/** Where authorities outside of the swarm sign. */
function signersOf({ Spec: spec }: Swarm): string[] {
  return (spec?.CAConfig?.ExternalCAs ?? []).flatMap(({ URL: url }) => url ?? []).sort();
}

function wayOut(signers: readonly string[]): string {
  const outside =
    ` Nodes that are ready wait for the authority outside of the swarm (${signers.join(", ")}): its own log says what ` +
    `it was asked and answered, "journalctl -u docker" on the node what Docker makes of that.`;
  return (
    `Docker keeps trusting the old authority until every node has its new certificate. Bring the missing nodes back, or ` +
    `take them out of the configuration; the rotation then ends by itself, and the next run sees to it.` +
    (signers.length === 0 ? "" : outside)
  );
}
