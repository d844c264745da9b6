import { isDeepStrictEqual } from "node:util";
import type { EngineSpec } from "./host-spec";

/** A daemon.json as an object. */
export type DaemonConfig = Readonly<Record<string, unknown>>;

/** Keys of daemon.json that have an argument of their own. */
export const NAMED_KEYS: Readonly<
  Record<string, "registryMirrors" | "insecureRegistries" | "labels">
> = {
  "registry-mirrors": "registryMirrors",
  "insecure-registries": "insecureRegistries",
  labels: "labels",
};

/**
 * The object in a daemon.json; a file that is not there is an empty one.
 *
 * @throws Error that says where the text stops to be JSON
 */
export function parseDaemonJson(text: string | undefined): DaemonConfig {
  if (text === undefined || text.trim() === "") {
    return {};
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxError("expected an object in braces");
  }
  return value as DaemonConfig;
}

/** The part of daemon.json that a specification declares, in daemon.json's own words. */
export function declaredDaemonConfig(engine: EngineSpec): DaemonConfig {
  const config: Record<string, unknown> = { ...engine.daemon };
  if (engine.registryMirrors !== undefined) {
    config["registry-mirrors"] = engine.registryMirrors;
  }
  if (engine.insecureRegistries !== undefined) {
    config["insecure-registries"] = engine.insecureRegistries;
  }
  if (engine.labels !== undefined) {
    config.labels = Object.entries(engine.labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort();
  }
  return config;
}

/** What a daemon.json has under `labels`, as a record. */
export function labelsOf(config: DaemonConfig): Record<string, string> | undefined {
  const labels = config.labels;
  if (!Array.isArray(labels)) {
    return undefined;
  }
  return Object.fromEntries(
    labels.map(String).map((label) => {
      const at = label.indexOf("=");
      return at < 0 ? [label, ""] : [label.slice(0, at), label.slice(at + 1)];
    }),
  );
}

/**
 * The daemon.json that shall be: foreign keys stay, declared ones are set, those of `former` go, and a list or record
 * that is declared empty is left out.
 */
export function mergeDaemonConfig(
  present: DaemonConfig,
  engine: EngineSpec,
  former: readonly string[] = [],
): DaemonConfig {
  const merged: Record<string, unknown> = { ...present };
  for (const key of former) {
    Reflect.deleteProperty(merged, key);
  }
  for (const [key, value] of Object.entries(declaredDaemonConfig(engine))) {
    if (isLeftOut(value)) {
      Reflect.deleteProperty(merged, key);
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

/** Whether two configurations mean the same to dockerd; the order of labels means nothing. */
export function sameDaemonConfig(a: DaemonConfig, b: DaemonConfig): boolean {
  const normal = (config: DaemonConfig): unknown => ({
    ...config,
    labels: Array.isArray(config.labels) ? config.labels.map(String).sort() : config.labels,
  });
  return isDeepStrictEqual(normal(a), normal(b));
}

/** daemon.json's text: keys sorted at every depth. */
export function renderDaemonJson(config: DaemonConfig): string {
  return `${JSON.stringify(sortKeys(config), undefined, 2)}\n`;
}

/** Whether a declared value is one that daemon.json does without: an empty list or record. */
export function isLeftOut(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
