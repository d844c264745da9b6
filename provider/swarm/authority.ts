import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Failure } from "../resource";
import { isUnknown } from "../value";
import type { SwarmInputs } from "./arguments";
import { samePem } from "./rotation";

/** Docker refuses a new authority that ends before that. */
const LEAST_DAYS = 365;
const DAY = 86_400_000;

const NOBODY = "got nothing; expected the private key of caCert, or externalCas that sign with it.";

/**
 * What is wrong with a declared authority. Docker says some of it only in its log, or after the preview.
 *
 * @param olds - as it was declared before
 * @see https://docs.docker.com/reference/cli/docker/swarm/ca/
 */
export function authorityProblems(news: SwarmInputs, olds: SwarmInputs | undefined): Failure[] {
  const { caCert, caKey, externalCas } = news;
  if ([caCert, caKey, externalCas].some(isUnknown)) return [];
  if (caCert === undefined)
    return caKey === undefined
      ? signerProblems(news, olds)
      : [{ path: "caCert", reason: "got nothing; expected the certificate of caKey." }];
  return [...certificateProblems(caCert, caKey, olds), ...signerProblems(news, olds)];
}

/** A certificate that stays is not judged again: it may be in its last year. */
function certificateProblems(
  caCert: string,
  caKey: string | undefined,
  olds: SwarmInputs | undefined,
): Failure[] {
  const certificate = parsed(() => new X509Certificate(caCert));
  if (certificate === undefined)
    return [{ path: "caCert", reason: "got a text that is no certificate; expected one as PEM." }];
  const failures: Failure[] = [];
  const isKnown = olds?.caCert !== undefined && samePem(olds.caCert, caCert);
  const days = Math.floor((Date.parse(certificate.validTo) - Date.now()) / DAY);
  if (!isKnown && !certificate.ca)
    failures.push({
      path: "caCert",
      reason: "got a certificate that may not sign others; expected an authority's (CA:TRUE).",
    });
  if (!isKnown && days < LEAST_DAYS)
    failures.push({
      path: "caCert",
      reason: `got a certificate that ends at ${certificate.validTo}; expected one for another ${LEAST_DAYS} days at least, which Docker asks of a new authority.`,
    });
  const key = caKey === undefined ? undefined : parsed(() => createPrivateKey(caKey));
  if (caKey !== undefined && (key === undefined || !certificate.checkPrivateKey(key)))
    failures.push({
      path: "caKey",
      reason: `got ${key === undefined ? "a text that is no private key" : "the key of another certificate"}; expected the private key of caCert, not encrypted.`,
    });
  return failures;
}

/** Somebody must sign: the swarm with a key, or an authority outside of it that Docker can tell by its certificate. */
function signerProblems(news: SwarmInputs, olds: SwarmInputs | undefined): Failure[] {
  const { caCert, caKey } = news;
  const before = outsiderOf(olds);
  if (caCert !== undefined && caKey === undefined) {
    if ((news.externalCas ?? []).length === 0) return [{ path: "caKey", reason: NOBODY }];
    const isTrusted = samePem(olds?.caCert ?? "", caCert);
    if (before !== undefined && !isTrusted)
      return [
        {
          path: "caCert",
          reason:
            "got another authority outside of the swarm; expected caKey with it: Docker does not go from one such " +
            "authority to another. Go back to one of the swarm's own first (rotate.ca in place of caCert).",
        },
      ];
    return signs(news, caCert, isTrusted)
      ? []
      : [{ path: "externalCas", reason: missing("caCert") }];
  }
  if (before === undefined || (caCert !== undefined && samePem(before, caCert))) return [];
  return signs(news, before, true)
    ? []
    : [{ path: "externalCas", reason: missing("the authority until now") }];
}

function missing(what: string): string {
  return (
    `got none for ${what}; expected one with its certificate ({ url, caCert }), which signs as long as the swarm has ` +
    `no key of it.`
  );
}

/** An entry without a certificate stands for the authority that the nodes trust now. */
function signs({ externalCas = [] }: SwarmInputs, caCert: string, isTrusted: boolean): boolean {
  return externalCas.some(({ caCert: own }) =>
    own === undefined ? isTrusted : isUnknown(own) || samePem(own, caCert),
  );
}

/**
 * Certificate of an authority that keeps its key outside of the swarm. One whose rotation failed is none: `olds` are as
 * they were last read, so their certificate is the one that the nodes trust.
 */
function outsiderOf(inputs: SwarmInputs | undefined): string | undefined {
  const { caCert, caKey, externalCas = [] } = inputs ?? {};
  if (caCert === undefined || caKey !== undefined) return undefined;
  const isNamed = externalCas.some(({ caCert: own }) => own !== undefined && samePem(own, caCert));
  return isNamed ? caCert : undefined;
}

function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
