/** A file that is written before a step's script runs. */
export interface StepFile {
  readonly path: string;
  readonly content: string;
  /** @default "0644" */
  readonly mode?: string;
}

/** What only the machine can say when a step's turn has come, such as the versions that its repository has. */
interface StepQuestion {
  /** Bash that changes nothing; what it prints is the answer's material. */
  readonly script: string;
  readonly args?: readonly string[];
  /**
   * Decides from what was printed.
   *
   * @throws Error that says what was found and expected: the step stops before anything of it is done
   */
  decide(output: string): StepAnswer | Promise<StepAnswer>;
}

/** What a step is done with, besides what it says itself. */
interface StepAnswer {
  readonly files?: readonly StepFile[];
  readonly args?: readonly string[];
}

/** One thing that is done to a machine because it is not as it shall be. */
export interface Step {
  /** Short and steady (`engine`). */
  readonly id: string;
  /** What it does, for the line beside the resource: `installing docker-ce 26.1.5`. */
  readonly title: string;
  /** Property that it belongs to (`engine.version`). */
  readonly path: string;
  /** Goes first, and says what the rest is done with. */
  readonly ask?: StepQuestion;
  readonly files?: readonly StepFile[];
  /** Bash, run with `-euo pipefail`. @default - the files are all */
  readonly script?: string;
  readonly args?: readonly string[];
  /** Seconds the script may take. @default 60 */
  readonly deadlineSeconds?: number;
}
