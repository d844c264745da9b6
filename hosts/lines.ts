/** Cuts a stream of text into lines. */
export class Lines {
  private readonly onLine: (line: string) => void;
  private rest = "";

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  /** The next piece; calls `onLine` for every line that is complete, without its end. */
  write(text: string): void {
    const parts = (this.rest + text).split("\n");
    this.rest = parts.pop() ?? "";
    for (const part of parts) this.onLine(part.replace(/\r$/, ""));
  }

  /** The last piece; what has no line end counts as a line. */
  end(text = ""): void {
    this.write(text);
    if (this.rest !== "") this.onLine(this.rest);
    this.rest = "";
  }
}
