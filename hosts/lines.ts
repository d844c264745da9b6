/** A longer line is cut: nobody reads it, and a machine that says no line end must not fill the memory. */
const LONGEST_LINE = 64 * 1024;

/** Cuts a stream of text into lines, each of at most 64 Ki characters. */
export class Lines {
  private readonly onLine: (line: string) => void;
  /** The line that has no end yet, in the pieces it came in: joined once, however many they are. */
  private pieces: string[] = [];
  private length = 0;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  /** The next piece; calls `onLine` for every line that is complete, without its end. */
  write(text: string): void {
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      this.keep(text.slice(from, at));
      this.flush();
      from = at + 1;
    }
    this.keep(text.slice(from));
  }

  /** The last piece; what has no line end counts as a line. */
  end(text = ""): void {
    this.write(text);
    if (this.length > 0) this.flush();
  }

  private keep(piece: string): void {
    const room = LONGEST_LINE - this.length;
    this.length += piece.length;
    if (room > 0 && piece !== "") this.pieces.push(piece.slice(0, room));
  }

  private flush(): void {
    const line = this.pieces.join("");
    const isCut = this.length > LONGEST_LINE;
    this.pieces = [];
    this.length = 0;
    if (isCut) this.onLine(`${line}…`);
    else this.onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}

/** The end of a text that may go on and on. */
export class Tail {
  private readonly most: number;
  private kept = "";

  /** @param most - characters that are kept */
  constructor(most: number) {
    this.most = most;
  }

  get text(): string {
    return this.kept;
  }

  write(text: string): void {
    this.kept = (this.kept + text).slice(-this.most);
  }
}
