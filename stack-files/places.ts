import type { Path, Position } from "./finding";
import type { Value } from "./value";

interface Place {
  readonly at: Position | undefined;
  readonly path: Path;
}

/** Where what was read is written: by path in the merged files, and by object for what a merge moves about. */
export class Places {
  readonly #paths = new Map<string, Position>();
  readonly #items = new WeakMap<object, Place>();

  /** Keeps the places of a file's values. A later file's are those that count. */
  note(value: Value, path: Path): void {
    this.#paths.set(JSON.stringify(path), value.at);
    if (value.kind === "list")
      value.items.forEach((item, index) => {
        this.note(item, [...path, index]);
      });
    if (value.kind === "map")
      for (const [key, entry] of value.entries) this.note(entry.value, [...path, key]);
  }

  /** Keeps the place of what a list says under a name. */
  set(path: Path, at: Position): void {
    this.#paths.set(JSON.stringify(path), at);
  }

  /** Keeps the place of an item of a list that a merge sorts anew, and its path in its own file. */
  mark<T extends object>(item: T, at: Position, path: Path): T {
    this.#items.set(item, { at, path });
    return item;
  }

  /** The place of such an item; of any other, the place of a path. */
  of(item: object | undefined, path: Path): Place {
    const marked = item === undefined ? undefined : this.#items.get(item);
    return marked ?? { at: this.at(path), path };
  }

  /** Whether a file says anything at a path, be it right or wrong. */
  has(path: Path): boolean {
    return this.#paths.has(JSON.stringify(path));
  }

  /** The place of a path, else of the nearest part above it. */
  at(path: Path): Position | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const place = this.#paths.get(JSON.stringify(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return undefined;
  }
}
