import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { probe } from "../../../status/probe";
import { Authority } from "../../authority";

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

describe("probe", () => {
  it("takes a redirect for an answer", async () => {
    const server = createServer((_, response) => {
      response.writeHead(302, { location: "/wp-admin/install.php" }).end();
    });
    const url = await listen(server);
    expect(await probe(url)).toEqual({ url, answers: true, listens: true, text: "302 Found" });
    await close(server);
  });

  it("takes an answer through TLS, whoever has signed the certificate", async () => {
    const authority = await Authority.make("unknown here");
    const { certificate: cert, key } = await authority.identityOf("127.0.0.1");
    const server = createTlsServer({ cert, key }, (_, response) => response.end("shop"));
    const url = (await listen(server)).replace("http:", "https:");
    expect(await probe(url)).toEqual({ url, answers: true, listens: true, text: "200 OK" });
    await close(server);
  });

  it("takes another protocol for an answer", async () => {
    const server = createTcpServer((socket) => socket.resume().end("-ERR unknown command\r\n"));
    const url = await listen(server);
    expect(await probe(url)).toEqual({
      url,
      answers: true,
      listens: true,
      text: "answers, but not HTTP",
    });
    await close(server);
  });

  it("says that nobody listens", async () => {
    const server = createTcpServer();
    const url = await listen(server);
    await close(server);
    expect(await probe(url)).toEqual({
      url,
      answers: false,
      listens: false,
      text: "no answer (connection refused)",
    });
  });

  it("does not wait for ever", async () => {
    const server = createTcpServer((socket) => socket.resume().on("error", () => undefined));
    const url = await listen(server);
    expect(await probe(url, 100)).toEqual({
      url,
      answers: false,
      listens: true,
      text: "listens, no HTTP answer within 0.1 s",
    });
    await close(server);
  });
});
