import type { SwarmInputs } from "../../../provider/swarm/arguments";
import { authorityProblems } from "../../../provider/swarm/authority";
import { Authority } from "../../authority";

// Proves what is refused before Docker is asked; what Docker does with the rest is the lab's matter.

const plain: SwarmInputs = { host: "m1", locked: [] };
const url = "https://ca.example.org/sign";
let one: Authority;
let other: Authority;

beforeAll(async () => {
  [one, other] = await Promise.all([Authority.make("one"), Authority.make("other")]);
});

function said(news: object, olds?: object): string[] {
  return authorityProblems({ ...plain, ...news }, olds && { ...plain, ...olds }).map(
    ({ path, reason }) => `${path}: ${reason}`,
  );
}

/** As it is declared with the key in the swarm, and with the key kept outside. */
const inside = ({ certificate: caCert, key: caKey }: Authority) => ({ caCert, caKey });
const outside = ({ certificate: caCert }: Authority) => ({
  caCert,
  externalCas: [{ url, caCert }],
});

describe("an authority of one's own", () => {
  it("is taken when it can sign, lasts, and somebody has its key", () => {
    expect(said(plain)).toEqual([]);
    expect(said(inside(one))).toEqual([]);
    expect(said(outside(one))).toEqual([]);
    expect(said(inside(other), inside(one))).toEqual([]);
    expect(said(outside(other), inside(one))).toEqual([]);
  });

  it("is refused when its certificate or its key are not what they should be", async () => {
    const short = await Authority.make("short", 300);
    const leaf = await Authority.make("leaf", 3650, false);
    expect(said({ caKey: one.key })).toEqual([
      "caCert: got nothing; expected the certificate of caKey.",
    ]);
    expect(said({ caCert: one.certificate })).toEqual([
      "caKey: got nothing; expected the private key of caCert, or externalCas that sign with it.",
    ]);
    expect(said({ caCert: "x", caKey: "y" })).toEqual([
      "caCert: got a text that is no certificate; expected one as PEM.",
    ]);
    expect(said({ ...inside(one), caKey: "y" })).toEqual([
      "caKey: got a text that is no private key; expected the private key of caCert, not encrypted.",
    ]);
    expect(said({ ...inside(leaf), caKey: one.key })).toEqual([
      "caCert: got a certificate that may not sign others; expected an authority's (CA:TRUE).",
      "caKey: got the key of another certificate; expected the private key of caCert, not encrypted.",
    ]);
    expect(said(inside(short))).toEqual([
      expect.stringMatching(
        /^caCert: got a certificate that ends at .* GMT; expected one for another 365 days at least/,
      ),
    ]);
    // It was taken when it was new.
    expect(said(inside(short), inside(short))).toEqual([]);
  });

  it("outside of the swarm is told by its certificate", () => {
    const { certificate: caCert } = one;
    const none =
      "externalCas: got none for caCert; expected one with its certificate ({ url, caCert }), which signs as long " +
      "as the swarm has no key of it.";
    expect(said({ caCert, externalCas: [{ url }] })).toEqual([none]);
    expect(said({ caCert, externalCas: [{ url, caCert: other.certificate }] })).toEqual([none]);
    // Without one it stands for the authority that the nodes trust.
    expect(said({ caCert, externalCas: [{ url }] }, outside(one))).toEqual([]);
  });

  it("outside of the swarm is left for one whose key is given, and as long as it signs", () => {
    const needed =
      "externalCas: got none for the authority until now; expected one with its certificate ({ url, caCert }), which " +
      "signs as long as the swarm has no key of it.";
    expect(said(inside(one), outside(one))).toEqual([]);
    expect(said({}, outside(one))).toEqual([needed]);
    expect(said(inside(other), outside(one))).toEqual([needed]);
    expect(said({ externalCas: outside(one).externalCas }, outside(one))).toEqual([]);
    expect(said({ ...inside(other), externalCas: [{ url }] }, outside(one))).toEqual([]);
    expect(said(outside(other), outside(one))).toEqual([
      "caCert: got another authority outside of the swarm; expected caKey with it: Docker does not go from one such " +
        "authority to another. Go back to one of the swarm's own first (rotate.ca in place of caCert).",
    ]);
    // The rotation to it failed: what was read is the swarm's own authority, which it has the key of.
    const failed = { ...outside(one), caCert: other.certificate };
    expect(said({}, failed)).toEqual([]);
  });
});
