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
const EMPTY: Buffer = Buffer.alloc(0);

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
  private head = EMPTY;
  private source: FrameSource = "stdout";
  /** Bytes of the frame that are still to come; undefined between two frames. */
  private left: number | undefined;

  /** The pieces in the next bytes. @throws NoFramesError */
  write(chunk: Buffer): FramePiece[] {
    const pieces: FramePiece[] = [];
    for (let at = 0; at < chunk.length;) {
      if (this.left === undefined) {
        const head = this.headIn(chunk, at);
        at += HEAD - this.head.length;
        this.head = head;
        if (head.length < HEAD) break;
        this.begin(head);
        this.head = EMPTY;
      }
      const end = Math.min(chunk.length, at + (this.left ?? 0));
      const left = (this.left ?? 0) - (end - at);
      const bytes = chunk.subarray(at, end);
      if (bytes.length > 0 || left === 0)
        pieces.push({ source: this.source, bytes, isLast: left === 0 });
      this.left = left === 0 ? undefined : left;
      at = end;
    }
    return pieces;
  }

  /** The head with what there is of it in the next bytes. */
  private headIn(chunk: Buffer, at: number): Buffer {
    const next = chunk.subarray(at, at + HEAD - this.head.length);
    const head = this.head.length === 0 ? next : Buffer.concat([this.head, next]);
    // Told at once: a text may be shorter than a head.
    if ((head[0] ?? 0) >= SOURCES.length) throw new NoFramesError();
    return head;
  }

  private begin(head: Buffer): void {
    if (head.readUIntBE(1, 3) !== 0) throw new NoFramesError();
    this.source = SOURCES[head[0] ?? 0] ?? "stdout";
    this.left = head.readUInt32BE(4);
  }
}
