import type { Path, Position } from "./finding";
import type { Value } from "./value";

/** Where what was read is written: by path in the merged files, and by object for what a merge moves about. */
export class Places {
  readonly #paths = new Map<string, Position>();
  readonly #objects = new WeakMap<object, Position>();

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

  /** Keeps the place of an object that was read from `at`. */
  mark<T extends object>(object: T, at: Position): T {
    this.#objects.set(object, at);
    return object;
  }

  of(object: object): Position | undefined {
    return this.#objects.get(object);
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
