import { getAt } from "../fields/paths";
import type { Tree } from "../fields/paths";

/**
 * Where the definition of a service has its health check. Docker's description of its API writes `HealthCheck`; its
 * engines answer and read this.
 */
export const healthPath = "TaskTemplate.ContainerSpec.Healthcheck";

/** The test of a health check, `["CMD", "true"]`; `["NONE"]` switches the image's own off. */
function healthTestOf(spec: object): string[] | undefined {
  return getAt(spec as Tree, `${healthPath}.Test`) as string[] | undefined;
}

/** Whether a definition has a health check. One of the image's own does not show in it. */
export function hasHealthcheck(spec: object): boolean {
  const [kind = "NONE"] = healthTestOf(spec) ?? [];
  return kind !== "NONE";
}
