import { Component, type RefObject, createRef } from "preact";
import type { Arrangement, Column as ColumnOf } from "../arrangement";
import { Column, TileList, type Look } from "./column";
import { fly, placesOf, type Place } from "./flight";
import { nextTile } from "./keys";

export type { Look } from "./column";

interface BoardProps {
  readonly arrangement: Arrangement;
  /** By the service's id. */
  readonly looks: ReadonlyMap<string, Look>;
  /** Tasks to be seen, and all. */
  readonly count: number;
  readonly total: number;
  /** Id of the task whose panel is open; empty for none. */
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Tiles from which on they are drawn smaller, and from which on as dots. */
const DENSE = 300;
const DOTS = 1200;

/** Puts the keyboard on a task's tile. */
export function focusTile(id: string): void {
  document.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"]`)?.focus();
}

/**
 * Nodes as columns with their tasks as tiles. All tiles together are one stop of the Tab key; arrow keys go from one to
 * the next. Events are taken here, not by each of thousands of tiles.
 */
export class Board extends Component<BoardProps> {
  private readonly place: RefObject<HTMLElement | null> = createRef();
  /** Task that the Tab key leads to, and the place that it fills. */
  private current = "";
  private slot = "";
  private hadFocus = false;

  override getSnapshotBeforeUpdate(before: Readonly<BoardProps>): ReadonlyMap<string, Place> {
    const { activeElement } = document;
    this.hadFocus =
      activeElement instanceof HTMLElement && activeElement.dataset.task !== undefined;
    const moved = this.props.arrangement !== before.arrangement;
    return moved
      ? placesOf(this.place.current, before.arrangement, this.props.arrangement)
      : new Map();
  }

  override componentDidUpdate(
    _props: Readonly<BoardProps>,
    _state: unknown,
    places: ReadonlyMap<string, Place>,
  ): void {
    fly(this.place.current, places);
    this.keepTabStop();
  }

  override componentDidMount(): void {
    this.keepTabStop();
  }

  /** One tile can be reached: the last one that was, the next in its place when it is gone, or the first. */
  private keepTabStop(): void {
    const root = this.place.current;
    if (root === null) return;
    const find = (name: string, value: string): HTMLElement | null =>
      value === "" ? null : root.querySelector(`[data-${name}="${CSS.escape(value)}"]`);
    const there = find("task", this.current);
    const tile = there ?? find("slot", this.slot) ?? root.querySelector<HTMLElement>("[data-task]");
    if (tile === null) return;
    this.stopAt(tile);
    // The focused tile ended: its successor takes over, instead of the top of the page.
    if (this.hadFocus && there === null) tile.focus();
  }

  private stopAt(tile: HTMLElement): void {
    const root = this.place.current;
    for (const old of root?.querySelectorAll<HTMLElement>('[data-task][tabindex="0"]') ?? [])
      if (old !== tile) old.tabIndex = -1;
    tile.tabIndex = 0;
    this.current = tile.dataset.task ?? "";
    this.slot = tile.dataset.slot ?? "";
  }

  private readonly onFocus = ({ target }: FocusEvent): void => {
    if (target instanceof HTMLElement && target.dataset.task !== undefined) this.stopAt(target);
  };

  private readonly onClick = ({ target }: MouseEvent): void => {
    const tile = target instanceof Element ? target.closest<HTMLElement>("[data-task]") : null;
    if (tile !== null) this.props.onSelect(tile.dataset.task ?? "");
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || target.dataset.task === undefined) return;
    const next = nextTile(this.place.current, target, key);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };

  render({ arrangement, looks, count, total, selected }: BoardProps) {
    const { columns, homeless } = arrangement;
    const density = total >= DOTS ? "dots" : total >= DENSE ? "dense" : "roomy";
    const left = count < total ? `${count} of ${total} tasks shown` : `${total} tasks`;
    const selectedIn = (tiles: ColumnOf["tiles"]): string =>
      tiles.some(({ id }) => id === selected) ? selected : "";
    return (
      <main
        ref={this.place}
        class={`board ${density}`}
        aria-label="Nodes and their tasks"
        onClick={this.onClick}
        onFocusIn={this.onFocus}
        onKeyDown={this.onKeyDown}
      >
        <p class="board-count" role="status">
          {left}
        </p>
        {homeless.length === 0 ? null : (
          <section class="homeless" aria-labelledby="homeless-title">
            <h2 id="homeless-title">Without a node</h2>
            <TileList
              tiles={homeless}
              looks={looks}
              selected={selectedIn(homeless)}
              where="no node"
            />
          </section>
        )}
        <div class="columns">
          {columns.map((column) => (
            <Column
              key={column.node.id}
              column={column}
              looks={looks}
              selected={selectedIn(column.tiles)}
            />
          ))}
        </div>
      </main>
    );
  }
}
