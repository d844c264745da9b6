/**
 * The values that variables have: the stack's own first, then those of its `.env`, then the process's. What was taken
 * from the process is remembered, because nothing in the repository says it.
 */
export class Variables {
  readonly #own: ReadonlyMap<string, string>;
  readonly #process: Readonly<Record<string, string | undefined>>;
  readonly #taken = new Set<string>();

  /** @param own - sources in their order: the first that has a name gives its value */
  constructor(
    own: readonly Readonly<Record<string, string | undefined>>[],
    process: Readonly<Record<string, string | undefined>>,
  ) {
    const values = new Map<string, string>();
    for (const source of own)
      for (const [name, value] of Object.entries(source))
        if (value !== undefined && !values.has(name)) values.set(name, value);
    this.#own = values;
    this.#process = process;
  }

  get(name: string): string | undefined {
    const own = this.#own.get(name);
    if (own !== undefined || !Object.hasOwn(this.#process, name)) return own;
    const value = this.#process[name];
    if (value !== undefined) this.#taken.add(name);
    return value;
  }

  /** Names whose values came from the process, sorted. */
  get fromProcess(): readonly string[] {
    return [...this.#taken].sort();
  }
}
