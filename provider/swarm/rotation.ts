import type { Node, Swarm, SwarmSpec } from "@docker/node-sdk";
import { nameOf } from "../../cluster/members";
import type { SwarmRotation } from "../../hosts/engine-api";
import type { Changes } from "../fields/form";
import { isUnknown } from "../value";
import type { SwarmInputs } from "./arguments";

/** What is to be made anew in one update. */
export interface Rotation {
  readonly secrets: SwarmRotation;
  /** The authority: one that the swarm makes, or the declared one (or its key alone). Undefined: it stays. */
  readonly authority: "own" | "given" | undefined;
}

/** Whether two certificates are the same text, however their lines end. */
export function samePem(one: string, other: string): boolean {
  const normal = (text: string) => text.replaceAll(/\s+/g, "");
  return normal(one) === normal(other);
}

/**
 * A declared authority that is not the one the nodes trust, and a key of it that the swarm was not given. Docker never
 * says a key again, so the one that was given is known from `old`.
 */
export function authorityChanges(old: SwarmInputs, { caCert, caKey }: SwarmInputs): Changes {
  if (caCert === undefined) return {};
  return {
    ...pemChange("caCert", old.caCert, caCert),
    ...pemChange("caKey", old.caKey, caKey),
  };
}

function pemChange(path: string, old: string | undefined, text: string | undefined): Changes {
  if (old === undefined) return text === undefined ? {} : { [path]: "add" };
  if (text === undefined) return { [path]: "delete" };
  return !isUnknown(text) && samePem(old, text) ? {} : { [path]: "update" };
}

/**
 * What the changed words ask for. `old.rotate` are the words whose rotation was made.
 *
 * @param live - the swarm now: an authority that it trusts already is not rotated to again, but given its key
 */
export function rotationOf(old: SwarmInputs, news: SwarmInputs, live: Swarm): Rotation {
  const isAsked = (what: "workerToken" | "managerToken" | "unlockKey" | "ca"): boolean =>
    news.rotate?.[what] !== undefined && news.rotate[what] !== old.rotate?.[what];
  const { caCert } = news;
  const isKeyNew = authorityChanges(old, news).caKey !== undefined;
  const isGiven =
    caCert !== undefined && (!samePem(caCert, live.TLSInfo?.TrustRoot ?? "") || isKeyNew);
  return {
    secrets: {
      ...(isAsked("workerToken") ? { workerToken: true } : {}),
      ...(isAsked("managerToken") ? { managerToken: true } : {}),
      ...(isAsked("unlockKey") ? { unlockKey: true } : {}),
    },
    authority: isGiven ? "given" : isAsked("ca") ? "own" : undefined,
  };
}

/** Whether a rotation does anything. */
export function isRotating({ secrets, authority }: Rotation): boolean {
  return Object.keys(secrets).length > 0 || authority !== undefined;
}

/**
 * Settings that also rotate the authority. A certificate that was given once is left out of every other update: Docker
 * keeps its key to itself, and refuses the certificate without it.
 */
export function withAuthority(
  spec: SwarmSpec,
  news: SwarmInputs,
  authority: Rotation["authority"],
): SwarmSpec {
  const config = { ...spec.CAConfig };
  delete config.SigningCACert;
  delete config.SigningCAKey;
  if (authority === "own") config.ForceRotate = (config.ForceRotate ?? 0) + 1;
  if (authority === "given") {
    if (news.caCert !== undefined) config.SigningCACert = news.caCert;
    if (news.caKey !== undefined) config.SigningCAKey = news.caKey;
  }
  return { ...spec, CAConfig: config };
}

/** A node without a certificate of the new authority. */
export interface Straggler {
  readonly name: string;
  /** Only a node that is ready can get one. */
  readonly state: string;
}

/** Nodes whose certificate, or whose trusted authority, is not yet the swarm's. Empty: the rotation is over. */
export function stragglers(swarm: Swarm, nodes: readonly Node[]): Straggler[] {
  const wanted = swarm.TLSInfo ?? {};
  return nodes
    .filter(({ Description: description }) => {
      const own = description?.TLSInfo;
      const isIssued =
        own?.CertIssuerPublicKey === wanted.CertIssuerPublicKey &&
        own?.CertIssuerSubject === wanted.CertIssuerSubject;
      // Until all have a new certificate, the swarm trusts the old authority.
      const isTrusted =
        swarm.RootRotationInProgress === true || own?.TrustRoot === wanted.TrustRoot;
      return !isIssued || !isTrusted;
    })
    .map((node) => ({
      name: nameOf(node),
      state: node.Status?.State ?? "unknown",
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `1 of 3 nodes has the new certificate; missing: web-1, web-2 (down)`. */
export function rotationProgress(missing: readonly Straggler[], total: number): string {
  const names = missing.map(({ name, state }) => (state === "ready" ? name : `${name} (${state})`));
  const done = total - missing.length;
  const have = `${done} of ${total} ${total === 1 ? "node" : "nodes"} ${done === 1 ? "has" : "have"}`;
  return `${have} the new certificate${names.length === 0 ? "" : `; missing: ${names.join(", ")}`}`;
}
