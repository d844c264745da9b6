import { request, type IncomingHttpHeaders } from "node:http";
import { changed, type Change } from "../../../map/change";
import { Feed } from "../../../map/feed";
import { pictureOf } from "../../../map/model";
import { livePage } from "../../../map/page";
import type { Picture } from "../../../map/picture";
import { serve, type Served } from "../../../map/server";
import { type MovingSwarm, shop } from "./moving-swarm";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

let swarm: MovingSwarm;
let served: Served;
const streams: AbortController[] = [];

/** Looks come quickly, so that no test waits for them. */
const pace = { period: 20, gather: 5, retry: 20 };

beforeEach(async () => {
  swarm = shop();
  served = await serve({
    feed: new Feed(swarm, pace),
    page: livePage({ script: "let page;", style: "p{}" }),
  });
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.abort();
  await served.close();
});

async function ask(
  path: string,
  { method = "GET", headers = {}, body }: Asked = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: served.port, path, method, headers, agent: false };
    const sent = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.on("error", reject).end(body);
  });
}

/** Address of the page without the token, and the token. */
function parts(): readonly [string, string] {
  const url = new URL(served.address);
  return [url.pathname, url.search];
}

/** Opens the map as the browser does; answers with the cookie. */
async function opened(): Promise<{ readonly room: string; readonly headers: { Cookie: string } }> {
  const [room, token] = parts();
  const { headers, status } = await ask(room + token);
  expect(status).toBe(303);
  return { room, headers: { Cookie: headers["set-cookie"]?.[0]?.split(";")[0] ?? "" } };
}

/** What a page hears, as it comes. */
async function* news(
  room: string,
  headers: Record<string, string>,
): AsyncGenerator<readonly [string, unknown]> {
  const stop = new AbortController();
  streams.push(stop);
  const url = `http://127.0.0.1:${served.port}${room}news`;
  const { body } = await fetch(url, { headers, signal: stop.signal });
  let text = "";
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString("utf8");
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [, kind, data] = /^event: (\w+)\ndata: (.*)/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (kind !== undefined) yield [kind, JSON.parse(data ?? "null")];
    }
  }
}

/** Whether a page more may watch. */
async function isStreamed(room: string, headers: Record<string, string>): Promise<boolean> {
  const stop = new AbortController();
  const url = `http://127.0.0.1:${served.port}${room}news`;
  const { ok } = await fetch(url, { headers, signal: stop.signal });
  stop.abort();
  return ok;
}

/** The next news of a kind. */
async function next(
  stream: AsyncGenerator<readonly [string, unknown]>,
  wanted: string,
): Promise<unknown> {
  for (;;) {
    const { value } = (await stream.next()) as { value: readonly [string, unknown] | undefined };
    if (value === undefined) throw new Error(`the stream ended before ${wanted}`);
    if (value[0] === wanted) return value[1];
  }
}

