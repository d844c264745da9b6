import type { ContainerFinding } from "../../consequences/finding";
import { announce } from "../consequences";
import type { Context } from "../context";
import type { ContainerInputs, ContainerState } from "./arguments";
import { changesBetween, networkMoves } from "./changes";

/** Says what a declaration does to a container that is there, in a preview. */
export async function foretellContainer(
  context: Context,
  news: ContainerInputs,
  old: ContainerState | undefined,
): Promise<void> {
  await announce(context, () => {
    const finding = findingOf(news, old, context.isReplacement);
    return finding === undefined ? undefined : { finding };
  });
}

/** What happens to a container; undefined for one that is new. Pure. */
export function findingOf(
  news: ContainerInputs,
  old: ContainerState | undefined,
  isReplacement: boolean,
): ContainerFinding | undefined {
  const { name = "", host = "" } = news;
  const about = { kind: "container", container: name, host } as const;
  const nothing = { leaves: [], joins: [], others: [] };
  if (old === undefined)
    return isReplacement ? { ...about, act: "replaced", ...nothing } : undefined;
  const paths = Object.keys(changesBetween(old, news)).filter((path) => path !== "networks");
  const others = [...new Set(paths.filter((path) => !path.startsWith("networks")))].sort();
  const act = old.state === news.state || old.state === "restarting" ? "changed" : "started";
  return { ...about, act, ...networkMoves(old, news), others };
}
