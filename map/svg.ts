import { arrange, type Column } from "./arrangement";
import type { NodeColumn, Picture, ServiceEntry, Share, Tile } from "./picture";
import { bytesText, conditionText, nodeText, rounded, shareOf, shortName } from "./words";

const COLUMN = 224;
const GAP = 14;
const MARGIN = 24;
/** Columns beside each other. */
const MOST_COLUMNS = 6;
/** Width of what is reserved of a node. */
const BAR = 56;
const TILE = 24;
const TILE_STEP = 28;
/** Height of a column without tiles. */
const COLUMN_HEAD = 126;
/** Tiles of one node under each other; more are drawn in two, three, … rows of narrower ones. */
const TILES_DOWN = 12;

/**
 * The picture as a drawing that needs nothing but itself: for reports and pull requests, in the reader's light or dark
 * colours. The same picture is always the same text.
 */
export function drawing(picture: Picture): string {
  const { columns, homeless } = arrange(picture.nodes, picture.tiles);
  const services = new Map(picture.services.map((service) => [service.id, service]));
  const all = homeless.length === 0 ? columns : [...columns, { node: nowhere, tiles: homeless }];
  const across = Math.max(1, Math.min(MOST_COLUMNS, all.length));
  const width = Math.max(640, 2 * MARGIN + across * (COLUMN + GAP) - GAP);
  const parts: string[] = [];
  let top = 102;
  for (let at = 0; at < all.length; at += across) {
    const row = all.slice(at, at + across);
    const height = COLUMN_HEAD + Math.max(1, ...row.map(rowsOf)) * TILE_STEP + 8;
    for (const [index, column] of row.entries())
      parts.push(columnPart(column, MARGIN + index * (COLUMN + GAP), top, height, services));
    top += height + GAP;
  }
  const legend = legendPart(picture.services, top + 6, width);
  const height = legend.bottom + MARGIN;
  const title = `Swarm ${picture.head.environment}: ${picture.nodes.length} nodes, ${picture.tiles.length} tasks`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<style>${STYLE}</style>
<rect class="ground" width="${width}" height="${height}"/>
${headPart(picture)}
${parts.join("\n")}
${legend.text}
</svg>
`;
}

const nowhere: NodeColumn = {
  ...{ id: "", name: "without a node", role: "", manager: "", state: "", availability: "" },
  ...{ labels: [], engine: "", address: "", message: "" },
  cpu: { reserved: 0, total: 0 },
  memory: { reserved: 0, total: 0 },
};

function headPart({ head, services, nodes }: Picture): string {
  const running = services.reduce((sum, service) => sum + service.running, 0);
  const desired = services.reduce((sum, service) => sum + service.desired, 0);
  const ready = nodes.filter(({ state }) => state === "ready").length;
  const counts = `${ready} of ${nodes.length} nodes ready · ${running} of ${desired} tasks running`;
  return [
    text(MARGIN, 40, `swarm ${head.environment}`, "title"),
    text(MARGIN, 62, counts, "soft"),
    text(MARGIN, 81, head.quorum, head.strength === "safe" ? "soft" : "warn"),
  ].join("\n");
}

function columnPart(
  { node, tiles }: Column,
  x: number,
  y: number,
  height: number,
  services: ReadonlyMap<string, ServiceEntry>,
): string {
  const isWell = node.state === "ready" || node.id === "";
  const state = !isWell ? "bad" : node.availability === "active" ? "good" : "warn";
  const labels = node.labels.join("  ");
  const inner = COLUMN - 24;
  const wide = Math.ceil(tiles.length / TILES_DOWN);
  const step = inner / Math.max(1, wide);
  return [
    `<g><title>${escaped(`${node.name}: ${nodeText(node)}`)}</title>`,
    `<rect class="column" x="${x}" y="${y}" width="${COLUMN}" height="${height}" rx="9"/>`,
    `<rect class="${state}" x="${x + 9}" y="${y}" width="${COLUMN - 18}" height="3"/>`,
    text(x + 12, y + 27, fitted(node.name, 24), "name"),
    text(x + 12, y + 46, nodeText(node), isWell ? "soft" : "alarm"),
    text(x + 12, y + 64, node.engine === "" ? "" : `Docker ${node.engine}`, "soft small"),
    text(x + 12, y + 81, fitted(labels, 34), "soft small"),
    barPart(x + 12, y + 97, "CPU", node.cpu, rounded),
    barPart(x + 12, y + 112, "Mem", node.memory, bytesText),
    ...tiles.map((tile, at) => {
      const [across, down] = [Math.floor(at / TILES_DOWN), at % TILES_DOWN];
      const left = x + 12 + across * step;
      const place = {
        x: left,
        y: y + COLUMN_HEAD + down * TILE_STEP,
        width: step - (wide > 1 ? 4 : 0),
      };
      return tilePart(tile, services.get(tile.service), place);
    }),
    "</g>",
  ].join("\n");
}

function barPart(
  x: number,
  y: number,
  name: string,
  share: Share,
  say: (value: number) => string,
): string {
  if (share.total === 0) return "";
  const amount = `${say(share.reserved)} / ${say(share.total)}`;
  return [
    text(x, y, name, "soft small"),
    `<rect class="track" x="${x + 32}" y="${y - 6}" width="${BAR}" height="4" rx="2"/>`,
    `<rect class="used" x="${x + 32}" y="${y - 6}" width="${rounded(BAR * shareOf(share))}" height="4" rx="2"/>`,
    text(x + 40 + BAR, y, amount, "soft small"),
  ].join("");
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function tilePart(tile: Tile, service: ServiceEntry | undefined, { x, y, width }: Place): string {
  const hue = service?.hue ?? 0;
  const sign = { running: "", starting: "… ", waiting: "◌ ", stopping: "↓ ", lost: "? " };
  const mark = { ...sign, failed: "✕ ", done: "✓ " }[tile.condition];
  const name = shortName(tile.name, service?.stack ?? "");
  const letters = Math.max(1, Math.floor((width - 14) / 7.2));
  const isFull = tile.condition === "running" || tile.condition === "starting";
  return [
    `<g class="tile ${tile.condition}"><title>${escaped(`${tile.name}: ${conditionText(tile)}`)}</title>`,
    `<rect class="${isFull ? "full" : "hollow"}" x="${rounded(x)}" y="${y}" width="${rounded(width)}" height="${TILE}" rx="4" fill="hsl(${hue} 62% 50%)" stroke="hsl(${hue} 62% 50%)"/>`,
    `<rect x="${rounded(x)}" y="${y}" width="4" height="${TILE}" rx="2" fill="hsl(${hue} 62% 50%)"/>`,
    text(x + 10, y + 16, fitted(`${mark}${name}`, letters), "label"),
    "</g>",
  ].join("");
}

function legendPart(
  services: readonly ServiceEntry[],
  top: number,
  width: number,
): { readonly text: string; readonly bottom: number } {
  const across = Math.floor((width - 2 * MARGIN) / 240);
  const parts = services.map(({ name, hue, running, desired }, at) => {
    const x = MARGIN + (at % across) * 240;
    const y = top + Math.floor(at / across) * 22 + 14;
    const swatch = `<rect x="${x}" y="${y - 10}" width="11" height="11" rx="3" fill="hsl(${hue} 62% 50%)"/>`;
    const kind = running < desired ? "alarm" : "soft";
    return `${swatch}${text(x + 18, y, `${fitted(name, 24)}  ${running}/${desired}`, kind)}`;
  });
  return { text: parts.join("\n"), bottom: top + Math.ceil(services.length / across) * 22 };
}

function rowsOf({ tiles }: Column): number {
  return Math.min(tiles.length, TILES_DOWN);
}

function text(x: number, y: number, words: string, kind: string): string {
  if (words === "") return "";
  return `<text class="${kind}" x="${rounded(x)}" y="${y}">${escaped(words)}</text>`;
}

/** As many characters as there is room for. */
function fitted(words: string, letters: number): string {
  const all = Array.from(words);
  return all.length <= letters ? words : `${all.slice(0, Math.max(1, letters - 1)).join("")}…`;
}

function escaped(words: string): string {
  const written: Readonly<Record<string, string>> = {
    ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" },
  };
  return words.replace(/[&<>"]/g, (sign) => written[sign] ?? sign);
}

const STYLE = `
svg{--ground:#f3f5f8;--surface:#fff;--ink:#172033;--soft:#55607a;--line:#dde3ec;--accent:#1f5fd0;--good:#17794a;--warn:#8a5300;--bad:#b3261e;--fill:.2}
@media (prefers-color-scheme:dark){svg{--ground:#0d1118;--surface:#151b25;--ink:#e8edf5;--soft:#9aa7bd;--line:#29323f;--accent:#86b0ff;--good:#62d196;--warn:#f2bd62;--bad:#ff958b;--fill:.32}}
text{font:13px system-ui,"Segoe UI",Roboto,"Liberation Sans",sans-serif;fill:var(--ink)}
.title{font-size:19px;font-weight:650}.name{font-size:15px;font-weight:650}.label{font-weight:550}
.soft{fill:var(--soft)}.small{font-size:11px}
text.warn{fill:var(--warn)}.alarm{fill:var(--bad);font-weight:600}
.ground{fill:var(--ground)}.column{fill:var(--surface);stroke:var(--line)}
rect.good{fill:var(--good)}rect.warn{fill:var(--warn)}rect.bad{fill:var(--bad)}
.track{fill:var(--line)}.used{fill:var(--accent)}
.full{fill-opacity:var(--fill);stroke-opacity:0}.hollow{fill-opacity:0;stroke-dasharray:4 3}
.stopping .label,.lost .label,.waiting .label,.done .label{fill:var(--soft)}.failed .label{fill:var(--bad)}
`;
