import { get } from "node:http";

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
