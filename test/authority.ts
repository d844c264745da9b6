import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { Extension } from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

/** A certificate and the key of it, as PEM text. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is to say. */
export interface Wish {
  /** `O=…, OU=…, CN=…` */
  readonly subject: string;
  readonly extensions: readonly Extension[];
}

/** A certificate authority of a test's own. */
export class Authority implements Identity {
  readonly certificate: string;
  readonly key: string;
  private readonly signingKey: webcrypto.CryptoKey;

  private constructor({ certificate, key }: Identity, signingKey: webcrypto.CryptoKey) {
    this.certificate = certificate;
    this.key = key;
    this.signingKey = signingKey;
  }

  /**
   * @param days - how long its certificate lasts
   * @param isAuthority - whether its certificate says that it may sign others
   */
  static async make(name: string, days = 3650, isAuthority = true): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...lasting(days),
      name: `CN=${name}`,
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(isAuthority, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    const identity = { certificate: certificate.toString("pem"), key: await pemOf(keys) };
    return new Authority(identity, keys.privateKey);
  }

  /** Signs what somebody asks for, as told. */
  async sign(request: string, wish: Wish): Promise<string> {
    return this.certify(new Pkcs10CertificateRequest(request).publicKey, wish);
  }

  /** A certificate for a server at an address. */
  async identityOf(address: string): Promise<Identity> {
    const keys = await newKeys();
    const extensions = [
      new SubjectAlternativeNameExtension([{ type: "ip", value: address }]),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ];
    const certificate = await this.certify(keys.publicKey, { subject: "CN=server", extensions });
    return { certificate, key: await pemOf(keys) };
  }

  private async certify(
    publicKey: Pkcs10CertificateRequest["publicKey"] | webcrypto.CryptoKey,
    { subject, extensions }: Wish,
  ): Promise<string> {
    const certificate = await X509CertificateGenerator.create({
      ...lasting(90),
      publicKey,
      subject,
      issuer: new X509Certificate(this.certificate).subjectName,
      signingKey: this.signingKey,
      signingAlgorithm: algorithm,
      extensions: [...extensions],
    });
    // Docker appends others to it.
    return `${certificate.toString("pem")}\n`;
  }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function pemOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "private key");
}

/** From a while ago, because clocks differ. */
function lasting(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY), notAfter: new Date(now + days * DAY) };
}
