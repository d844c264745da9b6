import type { IncomingMessage } from "node:http";
import { linesOf } from "./engine-http";

/**
 * What happens, as one engine tells it: one stream for everybody who listens, because each stream may cost one of the few
 * sessions that sshd allows.
 */
export class EngineEvents {
  private readonly open: (signal: AbortSignal) => Promise<IncomingMessage>;
  private readonly listeners = new Map<() => void, () => void>();
  private stream: AbortController | undefined;

  constructor(open: (signal: AbortSignal) => Promise<IncomingMessage>) {
    this.open = open;
  }

  /**
   * Calls `listener` at every event from now on. The stream may end, or not come about: whoever listens looks by
   * themselves now and then.
   *
   * @param onEnd - called once when it has ended: nothing is heard any more until somebody listens anew
   * @returns what ends that
   */
  listen(listener: () => void, onEnd: () => void = () => undefined): () => void {
    // Wrapped, so that one that listens twice has to stop twice.
    const own = (): void => {
      listener();
    };
    this.listeners.set(own, onEnd);
    this.stream ??= this.start();
    return () => {
      this.listeners.delete(own);
      if (this.listeners.size > 0) return;
      this.stream?.abort();
      this.stream = undefined;
    };
  }

  private start(): AbortController {
    const stream = new AbortController();
    void this.follow(stream.signal)
      // Without events there is still the look now and then, so their end is no error.
      .catch(() => undefined)
      .then(() => {
        // The next one that listens opens another.
        if (this.stream !== stream) return;
        this.stream = undefined;
        for (const onEnd of this.listeners.values()) onEnd();
      });
    return stream;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const lines = linesOf(await this.open(signal), signal);
    while ((await lines.next()).done !== true)
      for (const listener of this.listeners.keys()) listener();
  }
}
