import { foretell } from "../consequences";
import type { Context } from "../context";
import { usersAmong } from "../fields/release";

/** Says which services stop and start because their network is replaced, in a preview. */
export async function foretellNetwork(context: Context, name: string): Promise<void> {
  await foretell(context, async ({ services }) => {
    const networks = await context.managers.networks();
    const live = networks.find(({ Name, Scope }) => Name === name && Scope === "swarm");
    if (live?.Id === undefined) return undefined;
    const users = usersAmong(services, "network", live.Id);
    const names = users.map(({ Spec: spec }) => spec?.Name ?? "").sort();
    return { finding: { kind: "network", name, services: names } };
  });
}
