/** One thing wrong with a configuration or an argument; all of them are reported together. */
export interface Failure {
  /** Property path (`engine.version`). */
  readonly path: string;
  /** `got X; expected Y. What to do.` */
  readonly reason: string;
}
