/** What a swarm can list. */
export type ListKind = "services" | "nodes" | "networks" | "secrets" | "configs" | "tasks";

interface List {
  readonly items: Promise<readonly unknown[]>;
  /** Milliseconds of the clock; set once the answer is there. */
  until: number;
}

/** How long a list is taken for what is there, where something may be changing it. */
const LIST_MILLISECONDS = 3_000;

/** Lists that concurrent reads share. */
export class SharedLists {
  private readonly lists = new Map<ListKind, List>();
  private isHeld = false;

  /** Lists that are there do not grow old from now on, however slow those are who read them. */
  hold(): void {
    this.isHeld = true;
  }

  /** Lists grow old again, and those from before count no more. */
  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.clear();
  }

  /** The list as it was a moment ago, or as it was first while lists are held, else as `fetch` answers. */
  async get<T>(kind: ListKind, fetch: () => Promise<readonly T[]>): Promise<readonly T[]> {
    const known = this.lists.get(kind);
    if (known !== undefined && (this.isHeld || Date.now() < known.until))
      return known.items as Promise<T[]>;
    const items = fetch();
    // Until the answer is there everybody waits for the same one.
    const list: List = { items, until: Infinity };
    this.lists.set(kind, list);
    items.then(
      () => {
        list.until = Date.now() + LIST_MILLISECONDS;
      },
      () => {
        // Nobody has seen it: whoever reads next asks again.
        if (this.lists.get(kind) === list) this.lists.delete(kind);
      },
    );
    return items;
  }

  /** The next read fetches the list again. */
  invalidate(kind: ListKind): void {
    this.lists.delete(kind);
  }

  clear(): void {
    this.lists.clear();
  }
}
