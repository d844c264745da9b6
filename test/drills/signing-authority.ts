import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from "@peculiar/x509";
import type { Authority } from "../authority";

/** What a manager asks to have signed, in cfssl's words. */
interface Order {
  readonly certificate_request: string;
  readonly hosts?: readonly string[] | null;
  readonly subject: {
    readonly CN: string;
    readonly names?: readonly { readonly O?: string; readonly OU?: string }[] | null;
  };
  /** Values in hex; only a certificate that signs others brings any. */
  readonly extensions?: readonly Wanted[] | null;
}

interface Wanted {
  readonly id: readonly number[] | string;
  readonly critical?: boolean;
  readonly value: string;
}

/** An authority that signs over HTTPS, as cfssl does. */
export class SigningAuthority {
  /** `swarm-worker` and the like, of each certificate that was asked for. */
  readonly signed: string[] = [];
  private readonly authority: Authority;
  private server: Server | undefined;

  constructor(authority: Authority) {
    this.authority = authority;
  }

  async listen(address: string, port: number): Promise<void> {
    const { certificate: cert, key } = await this.authority.identityOf(address);
    // The client's certificate may be of the authority before.
    const options = { cert, key, requestCert: true, rejectUnauthorized: false };
    const server = createServer(options, (question, answer) => {
      this.answer(question, answer).catch((error: unknown) => {
        answer.writeHead(500).end(String(error));
      });
    });
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, address, resolve);
    });
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    return new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  }

  private async answer(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { socket } = question;
    const peer = socket instanceof TLSSocket ? Object.keys(socket.getPeerCertificate()) : [];
    if (peer.length === 0) throw new Error("a manager shows its certificate");
    const order = JSON.parse(await text(question)) as Order;
    const names = order.subject.names ?? [];
    this.signed.push(...names.flatMap(({ OU: role }) => role ?? []));
    const parts = names.flatMap(({ O: cluster, OU: role }) => [
      ...(cluster === undefined ? [] : [`O=${cluster}`]),
      ...(role === undefined ? [] : [`OU=${role}`]),
    ]);
    const certificate = await this.authority.sign(order.certificate_request, {
      subject: [...parts, `CN=${order.subject.CN}`].join(", "),
      extensions: extensionsOf(order),
    });
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ success: true, result: { certificate }, errors: [] }));
  }
}

function extensionsOf({ extensions, hosts }: Order): Extension[] {
  if (extensions && extensions.length > 0) {
    const signs = new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true);
    return [...extensions.map(asTold), signs];
  }
  return [
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension(
      (hosts ?? []).map((host) => ({ type: "dns", value: host })),
    ),
  ];
}

function asTold({ id, critical = false, value }: Wanted): Extension {
  const name = typeof id === "string" ? id : id.join(".");
  return new Extension(name, critical, Buffer.from(value, "hex"));
}
