/** Docker's filters of a list: `{ name: ["web"], "desired-state": ["running"] }`. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/** What every call may be given. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** @default 30 */
  readonly deadlineSeconds?: number;
}

/** One segment of a path; names may hold characters that mean something in a path. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

/** A list that an old engine answers as null when it is empty. */
export function listOf<T>(answer: T[] | null | undefined): T[] {
  return answer ?? [];
}
