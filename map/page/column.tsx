import { Component } from "preact";
import type { Column as ColumnOf } from "../arrangement";
import type { NodeColumn, Share, Tile as TileOf } from "../picture";
import {
  bytesText,
  conditionText,
  nodeText,
  rounded,
  shareOf,
  shareText,
  shortName,
} from "../words";

/** How the tiles of a service look. */
export interface Look {
  readonly hue: number;
  readonly stack: string;
}

interface ColumnProps {
  readonly column: ColumnOf;
  readonly looks: ReadonlyMap<string, Look>;
  /** Id of the task that is open, when it is in this column. */
  readonly selected: string;
}

/** A node with its tasks. It is drawn anew only when something in it changes. */
export class Column extends Component<ColumnProps> {
  override shouldComponentUpdate(next: Readonly<ColumnProps>): boolean {
    const { column, looks, selected } = this.props;
    return column !== next.column || looks !== next.looks || selected !== next.selected;
  }

  render({ column: { node, tiles }, looks, selected }: ColumnProps) {
    const isWell = node.state === "ready";
    return (
      <section
        class={`column ${isWell ? node.availability : "unwell"}`}
        aria-label={`${node.name}: ${nodeText(node)}`}
        data-node={node.name}
      >
        <header>
          <h2>
            <span class="node-name">{node.name}</span>
            <span class="sr">: {nodeText(node)}</span>
          </h2>
          <NodeMarks node={node} />
          <p class="meta">
            {node.engine === "" ? null : <span>Docker {node.engine}</span>}
            <span>{node.address}</span>
          </p>
          {node.message === "" ? null : <p class="message">{node.message}</p>}
          {node.labels.length === 0 ? null : (
            <ul class="labels" aria-label="Labels">
              {node.labels.map((label) => (
                <li key={label}>{label}</li>
              ))}
            </ul>
          )}
          <Bar what="cpu" share={node.cpu} />
          <Bar what="memory" share={node.memory} />
        </header>
        <TileList tiles={tiles} looks={looks} selected={selected} where={node.name} />
      </section>
    );
  }
}

function NodeMarks({
  node: { role, manager, state, availability },
}: {
  readonly node: NodeColumn;
}) {
  const title = manager === "leader" ? "leader" : role;
  return (
    <p class="marks" aria-hidden="true">
      <span class={`chip ${title}`}>{title}</span>
      {manager === "unreachable" && state === "ready" ? (
        <span class="chip bad">unreachable</span>
      ) : null}
      <span class={state === "ready" ? "chip good" : "chip bad"}>{state}</span>
      {availability === "drain" ? <span class="chip warn">drained</span> : null}
      {availability === "pause" ? <span class="chip warn">paused</span> : null}
    </p>
  );
}

function Bar({ what, share }: { readonly what: "cpu" | "memory"; readonly share: Share }) {
  if (share.total === 0) return null;
  const say = what === "cpu" ? rounded : bytesText;
  const part = shareOf(share);
  return (
    <p class={part > 0.9 ? "bar full" : "bar"} title={shareText(what, share)}>
      <span aria-hidden="true">{what === "cpu" ? "CPU" : "Mem"}</span>
      <span class="track" aria-hidden="true">
        <span style={{ width: `${Math.round(part * 100)}%` }} />
      </span>
      <span aria-hidden="true" class="of">
        {say(share.reserved)} / {say(share.total)}
      </span>
      <span class="sr">{shareText(what, share)}</span>
    </p>
  );
}

interface TileListProps {
  readonly tiles: readonly TileOf[];
  readonly looks: ReadonlyMap<string, Look>;
  readonly selected: string;
  /** Name of their node. */
  readonly where: string;
}

/** Tiles of one node. */
export function TileList({ tiles, looks, selected, where }: TileListProps) {
  if (tiles.length === 0) return <p class="nothing">no tasks</p>;
  return (
    <ul class="tiles">
      {tiles.map((tile) => (
        <Tile
          key={tile.id}
          tile={tile}
          look={looks.get(tile.service)}
          isOpen={tile.id === selected}
          where={where}
        />
      ))}
    </ul>
  );
}

interface TileProps {
  readonly tile: TileOf;
  readonly look: Look | undefined;
  readonly isOpen: boolean;
  readonly where: string;
}

/** What a condition looks like beside its colour: nobody has to tell red from green. */
const signs: Readonly<Record<TileOf["condition"], string>> = {
  ...{ running: "", starting: "…", waiting: "◌", stopping: "↓", lost: "?", failed: "✕", done: "✓" },
};

class Tile extends Component<TileProps> {
  override shouldComponentUpdate({ tile, look, isOpen, where }: Readonly<TileProps>): boolean {
    const { props } = this;
    return (
      tile !== props.tile || look !== props.look || isOpen !== props.isOpen || where !== props.where
    );
  }

  render({ tile, look = { hue: 0, stack: "" }, isOpen, where }: TileProps) {
    const { id, name, slot, condition, failures, health, error } = tile;
    const text = `${name}: ${conditionText(tile)}`;
    return (
      <li>
        <button
          type="button"
          tabIndex={-1}
          class={`tile ${condition}`}
          style={{ "--hue": String(look.hue) }}
          data-task={id}
          data-slot={slot}
          aria-label={`${text}, on ${where}`}
          aria-expanded={isOpen}
          title={error === "" ? text : `${text}\n${error}`}
        >
          <span class="name">{shortName(name, look.stack)}</span>
          {failures > 0 && condition !== "failed" ? (
            <span class="failures" data-count={failures} />
          ) : null}
          {health === "passed" ? <span class="health">♥</span> : null}
          {signs[condition] === "" ? null : <span class="sign">{signs[condition]}</span>}
        </button>
      </li>
    );
  }
}
