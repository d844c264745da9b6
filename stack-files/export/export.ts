import { Keys } from "./keys";
import type { ExportRequest } from "./live";
import { networkPart } from "./network";
import { servicePart } from "./service";
import { renderStackFile, type Written } from "./yaml";

/** A stack file, and what lies beside it. */
export interface ExportedStack {
  readonly text: string;
  /** What is in configs, by path from the stack file's folder. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** Name of each service in Docker → its key in the file. */
  readonly keys: ReadonlyMap<string, string>;
}

/**
 * The opposite of `declare`: what runs as the stack file that declares it, as far as a stack file can say it. What one
 * cannot say is left out: read the file again and compare, to know.
 */
export function exportStack(request: ExportRequest): ExportedStack {
  const { configs, folder, networks, services, stack } = request;
  const keys = new Keys(stack);
  for (const network of networks) keys.own("networks", network.name, networkPart(keys, network));
  const files: Record<string, Buffer> = {};
  for (const { name, content, labels, templateDriver } of configs) {
    const file = `${folder}/${keys.short(name)}`;
    files[file] = content;
    const body = { labels: keys.labels(labels), template_driver: templateDriver };
    keys.own("configs", name, { file: `./${file}`, ...withoutNothing(body) });
  }
  const byName = [...services].sort((a, b) => (a.name < b.name ? -1 : 1));
  const named = new Map(byName.map(({ name }) => [name, keys.short(name)]));
  const parts = byName.map((service): [string, Written] => {
    const key = keys.short(service.name);
    return [key, servicePart(keys, key, service)];
  });
  const text = renderStackFile({ services: Object.fromEntries(parts), ...keys.sections() });
  return { text, files, keys: named };
}

function withoutNothing(body: Readonly<Record<string, Written>>): Record<string, Written> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
