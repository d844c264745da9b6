import { createServer, request } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** A registry that asks for a log-in and whose tags can be moved, in front of the lab's own. */
export class PrivateRegistry {
  /** Tag here → tag of the image behind. */
  readonly tags = new Map<string, string>();
  /** `account:password` that is let in. */
  account = "";
  /** Manifests and layers that were handed out, by account. */
  readonly pulls: string[] = [];
  private readonly server: Server;
  private readonly repository: string;
  private readonly behind: string;

  /**
   * @param repository name here, `private/app`
   * @param behind URL of the repository behind, `http://198.18.0.1:5000/v2/library/redis`
   */
  constructor(repository: string, behind: string) {
    this.repository = repository;
    this.behind = behind;
    this.server = createServer((question, answer) => {
      this.serve(question, answer);
    });
  }

  async listen(address: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, address, resolve);
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  private serve(question: IncomingMessage, answer: ServerResponse): void {
    const [scheme, code = ""] = (question.headers.authorization ?? "").split(" ");
    const account = Buffer.from(code, "base64").toString();
    if (scheme !== "Basic" || account !== this.account) {
      answer.writeHead(401, { "www-authenticate": 'Basic realm="private"' });
      answer.end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "log in first" }] }));
      return;
    }
    const [, kind = "", name = ""] =
      new RegExp(`^/v2/${this.repository}/(manifests|blobs)/([^/]+)$`).exec(question.url ?? "") ??
      [];
    if (question.url === "/v2/") {
      answer.end("{}");
      return;
    }
    const isTag = kind === "manifests" && !name.startsWith("sha256:");
    const real = isTag ? this.tags.get(name) : name;
    if (kind === "" || real === undefined) {
      answer.writeHead(404, { "content-type": "application/json" });
      answer.end(
        JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] }),
      );
      return;
    }
    this.pulls.push(account);
    this.forward(`${this.behind}/${kind}/${real}`, question, answer);
  }

  private forward(url: string, { method, headers }: IncomingMessage, answer: ServerResponse): void {
    const accept = headers.accept === undefined ? {} : { accept: headers.accept };
    const onward = request(url, { method, headers: accept }, (found) => {
      answer.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(answer);
    });
    onward.on("error", (error) => answer.destroy(error));
    onward.end();
  }
}
