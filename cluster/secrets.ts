const SHORTEST = 4;

/** Lines of a secret that count as secrets of their own. */
const SHORTEST_LINE = 16;

/**
 * The secret values that a run has seen, to take them out of a text: the last defence, for messages and logs of others
 * that quote what they were given. A value is found as it is, as JSON writes it and in base64. Values under four
 * characters are left: they would hollow out every text.
 */
export class Secrets {
  /** Every spelling of each value. */
  private readonly spellings = new Map<string, readonly string[]>();
  private readonly open = new Set<string>();

  add(secrets: Iterable<string>): void {
    for (const secret of secrets)
      if (secret.length >= SHORTEST && !this.spellings.has(secret))
        this.spellings.set(secret, spellingsOf(secret));
  }

  /**
   * Takes note of values that stand in clear somewhere. Such a one is a secret of those resources alone that say so:
   * who hides all of an environment hides the name of the database's service in it, and no more.
   */
  addOpen(texts: Iterable<string>): void {
    for (const text of texts) this.open.add(text);
  }

  /** @param own - secrets of the resource that the text is about */
  scrub(text: string, own: ReadonlySet<string> = new Set()): string {
    return [...this.spellings]
      .filter(([secret]) => own.has(secret) || !this.open.has(secret))
      .flatMap(([, spellings]) => spellings)
      .sort((a, b) => b.length - a.length)
      .reduce((clean, spelling) => clean.replaceAll(spelling, "[secret]"), text);
  }
}

function spellingsOf(secret: string): readonly string[] {
  const lines = secret.includes("\n") ? secret.split("\n") : [];
  const base64 = Buffer.from(secret).toString("base64");
  const long = lines.filter((line) => line.length >= SHORTEST_LINE);
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), base64, ...long])];
}
