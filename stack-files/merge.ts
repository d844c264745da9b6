import type { Path, Report } from "./finding";
import { mergeService } from "./merge-service";
import type { StackPart } from "./part";
import type { Places } from "./places";

/** Where two files meet, for what there is to say about it. */
export interface Seam {
  readonly report: Report;
  readonly places: Places;
  readonly path: Path;
}

/**
 * Lays a later file over the earlier ones, as Docker does, with a warning wherever that is not what the later file
 * seems to say.
 *
 * @see https://github.com/docker/cli/blob/v29.7.2/cli/compose/loader/merge.go
 */
export function merge(
  earlier: StackPart,
  later: StackPart,
  report: Report,
  places: Places,
): StackPart {
  const services = new Map(Object.entries(earlier.services));
  for (const [key, service] of Object.entries(later.services)) {
    const before = services.get(key);
    const seam = { report, places, path: ["services", key] };
    services.set(key, before === undefined ? service : mergeService(before, service, seam));
  }
  const over = <T extends object>(
    section: string,
    before: Readonly<Record<string, T>>,
    after: Readonly<Record<string, T>>,
  ) => {
    for (const [key, object] of Object.entries(after))
      if (Object.hasOwn(before, key))
        warnOfLost(before[key] ?? {}, object, { report, places, path: [section, key] });
    return { ...before, ...after };
  };
  const name = later.name ?? earlier.name;
  return {
    ...(name === undefined ? {} : { name }),
    services: Object.fromEntries(services),
    networks: over("networks", earlier.networks, later.networks),
    volumes: over("volumes", earlier.volumes, later.volumes),
    secrets: over("secrets", earlier.secrets, later.secrets),
    configs: over("configs", earlier.configs, later.configs),
  };
}

/** A later file replaces a network, volume, secret or config as a whole. */
function warnOfLost(before: object, after: object, { report, places, path }: Seam): void {
  if ("external" in before || "external" in after) return;
  const lost = Object.entries(before)
    .filter(([key, value]) => isSaid(value) && !isSaid((after as Record<string, unknown>)[key]))
    .map(([key]) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .filter((key) => key !== "content");
  if (lost.length > 0)
    report.warn(
      places.at(path),
      path,
      `replaces the whole entry of an earlier file: its ${lost.join(", ")} ${lost.length === 1 ? "is" : "are"} lost. Write all of it here.`,
    );
}

function isSaid(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== false && value !== "";
}
