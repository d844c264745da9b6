import { pathOf } from "../settings/problem";

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

/** The line a user reads: `stacks/shop.yml:14:7 services.web.ports[0]: got …; expected …`. */
export function renderFinding({ at, path, message }: Finding): string {
  const place = at === undefined ? "" : `${at.file}:${at.line}:${at.column}`;
  const where = [place, pathOf(path)].filter((part) => part !== "").join(" ");
  return plain(where === "" ? message : `${where}: ${message}`);
}

/** What a file says may reach a terminal: control characters and those that turn the direction are shown, not sent. */
export function plain(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Collects what there is to say. */
export class Report {
  readonly findings: Finding[] = [];

  error(at: Position | undefined, path: Path, message: string): void {
    this.#add("error", at, path, message);
  }

  warn(at: Position | undefined, path: Path, message: string): void {
    this.#add("warning", at, path, message);
  }

  #add(severity: Finding["severity"], at: Position | undefined, path: Path, message: string): void {
    this.findings.push({ severity, ...(at === undefined ? {} : { at }), path, message });
  }
}
