import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Feed, News } from "./feed";
import type { Page } from "./page";

/** Only this machine can connect. */
const ADDRESS = "127.0.0.1";

/** Pages that watch at the same time. */
const MOST_STREAMS = 8;
/** Connections at the same time: a browser opens up to six to one address. */
const MOST_CONNECTIONS = 64;
/** Questions about a task at the same time: each costs a stream to a manager. */
const MOST_DETAILS = 4;
/** Bytes that a page may leave unread; then its stream is ended, and it begins anew with the whole picture. */
const MOST_UNREAD = 8 * 1024 * 1024;
/** Characters of an address. */
const LONGEST_URL = 512;
/** A comment keeps a stream alive that has no news. */
const KEEP_ALIVE_MILLISECONDS = 15_000;

/** A map that is served. */
export interface Served {
  /** Opens the map once, in one browser. */
  readonly address: string;
  readonly port: number;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** What the server is made of. */
export interface ServerOptions {
  readonly feed: Feed;
  readonly page: Page;
  /** @default 0, any that is free */
  readonly port?: number;
}

/**
 * Serves the map to browsers of this machine.
 *
 * The address holds a token that works once; it is answered with a cookie, and the token is gone from the address.
 * Cookies of 127.0.0.1 go to all its ports, so this one is for a path that nobody can guess. The Host header must be
 * this server's, so that no name in somebody's DNS leads here.
 *
 * @throws Error when the port cannot be had
 * @see https://owasp.org/www-project-web-security-testing-guide/ (DNS rebinding, cookies)
 */
export async function serve({ feed, page, port = 0 }: ServerOptions): Promise<Served> {
  const room = new Room(feed, page);
  const server = createServer(
    { maxHeaderSize: 8192, requestTimeout: 10_000 },
    (request, response) => {
      room.answer(request, response);
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.on("clientError", (_error, socket) => socket.destroy());
  await listening(server, port);
  room.port = (server.address() as AddressInfo).port;
  return {
    address: `http://${ADDRESS}:${room.port}${room.path}?${room.token}`,
    port: room.port,
    close: async () => {
      room.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "something else listens on it" : error.message;
      reject(new Error(`--port: got ${port}; expected a free port of ${ADDRESS}: ${why}`));
    });
    server.listen(port, ADDRESS, resolve);
  });
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

class Room {
  /** Unguessable, so that other servers on this address do not see the cookie. */
  readonly path = `/${secret()}/`;
  readonly token = secret();
  port = 0;
  private readonly session = secret();
  private readonly feed: Feed;
  private readonly page: Page;
  private isTokenUsed = false;
  private readonly streams = new Set<() => void>();
  private details = 0;

  constructor(feed: Feed, page: Page) {
    this.feed = feed;
    this.page = page;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of headers) response.setHeader(name, value);
    const { method = "", url = "", headers: sent } = request;
    if (!this.isOwnName(sent.host))
      refuse(response, 421, "This server answers to its own address only.");
    else if (method !== "GET")
      refuse(response.setHeader("Allow", "GET"), 405, "Only GET: the map changes nothing.");
    else if (hasBody(request) || url.length > LONGEST_URL)
      refuse(response, 400, "Not a request of the map.");
    else if (!this.isOwnPage(request)) refuse(response, 403, "Not for other pages.");
    else this.route(request, response, url);
  }

  close(): void {
    for (const end of [...this.streams]) end();
  }

  private route(request: IncomingMessage, response: ServerResponse, url: string): void {
    const [path = "", query] = url.split("?", 2);
    if (!path.startsWith(this.path)) {
      refuse(
        response,
        404,
        "Nothing here. The address of the map is in the terminal that shows it.",
      );
      return;
    }
    const isKnown = this.hasCookie(request);
    const rest = path.slice(this.path.length);
    if (rest === "" && query !== undefined) this.open(response, query, isKnown);
    else if (!isKnown) refuse(response, 403, USED);
    else this.handlerOf(rest)(request, response);
  }

  private handlerOf(rest: string): Handler {
    if (rest === "")
      return (_request, response) => {
        sendPage(response, this.page);
      };
    if (rest === "news") return this.stream;
    const [, id] = /^tasks\/([a-z0-9]{1,64})$/.exec(rest) ?? [];
    if (id !== undefined) return (_request, response) => void this.detail(response, id);
    return (_request, response) => {
      refuse(response, 404, "Nothing here.");
    };
  }

  private open(response: ServerResponse, token: string, isKnown: boolean): void {
    if (!isKnown) {
      if (this.isTokenUsed || !isEqual(token, this.token)) {
        refuse(response, 403, USED);
        return;
      }
      this.isTokenUsed = true;
      const cookie = `${COOKIE}=${this.session}; Path=${this.path}; HttpOnly; SameSite=Strict`;
      response.setHeader("Set-Cookie", cookie);
    }
    response.writeHead(303, { Location: this.path }).end();
  }

  private readonly stream: Handler = (_request, response) => {
    if (this.streams.size >= MOST_STREAMS) {
      refuse(response, 429, `${MOST_STREAMS} pages show the map already; close one.`);
      return;
    }
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    const end = (): void => {
      if (!this.streams.delete(end)) return;
      clearInterval(timer);
      unwatch();
      response.destroy();
    };
    const timer = setInterval(() => response.write(":\n\n"), KEEP_ALIVE_MILLISECONDS);
    this.streams.add(end);
    response.on("close", end);
    response.write("retry: 1000\n\n");
    const unwatch = this.feed.watch((news) => {
      if (response.writableLength > MOST_UNREAD) setImmediate(end);
      else response.write(eventOf(news));
    });
  };

  private async detail(response: ServerResponse, id: string): Promise<void> {
    if (this.details >= MOST_DETAILS) {
      refuse(response, 429, "Too many tasks are asked about at once; try again.");
      return;
    }
    this.details += 1;
    try {
      const detail = await this.feed.detail(id);
      if (detail === undefined) refuse(response, 404, "This task is gone.");
      else response.setHeader("Content-Type", "application/json").end(JSON.stringify(detail));
    } catch {
      refuse(response, 502, "No manager could be asked about this task; try again.");
    } finally {
      this.details -= 1;
    }
  }

  private isOwnName(host: string | undefined): boolean {
    return host === `${ADDRESS}:${this.port}` || host === `localhost:${this.port}`;
  }

  /** Browsers say who asks. A person who follows a link to the map comes from anywhere, but to the page alone. */
  private isOwnPage({ headers: sent, url = "" }: IncomingMessage): boolean {
    const { origin } = sent;
    const site = sent["sec-fetch-site"];
    const isPage = sent["sec-fetch-mode"] === "navigate" && url.split("?", 1)[0] === this.path;
    const isSame = site === undefined || site === "same-origin" || site === "none" || isPage;
    return isSame && (origin === undefined || origin === `http://${sent.host ?? ""}`);
  }

  private hasCookie({ headers: sent }: IncomingMessage): boolean {
    const cookies = (sent.cookie ?? "").split(/; */);
    const own = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`));
    return own !== undefined && isEqual(own.slice(COOKIE.length + 1), this.session);
  }
}

const COOKIE = "swarm-map";

const USED =
  "This address opens the map once, in one browser, and that was it or somebody was faster. " +
  "For another one stop `npm run map` in its terminal and start it again.";

/** @see https://owasp.org/www-project-secure-headers/ */
const headers: readonly (readonly [string, string])[] = [
  ["Cache-Control", "no-store"],
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Referrer-Policy", "no-referrer"],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "DENY"],
];

function sendPage(response: ServerResponse, { html, policy }: Page): void {
  response.setHeader("Content-Security-Policy", `${policy}; frame-ancestors 'none'`);
  response.setHeader("Content-Type", "text/html; charset=utf-8").end(html);
}

function eventOf({ kind, ...rest }: News): string {
  return `event: ${kind}\ndata: ${JSON.stringify(Object.values(rest)[0] ?? null)}\n\n`;
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
  response.end(`${why}\n`);
}

function hasBody({ headers: sent }: IncomingMessage): boolean {
  return (
    sent["transfer-encoding"] !== undefined || !["0", undefined].includes(sent["content-length"])
  );
}

/** 192 bits. */
function secret(): string {
  return randomBytes(24).toString("base64url");
}

/** In a time that tells nothing about where they differ. */
function isEqual(got: string, expected: string): boolean {
  const [a, b] = [Buffer.from(got), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
