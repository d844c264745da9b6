import type { Node, Swarm } from "@docker/node-sdk";
import {
  rotationOf,
  rotationProgress,
  samePem,
  stragglers,
  withAuthority,
} from "../../../provider/swarm/rotation";
import { problemsIn } from "../../../provider/swarm/rules";
import { swarmType } from "../../../provider/swarm/swarm";
import type { SwarmInputs, SwarmState } from "../../../provider/swarm/arguments";

// Proves what is asked for and who is missing; that Docker then rotates is the lab's matter.

const plain: SwarmInputs = { host: "m1", locked: [] };
const live: Swarm = { TLSInfo: { TrustRoot: "-----BEGIN CERTIFICATE-----\nOLD\n" } };
const state: SwarmState = {
  ...plain,
  rotate: { workerToken: "a" },
  clusterId: "c",
  managers: [],
  workerToken: "w",
  managerToken: "m",
  unlockKey: "",
};

describe("rotation", () => {
  it.each([
    ["the same word", { workerToken: "a" }, {}, undefined],
    ["no word any more", undefined, {}, undefined],
    ["a changed word", { workerToken: "b" }, { workerToken: true }, undefined],
    ["a first word", { managerToken: "x" }, { managerToken: true }, undefined],
    ["several", { workerToken: "a", unlockKey: "k", ca: "c" }, { unlockKey: true }, "own"],
  ])("%s", (_case, rotate, secrets, authority) => {
    const news = rotate === undefined ? plain : { ...plain, rotate };
    expect(rotationOf(state, news, live)).toEqual({ secrets, authority });
  });

  it("goes to a given authority once, and not to one that is trusted already", () => {
    const given = { ...plain, caCert: "-----BEGIN CERTIFICATE-----\r\nNEW\r\n", caKey: "k" };
    expect(rotationOf(state, given, live).authority).toBe("given");
    const trusted = { TLSInfo: { TrustRoot: "-----BEGIN CERTIFICATE-----\nNEW" } };
    expect(rotationOf({ ...state, caKey: "k\n" }, given, trusted).authority).toBeUndefined();
    expect(samePem(given.caCert, trusted.TLSInfo.TrustRoot)).toBe(true);
  });

  it("gives the key of an authority that is trusted already, and takes it away", () => {
    const trusted = { TLSInfo: { TrustRoot: "A" } };
    const outside = { ...plain, caCert: "A" };
    const inside = { ...outside, caKey: "k" };
    expect(rotationOf({ ...state, ...outside }, inside, trusted).authority).toBe("given");
    expect(rotationOf({ ...state, ...inside }, outside, trusted).authority).toBe("given");
    expect(rotationOf({ ...state, ...outside }, outside, trusted).authority).toBeUndefined();
  });

  it("tells Docker a certificate only together with its key", () => {
    const spec = { CAConfig: { NodeCertExpiry: 1, SigningCACert: "old", ForceRotate: 3 } };
    const given = { ...plain, caCert: "new", caKey: "key" };
    expect(withAuthority(spec, given, undefined).CAConfig).toEqual({
      NodeCertExpiry: 1,
      ForceRotate: 3,
    });
    expect(withAuthority(spec, plain, "own").CAConfig).toEqual({
      NodeCertExpiry: 1,
      ForceRotate: 4,
    });
    expect(withAuthority(spec, given, "given").CAConfig).toEqual({
      NodeCertExpiry: 1,
      ForceRotate: 3,
      SigningCACert: "new",
      SigningCAKey: "key",
    });
  });

  it("names nodes without a new certificate, then those that do not trust the new authority", () => {
    const swarm = {
      RootRotationInProgress: true,
      TLSInfo: { TrustRoot: "old", CertIssuerPublicKey: "new", CertIssuerSubject: "s" },
    };
    const node = (
      name: string,
      key: string,
      trust: string,
      at: "ready" | "down" = "ready",
    ): Node => ({
      Description: {
        Hostname: name,
        TLSInfo: { TrustRoot: trust, CertIssuerPublicKey: key, CertIssuerSubject: "s" },
      },
      Status: { State: at },
    });
    const nodes = [
      node("b", "old", "old", "down"),
      node("a", "old", "old"),
      node("c", "new", "old"),
    ];
    const missing = stragglers(swarm, nodes);
    expect(rotationProgress(missing, 3)).toBe(
      "1 of 3 nodes has the new certificate; missing: a, b (down)",
    );
    const after = { TLSInfo: { ...swarm.TLSInfo, TrustRoot: "new" } };
    expect(stragglers(after, [node("c", "new", "old")])).toEqual([{ name: "c", state: "ready" }]);
    expect(stragglers(after, [node("c", "new", "new")])).toEqual([]);
    expect(rotationProgress([], 1)).toBe("1 of 1 node has the new certificate");
  });
});

describe("a Swarm's plan", () => {
  const diff = (old: SwarmState, news: SwarmInputs) =>
    swarmType.diff({ id: "c", old, oldInputs: plain, news }).changes;

  it("shows each word that changed, and nothing for one that was taken away", () => {
    expect(diff(state, { ...plain, rotate: { workerToken: "b", ca: "x" } })).toEqual({
      "rotate.workerToken": "update",
      "rotate.ca": "add",
    });
    expect(diff(state, plain)).toEqual({});
  });

  it("unlocks managers that are locked, and does nothing when none is", () => {
    expect(diff({ ...state, locked: ["m1"] }, plain)).toEqual({ locked: "update" });
    expect(diff({ ...state, locked: [] }, plain)).toEqual({});
  });

  it("shows an authority that is not the declared one, however it came there", () => {
    const news = { ...plain, caCert: "NEW", caKey: "k" };
    expect(diff(state, news)).toEqual({ caCert: "add", caKey: "add" });
    expect(diff({ ...state, caCert: "OTHER", caKey: "k" }, news)).toEqual({ caCert: "update" });
    expect(diff({ ...state, caCert: "N E\nW", caKey: "k" }, news)).toEqual({});
    expect(diff({ ...state, caCert: "NEW" }, news)).toEqual({ caKey: "add" });
    expect(diff({ ...state, ...news }, { ...plain, caCert: "NEW" })).toEqual({ caKey: "delete" });
  });

  it("refuses what contradicts itself, all at once", () => {
    const news: SwarmInputs = {
      ...plain,
      dispatcherHeartbeat: "0s",
      certExpiry: "10m",
      defaultAddrPool: ["10.20.0.0/26"],
      labels: { "a b": "c" },
      caCert: "x",
      rotate: { unlockKey: "k", ca: "c" },
    };
    expect(problemsIn(news, undefined).map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'certExpiry: got "10m"; expected at least 1h, because nodes renew their certificates in the second half of it.',
      'dispatcherHeartbeat: got "0s"; expected more than none, such as "5s": a node that misses three is called down.',
      'defaultAddrPool[0]: got "10.20.0.0/26"; expected a range that holds a network of prefix length 24. Widen it, or raise defaultAddrPoolMaskLength.',
      'labels["a b"]: got "a b"; expected a label\'s name without spaces and "=".',
      "rotate.unlockKey: got a word; expected autolock to be true: without it there is no key to rotate.",
      "rotate.ca: got a word, and caCert is declared; expected one of the two: a new caCert, with its caKey, rotates by itself.",
      "caCert: got a text that is no certificate; expected one as PEM.",
      "caKey: got nothing; expected the private key of caCert, or externalCas that sign with it.",
    ]);
  });
});
