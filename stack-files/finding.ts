/** Where something is written. Lines and columns count from 1. */
export interface Position {
  /** Path as the user gave it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Path of a value in the merged files: `["services", "web", "ports", 0]`. */
export type Path = readonly (string | number)[];

/** One thing to say about stack files. An error stops everything, a warning is shown in the preview. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** Absent where no file says it (a missing file, an unset variable of the caller's). */
  readonly at?: Position;
  readonly path: Path;
  /** `got …; expected …. What to do.` */
  readonly message: string;
}
