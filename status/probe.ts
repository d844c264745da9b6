import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";

/** What a URL answered. */
export interface Answer {
  readonly url: string;
  readonly answers: boolean;
  /** It takes connections: a protocol in which the client goes on, DNS for one, never answers to HTTP. */
  readonly listens: boolean;
  /** Status line, or why there was none. */
  readonly text: string;
}

const timeoutMilliseconds = 3000;

/**
 * Asks a URL once. A redirect is an answer; so is a service that does not speak HTTP, and one whose certificate nobody
 * here knows: nothing is told to it. Never rejects.
 */
export async function probe(url: string, timeout = timeoutMilliseconds): Promise<Answer> {
  return new Promise((resolve) => {
    let listens = false;
    const answered = (text: string): void => {
      resolve({ url, answers: true, listens: true, text });
    };
    const signal = AbortSignal.timeout(timeout);
    const get = url.startsWith("https:") ? getHttps : getHttp;
    const request = get(url, { agent: false, signal, rejectUnauthorized: false }, (response) => {
      response.destroy();
      answered(`${response.statusCode ?? ""} ${response.statusMessage ?? ""}`.trim());
    });
    request.on("socket", (socket) => socket.once("connect", () => (listens = true)));
    request.on("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.name;
      const isLate = code === "ABORT_ERR" || code === "TimeoutError";
      const late = `within ${timeout / 1000} s`;
      if (code.startsWith("HPE_")) answered("answers, but not HTTP");
      else if (isLate && listens)
        resolve({ url, answers: false, listens, text: `listens, no HTTP answer ${late}` });
      else {
        const text = `no answer (${isLate ? late : inWords(code)})`;
        resolve({ url, answers: false, listens: false, text });
      }
    });
  });
}

function inWords(code: string): string {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: "connection refused",
    ECONNRESET: "connection reset",
    EHOSTUNREACH: "host unreachable",
    ENETUNREACH: "network unreachable",
  };
  return words[code] ?? code;
}