describe("who may see the map", () => {
  it("is one browser, with the address, once; then its cookie", async () => {
    const [room, token] = parts();
    expect((await ask(room)).status).toBe(403);
    const first = await ask(room + token);
    expect(first.headers.location).toBe(room);
    const [cookie = ""] = first.headers["set-cookie"] ?? [];
    expect(cookie).toContain(`Path=${room}; HttpOnly; SameSite=Strict`);
    expect(first.text + (first.headers.location ?? "") + cookie).not.toContain(token.slice(1));
    const second = await ask(room + token);
    expect(second.status).toBe(403);
    expect(second.headers["set-cookie"]).toBeUndefined();
    expect(second.text).toContain("npm run map");
    const headers = { Cookie: cookie.split(";")[0] ?? "" };
    expect((await ask(room, { headers })).status).toBe(200);
    // The address from the history of the same browser leads to the page.
    expect((await ask(room + token, { headers })).status).toBe(303);
  });

  it.each(["", "?", "?x", `?${"A".repeat(32)}`, "?token=1"])("is nobody with %j", async (query) => {
    const [room, token] = parts();
    expect((await ask(room + query)).status).toBe(403);
    // A wrong one does not use up the right one.
    expect((await ask(room + token)).status).toBe(303);
  });

  it.each(["news", "tasks/task1"])("guards %s", async (rest) => {
    const [room] = parts();
    expect((await ask(room + rest)).status).toBe(403);
    const headers = { Cookie: "swarm-map=" + "A".repeat(32) };
    expect((await ask(room + rest, { headers })).status).toBe(403);
  });

  it("tells nothing outside its own path", async () => {
    const { headers } = await opened();
    for (const path of ["/", "/favicon.ico", "/news", "/tasks/task1", "//", "/../"])
      expect((await ask(path, { headers })).status).toBe(404);
  });

  it.each(["rebound.example", "rebound.example:80", "127.0.0.1", "0.0.0.0", "[::1]"])(
    "refuses a page that calls it %s",
    async (name) => {
      const { room, headers } = await opened();
      const host = name.includes(":") ? name : `${name}:${name === "127.0.0.1" ? 1 : served.port}`;
      const answer = await ask(room, { headers: { ...headers, Host: host } });
      expect(answer.status).toBe(421);
      expect(answer.text).not.toContain("<");
    },
  );

  it("answers to localhost, as through a tunnel", async () => {
    const { room, headers } = await opened();
    const Host = `localhost:${served.port}`;
    expect((await ask(room, { headers: { ...headers, Host } })).status).toBe(200);
  });

  it.each([
    { Origin: "https://elsewhere.example" },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors" },
    { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" },
  ])("refuses other pages' scripts: %j", async (sent) => {
    const { room, headers } = await opened();
    const answer = await ask(`${room}tasks/task1`, { headers: { ...headers, ...sent } });
    expect(answer.status).toBe(403);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  it.each(["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])(
    "does not know %s",
    async (method) => {
      const { room, headers } = await opened();
      const answer = await ask(room, { method, headers });
      expect([answer.status, answer.headers.allow]).toEqual([405, "GET"]);
    },
  );
});

describe("what is sent", () => {
  it("comes under a policy that allows the page itself and nothing else", async () => {
    const { room, headers } = await opened();
    const { headers: got, text } = await ask(room, { headers });
    const policy = got["content-security-policy"] ?? "";
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(got).toMatchObject({
      ...{ "cache-control": "no-store", "x-content-type-options": "nosniff" },
      ...{ "referrer-policy": "no-referrer", "cross-origin-resource-policy": "same-origin" },
    });
    expect(text).toContain("<script>let page;</script>");
  });

  it.each([
    ["a body", { headers: { "Content-Length": "3" }, body: "abc" }, ""],
    ["a long address", {}, "x".repeat(600)],
  ])("is not an answer to %s", async (_what, asked, rest) => {
    const { room } = await opened();
    expect((await ask(room + rest, asked)).status).toBe(400);
  });

  it("has a limit for pages at the same time, and makes room again", async () => {
    const { room, headers } = await opened();
    for (let count = 0; count < 8; count++) await next(news(room, headers), "picture");
    expect((await ask(`${room}news`, { headers })).status).toBe(429);
    streams.pop()?.abort();
    // The server hears of it a moment later.
    while (!(await isStreamed(room, headers)));
  });
});

describe("the news", () => {
  it("are the picture, and then what changes", async () => {
    const { room, headers } = await opened();
    const stream = news(room, headers);
    const picture = (await next(stream, "picture")) as Picture;
    const from = swarm.nodeOf("shop_db.1");
    swarm.drain(from);
    const change = (await next(stream, "change")) as Change;
    const after = changed(picture, change);
    expect(after).toEqual(pictureOf(await swarm.look(), swarm.declared));
    expect(after.tiles.filter(({ node }) => node === `id${from}`)).toEqual([]);
    await next(stream, "seen");
  });

  it("say when nobody can be asked, and go on when somebody can", async () => {
    const { room, headers } = await opened();
    const stream = news(room, headers);
    await next(stream, "picture");
    swarm.problem = "the swarm has no leader";
    expect(await next(stream, "problem")).toBe("the swarm has no leader");
    // Who comes now sees the last picture, and why it is old.
    const later = news(room, headers);
    await next(later, "picture");
    expect(await next(later, "problem")).toBe("the swarm has no leader");
    swarm.problem = "";
    swarm.kill("shop_web.1");
    expect(await next(stream, "change")).toBeDefined();
  });

  it("come at once after an event of Docker's", async () => {
    const slow = await serve({
      feed: new Feed(swarm, { ...pace, period: 600_000 }),
      page: livePage({ script: "", style: "" }),
    });
    await served.close();
    served = slow;
    const { room, headers } = await opened();
    const stream = news(room, headers);
    await next(stream, "picture");
    swarm.kill("shop_web.1");
    swarm.tell();
    expect(await next(stream, "change")).toBeDefined();
  });

  it("cost Docker nothing while nobody watches", async () => {
    let looks = 0;
    const look = swarm.look.bind(swarm);
    swarm.look = () => {
      looks += 1;
      return look();
    };
    const { room, headers } = await opened();
    expect(looks).toBe(0);
    await next(news(room, headers), "seen");
    expect(looks).toBeGreaterThan(1);
    const unwatched = swarm.unwatched();
    streams.pop()?.abort();
    await unwatched;
    const ended = looks;
    await next(news(room, headers), "picture");
    // The picture is there already, and the first look is on its way.
    expect(looks - ended).toBeLessThanOrEqual(1);
  });
});

describe("a task", () => {
  it("is told with its last lines, to who asks by its id", async () => {
    const { room, headers } = await opened();
    await next(news(room, headers), "picture");
    const id = swarm.taskAt("shop_db.1").ID ?? "";
    swarm.logs.set(id, ["<b>ready</b>"]);
    const { status, text, headers: got } = await ask(`${room}tasks/${id}`, { headers });
    expect(status).toBe(200);
    expect(got["content-type"]).toBe("application/json");
    expect(JSON.parse(text)).toMatchObject({ image: "postgres:16", log: ["<b>ready</b>"] });
    expect(text).not.toContain("hunter2");
  });

  it.each(["tasks/nobody", "tasks/", "tasks/..%2f..", "tasks/task1/logs", "secrets"])(
    "is not found at %s",
    async (rest) => {
      const { room, headers } = await opened();
      await next(news(room, headers), "picture");
      expect((await ask(room + rest, { headers })).status).toBe(404);
    },
  );
});

it("says what holds the port", async () => {
  const page = livePage({ script: "", style: "" });
  const again = serve({ feed: new Feed(swarm), page, port: served.port });
  await expect(again).rejects.toThrow(`--port: got ${served.port}; expected a free port`);
});
