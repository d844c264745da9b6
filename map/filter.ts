import type { Picture, ServiceEntry, Tile } from "./picture";

/** What the person wants to see; an empty text means all. */
export interface Filter {
  readonly stack: string;
  readonly network: string;
  /** A published port, `8080`. */
  readonly port: string;
  /** Id of a service. */
  readonly service: string;
  /** Part of the name of a task, its service, node, image or state. */
  readonly text: string;
  /** Only what does not just run. */
  readonly trouble: boolean;
}

/** Shows everything. */
export const everything: Filter = {
  ...{ stack: "", network: "", port: "", service: "", text: "", trouble: false },
};

/** What can be chosen, sorted. */
export interface Choices {
  readonly stacks: readonly string[];
  readonly networks: readonly string[];
  readonly ports: readonly string[];
}

/** What there is to filter by. */
export function choicesIn(services: readonly ServiceEntry[]): Choices {
  const ports = [...new Set(services.flatMap(({ published }) => published))];
  return {
    stacks: distinct(services.map(({ stack }) => stack).filter((stack) => stack !== "")),
    networks: distinct(services.flatMap(({ networks }) => networks)),
    ports: ports.sort((a, b) => a - b).map(String),
  };
}

/** Whether a filter leaves something out. */
export function isNarrow(filter: Filter): boolean {
  const { stack, network, port, service, text, trouble } = filter;
  return trouble || [stack, network, port, service, text.trim()].some((word) => word !== "");
}

/** Services that a filter asks for, and their tiles that it shows. */
export function shown(
  { nodes, services, tiles }: Picture,
  filter: Filter,
): Pick<Picture, "services" | "tiles"> {
  if (!isNarrow(filter)) return { services, tiles };
  const wanted = new Map(
    services.filter((service) => isAsked(service, filter)).map((service) => [service.id, service]),
  );
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const text = filter.text.trim().toLowerCase();
  const visible = tiles.filter((tile) => {
    const service = wanted.get(tile.service);
    if (service === undefined) return false;
    if (filter.trouble && !isTrouble(tile)) return false;
    return text === "" || wordsOf(tile, service, names.get(tile.node) ?? "").includes(text);
  });
  return { services: [...wanted.values()], tiles: visible };
}

/** Whether somebody should look at a task. */
function isTrouble({ condition, failures }: Tile): boolean {
  return failures > 0 || !["running", "done"].includes(condition);
}

function isAsked(service: ServiceEntry, { stack, network, port, service: id }: Filter): boolean {
  return (
    (stack === "" || service.stack === stack) &&
    (network === "" || service.networks.includes(network)) &&
    (port === "" || service.published.map(String).includes(port)) &&
    (id === "" || service.id === id)
  );
}

function wordsOf(tile: Tile, { name, image }: ServiceEntry, node: string): string {
  return [tile.name, tile.state, name, tile.image ?? image, node].join("\n").toLowerCase();
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
