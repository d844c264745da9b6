import type { Socket } from "node:net";
import { noCost, sumOf, without } from "../units/cost";
import type { Cost } from "../units/cost";

/** Counts what goes between this process and the machines. */
export class Traffic {
  private readonly open = new Set<Socket>();
  private counted = noCost;
  private told = noCost;

  /** A connection that is being opened. What goes through another one is counted there, and has no socket. */
  connection(socket: Socket | undefined): void {
    this.add({ connections: 1 });
    if (socket === undefined) return;
    this.open.add(socket);
    socket.once("close", () => {
      this.open.delete(socket);
      this.add(bytesOf(socket));
    });
  }

  session(): void {
    this.add({ sessions: 1 });
  }

  engineCall(): void {
    this.add({ engineCalls: 1 });
  }

  /** Everything so far. */
  get cost(): Cost {
    const now = [...this.open].map((socket) => ({ ...noCost, ...bytesOf(socket) }));
    return sumOf([this.counted, ...now]);
  }

  /** What came since this was asked last; undefined for nothing. */
  sinceLast(): Cost | undefined {
    const { cost } = this;
    const since = without(cost, this.told);
    this.told = cost;
    return Object.values(since).some((figure) => figure !== 0) ? since : undefined;
  }

  private add(part: Partial<Cost>): void {
    this.counted = sumOf([this.counted, { ...noCost, ...part }]);
  }
}

function bytesOf({ bytesWritten, bytesRead }: Socket): Pick<Cost, "sent" | "received"> {
  return { sent: bytesWritten, received: bytesRead };
}
