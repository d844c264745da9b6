import { X509Certificate } from "node:crypto";
import type { Swarm } from "@docker/node-sdk";

/** What the swarm says of itself. */
export interface ClusterRow {
  readonly id: string;
  /** When the certificate ends with which the swarm signs those of its nodes, as ISO 8601; undefined when it cannot be read. */
  readonly caExpires?: string;
  /** The swarm goes from one authority to another. */
  readonly isRotating: boolean;
}

/** Certificates of nodes last so long unless told otherwise: those that are signed later end with their authority. */
const NEAR_DAYS = 90;
const DAY = 86_400_000;

/** What is told of a swarm. Pure. */
export function clusterRow(swarm: Swarm): ClusterRow {
  const { ID: id = "", RootRotationInProgress: isRotating = false } = swarm;
  const caExpires = expiryOf(swarm);
  return { id, ...(caExpires === undefined ? {} : { caExpires }), isRotating };
}

/** What is wrong with the authority, or will be soon. */
export function authorityTrouble(
  { caExpires }: ClusterRow,
  now: number,
): { readonly complaint?: string; readonly warning?: string } {
  if (caExpires === undefined) return {};
  const days = Math.floor((Date.parse(caExpires) - now) / DAY);
  const day = caExpires.slice(0, 10);
  const wayOut = "give `swarm:settings` a `rotate: { ca: … }` and run `npm run up`";
  if (days < 0)
    return { complaint: `the swarm's certificate authority ended on ${day}: ${wayOut}` };
  if (days >= NEAR_DAYS) return {};
  return { warning: `the swarm's certificate authority ends in ${days} days (${day}): ${wayOut}` };
}

/**
 * The end of the certificate that signs. While the authority is rotated, the swarm trusts two: the one whose key signs
 * is meant.
 *
 * @see https://docs.docker.com/engine/swarm/how-swarm-mode-works/pki/
 */
function expiryOf({ TLSInfo: tls }: Swarm): string | undefined {
  const pems = (tls?.TrustRoot ?? "").match(
    /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
  );
  const certificates = (pems ?? []).flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      // What the swarm trusts and nobody here can read is no reason to tell nothing else.
      return [];
    }
  });
  const keyOf = (one: X509Certificate): string =>
    one.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const signing =
    certificates.find((one) => keyOf(one) === tls?.CertIssuerPublicKey) ?? certificates[0];
  return signing === undefined ? undefined : new Date(signing.validTo).toISOString();
}
