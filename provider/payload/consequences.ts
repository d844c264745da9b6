import type { Service } from "@docker/node-sdk";
import { foretell } from "../consequences";
import type { Context } from "../context";
import type { PayloadKind } from "./kind";
import { prefixOf } from "./names";

/** Says which services are moved to the next version of a secret or config, in a preview. */
export async function foretellRotation(
  context: Context,
  kind: PayloadKind["kind"],
  name: string,
): Promise<void> {
  const prefix = prefixOf(name);
  await foretell(context, ({ services }) => {
    const users = services.filter((service) =>
      namesIn(service, kind).some((one) => prefixOf(one) === prefix),
    );
    const names = users.map(({ Spec: spec }) => spec?.Name ?? "").sort();
    return { finding: { kind, name: prefix, services: names } };
  });
}

function namesIn({ Spec: spec }: Service, kind: PayloadKind["kind"]): string[] {
  const container = spec?.TaskTemplate?.ContainerSpec;
  return kind === "secret"
    ? (container?.Secrets ?? []).map(({ SecretName: name = "" }) => name)
    : (container?.Configs ?? []).map(({ ConfigName: name = "" }) => name);
}
