import { get } from "node:http";
import { setTimeout } from "node:timers/promises";

/** What a URL answered. */
export interface Answer {
  readonly url: string;
  readonly answers: boolean;
  /** Status line, or why there was none. */
  readonly text: string;
}

const timeoutMilliseconds = 3000;

/** Asks a URL once. A redirect is an answer; so is a service that listens but does not speak HTTP. Never rejects. */
export async function probe(url: string, timeout = timeoutMilliseconds): Promise<Answer> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(timeout) }, (response) => {
      const text = `${response.statusCode ?? ""} ${response.statusMessage ?? ""}`.trim();
      response.destroy();
      resolve({ url, answers: true, text });
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.name;
      if (code.startsWith("HPE_")) resolve({ url, answers: true, text: "answers, but not HTTP" });
      else resolve({ url, answers: false, text: `no answer (${inWords(code, timeout)})` });
    });
  });
}

/**
 * Asks a URL until it answers, once a second, for so many seconds: a node that was just made or booted passes requests
 * on only when it has heard of the services, and nothing announces that. Never rejects.
 */
export async function probeFor(url: string, seconds: number): Promise<Answer> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await probe(url);
    if (answer.answers || Date.now() >= end) return answer;
    await setTimeout(1000);
  }
}

function inWords(code: string, timeout: number): string {
  if (code === "ABORT_ERR" || code === "TimeoutError") return `within ${timeout / 1000} s`;
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: "connection refused",
    ECONNRESET: "connection reset",
    EHOSTUNREACH: "host unreachable",
    ENETUNREACH: "network unreachable",
  };
  return words[code] ?? code;
}
