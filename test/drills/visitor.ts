import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** A load balancer's client: asks again and again, and the next address when one does not answer. */
export class Visitor {
  answered = 0;
  /** Times when no address answered. */
  lost = 0;
  private stopped = false;
  private readonly walk: Promise<void>;

  constructor(urls: readonly string[]) {
    this.walk = this.ask([...urls]);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.walk;
  }

  private async ask(urls: string[]): Promise<void> {
    while (!this.stopped) {
      let tries = urls.length;
      while (tries > 0 && !(await answers(urls[0] ?? ""))) {
        urls.push(urls.shift() ?? "");
        tries -= 1;
      }
      if (tries > 0) this.answered += 1;
      else this.lost += 1;
      await delay(50);
    }
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 10_000 }, (response) => {
      response.resume();
      response.once("end", () => {
        resolve(response.statusCode === 200);
      });
    });
    request.once("timeout", () => request.destroy(new Error("no answer")));
    request.once("error", () => {
      resolve(false);
    });
  });
}
