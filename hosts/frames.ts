/** Who wrote what is in a frame; `engine`: Docker itself, about what it could not get. */
export type FrameSource = "stdout" | "stderr" | "engine";

/** A piece of a frame: a large one comes in several. */
export interface FramePiece {
  readonly source: FrameSource;
  readonly bytes: Buffer;
  /** Whether the frame ends with it. */
  readonly isLast: boolean;
}

/** The stream has no frames: it is a terminal's output, or not Docker's at all. */
export class NoFramesError extends Error {
  constructor() {
    super("the stream is not in Docker's frames");
  }
}

const HEAD = 8;

/** By the first byte of a head. What was written to the input of a container is shown as its output is. */
const SOURCES: readonly FrameSource[] = ["stdout", "stdout", "stderr", "engine"];

/**
 * Takes Docker's frames apart as they come: eight bytes (source, three zeros, length), then the content. Keeps no more
 * than a head, however long the frames say they are.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Container/operation/ContainerAttach
 */
export class Frames {
  /** Of the head that is not whole yet. */
  private head: Buffer = Buffer.alloc(0);
  private source: FrameSource = "stdout";
  /** Bytes of the frame that are still to come. */
  private left = 0;

  /** The pieces in the next bytes. @throws NoFramesError */
  write(chunk: Buffer): FramePiece[] {
    const pieces: FramePiece[] = [];
    for (let at = 0; at < chunk.length;) {
      if (this.left === 0) {
        const end = Math.min(chunk.length, at + HEAD - this.head.length);
        this.head = Buffer.concat([this.head, chunk.subarray(at, end)]);
        at = end;
        if (this.head.length < HEAD) break;
        this.begin();
        if (this.left === 0)
          pieces.push({ source: this.source, bytes: Buffer.alloc(0), isLast: true });
        continue;
      }
      const end = Math.min(chunk.length, at + this.left);
      this.left -= end - at;
      const isLast = this.left === 0;
      pieces.push({ source: this.source, bytes: chunk.subarray(at, end), isLast });
      at = end;
    }
    return pieces;
  }

  private begin(): void {
    const source = SOURCES[this.head[0] ?? SOURCES.length];
    if (source === undefined || this.head.readUIntBE(1, 3) !== 0) throw new NoFramesError();
    this.source = source;
    this.left = this.head.readUInt32BE(4);
    this.head = Buffer.alloc(0);
  }
}
