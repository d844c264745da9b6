/** A file that is written before a step's script runs. */
export interface StepFile {
  readonly path: string;
  readonly content: string;
  /** @default "0644" */
  readonly mode?: string;
}

/** One thing that is done to a machine because it is not as it shall be. */
export interface Step {
  /** Short and steady (`engine`). */
  readonly id: string;
  /** What it does, for the line beside the resource: `installing docker-ce 26.1.5`. */
  readonly title: string;
  /** Property that it belongs to (`engine.version`). */
  readonly path: string;
  readonly files?: readonly StepFile[];
  /** Bash, run with `-euo pipefail`. @default - the files are all */
  readonly script?: string;
  readonly args?: readonly string[];
  /** Seconds the script may take. @default 60 */
  readonly deadlineSeconds?: number;
}
