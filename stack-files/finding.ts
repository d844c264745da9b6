import { pathOf } from "../words/path";
import { shorten } from "./value";

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
  const keys = path.map((key) => (typeof key === "string" ? shorten(key) : key));
  const where = [place, pathOf(keys)].filter((part) => part !== "").join(" ");
  return plain(where === "" ? message : `${where}: ${message}`);
}

/** What a file says may reach a terminal: control characters and those that turn the direction are shown, not sent. */
export function plain(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Findings by file in this order, then by line; what no file says comes first. */
export function inOrder(findings: readonly Finding[], files: readonly string[]): Finding[] {
  const rank = ({ at }: Finding): readonly [number, number, number] =>
    at === undefined ? [-1, 0, 0] : [files.indexOf(at.file), at.line, at.column];
  return [...findings].sort((a, b) => {
    const [one, other] = [rank(a), rank(b)];
    return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
  });
}

/** What is more than this nobody reads. */
export const mostFindings = 1000;

/** Collects what there is to say. */
export class Report {
  readonly #findings: Finding[] = [];
  /** What a range of ports says for each of them is said once. */
  readonly #lines = new Set<string>();
  #more = 0;
  #failed = false;

  error(at: Position | undefined, path: Path, message: string): void {
    this.#failed = true;
    this.#add("error", at, path, message);
  }

  warn(at: Position | undefined, path: Path, message: string): void {
    this.#add("warning", at, path, message);
  }

  /** Whether there is an error. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Whether what is added now is counted alone. */
  get full(): boolean {
    return this.#findings.length >= mostFindings;
  }

  /** What there is to say, in order. */
  findings(files: readonly string[]): readonly Finding[] {
    const sorted = inOrder(this.#findings, files);
    if (this.#more === 0) return sorted;
    const severity = this.#failed ? "error" : "warning";
    return [
      ...sorted,
      {
        severity,
        path: [],
        message: `there are ${this.#more} more of these. Mend the first ones.`,
      },
    ];
  }

  #add(severity: Finding["severity"], at: Position | undefined, path: Path, message: string): void {
    if (this.full) {
      this.#more += 1;
      return;
    }
    const finding = { severity, ...(at === undefined ? {} : { at }), path, message };
    const line = severity + renderFinding(finding);
    if (!this.#lines.has(line)) this.#findings.push(finding);
    this.#lines.add(line);
  }
}
