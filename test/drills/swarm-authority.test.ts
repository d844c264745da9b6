/**
 * Authorities of one's own: with its key in the swarm, outside of it with the key to itself (a small one of the test's
 * own that speaks cfssl), back to one of the swarm's own, and the outside one's key handed over.
 *
 * Does not prove: cfssl itself; several authorities outside; intermediates.
 */
import type { Node } from "@docker/node-sdk";
import { Authority } from "../authority";
import { Clone } from "../e2e/clone";
import { LabEngine } from "../e2e/lab-engine";
import { SigningAuthority } from "./signing-authority";
import { minute, SwarmStory } from "./swarm-story";

interface Info {
  readonly Swarm: {
    readonly Cluster: {
      readonly TLSInfo: { readonly TrustRoot: string };
      readonly RootRotationInProgress: boolean;
    };
  };
}

const clone = new Clone("swarm-authority");
const hosts = ["manager-1", "worker-1", "worker-2"];
const small = new SwarmStory(clone, ["manager-1"], ["worker-1"]);
const large = new SwarmStory(clone, ["manager-1"], ["worker-1", "worker-2"]);
const docker = new LabEngine(clone, "manager-1", hosts);
const { machineAddress } = docker.plan;
const port = 8443;
const url = `https://${machineAddress}:${port}/sign`;
let inside: Authority;
let outside: Authority;
let signing: SigningAuthority;

beforeAll(async () => {
  [inside, outside] = await Promise.all([Authority.make("inside"), Authority.make("outside")]);
  signing = new SigningAuthority(outside);
  await clone.make();
}, 15 * minute);

afterAll(async () => {
  await docker.close();
  await signing.close();
  await clone.clear();
}, 15 * minute);

/** The authority that the swarm trusts, once no rotation is under way. */
async function trusted(): Promise<string> {
  const { Swarm } = await small.inspect<Info>("manager-1", "info");
  const { RootRotationInProgress: isRotating, TLSInfo } = Swarm.Cluster;
  return isRotating ? "a rotation" : TLSInfo.TrustRoot.trim();
}

/** Authorities that the nodes themselves trust. */
async function trustedByNodes(): Promise<string[]> {
  const nodes = await docker.ask<Node[]>("GET", "/nodes");
  return nodes.map(({ Description }) => Description?.TLSInfo?.TrustRoot?.trim() ?? "");
}

describe("an authority of one's own", () => {
  const given = () => ({ caCert: inside.certificate, caKey: inside.key });

  it(
    "is refused at preview with what is wrong about it",
    async () => {
      small.configure({});
      await small.up();
      const { certificate: caCert } = await Authority.make("short", 300);
      small.configure({ ...given(), caCert });
      const { code, stdout, stderr } = await clone.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout + stderr).toMatch(
        /caCert: got a certificate that ends at .*; expected one for another 365 days/,
      );
      expect(stdout + stderr).toContain("caKey: got the key of another certificate");
      small.configure({ caCert: inside.certificate });
      expect((await clone.npm("preview")).stdout).toContain(
        "caKey: got nothing; expected the private key of caCert, or externalCas that sign with it.",
      );
    },
    15 * minute,
  );

  it(
    "is trusted when it is declared, and again when somebody else rotates",
    async () => {
      small.configure(given());
      expect(await clone.planned()).toEqual(["update cluster-swarm caCert caKey"]);
      await small.up();
      expect(await trusted()).toBe(inside.certificate.trim());
      expect(await clone.planned()).toEqual([]);
      expect(await clone.npmOk("pulumi", ["stack", "export", "--stack", "dev"])).not.toContain(
        inside.key.split("\n")[1] ?? inside.key,
      );
      await small.docker("manager-1", "swarm", "ca", "--rotate", "--quiet");
      expect(await clone.planned()).toEqual(["update cluster-swarm caCert"]);
      await small.up();
      expect(await trusted()).toBe(inside.certificate.trim());
      expect(await clone.planned()).toEqual([]);
    },
    25 * minute,
  );
});

describe("an authority outside of the swarm", () => {
  const given = () => {
    const { certificate: caCert } = outside;
    return { caCert, externalCas: [{ url, caCert }] };
  };

  it(
    "that does not answer is refused by Docker, and nothing is changed",
    async () => {
      small.configure(given());
      const { code, stdout, stderr } = await clone.npm("up", ["--yes", "--skip-preview"]);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain("at least one valid, reachable external CA");
      expect(await trusted()).toBe(inside.certificate.trim());
    },
    15 * minute,
  );

  it(
    "signs for every node and keeps its key",
    async () => {
      await signing.listen(machineAddress, port);
      expect(await clone.planned()).toEqual(["update cluster-swarm caCert caKey externalCas"]);
      await small.up();
      expect(await trusted()).toBe(outside.certificate.trim());
      expect([...new Set(await trustedByNodes())]).toEqual([outside.certificate.trim()]);
      expect([...new Set(signing.signed)].sort()).toEqual(["swarm-manager", "swarm-worker"]);
      expect(await clone.planned()).toEqual([]);
    },
    25 * minute,
  );

  it(
    "is neither left for another one nor without a signer: the preview says so",
    async () => {
      const { certificate: caCert } = inside;
      small.configure({
        caCert,
        externalCas: [...given().externalCas, { url: `${url}/2`, caCert }],
      });
      expect((await clone.npm("preview")).stdout).toContain(
        "caCert: got another authority outside of the swarm; expected caKey with it",
      );
      small.configure({});
      expect((await clone.npm("preview")).stdout).toContain(
        "externalCas: got none for the authority until now; expected one with its certificate",
      );
    },
    15 * minute,
  );

  it(
    "is followed by one of the swarm's own, which it vouches for",
    async () => {
      small.configure({ externalCas: given().externalCas, rotate: { ca: "own" } });
      expect(await clone.planned()).toEqual(["update cluster-swarm rotate.ca"]);
      await small.up();
      expect([inside, outside].map(({ certificate }) => certificate.trim())).not.toContain(
        await trusted(),
      );
      small.configure({});
      await small.up();
      expect(await clone.planned()).toEqual([]);
    },
    25 * minute,
  );

  it(
    "is not needed any more once the swarm has its key",
    async () => {
      small.configure(given());
      await small.up();
      expect(await trusted()).toBe(outside.certificate.trim());
      small.configure({ ...given(), caKey: outside.key });
      expect(await clone.planned()).toEqual(["update cluster-swarm caKey"]);
      await small.up();
      expect(await clone.planned()).toEqual([]);
      await signing.close();
      large.configure({ caCert: outside.certificate, caKey: outside.key });
      await large.up();
      expect(await large.nodes("manager-1")).toEqual({
        "manager-1": "Ready Leader",
        "worker-1": "Ready",
        "worker-2": "Ready",
      });
      expect([...new Set(await trustedByNodes())]).toEqual([outside.certificate.trim()]);
      expect(await clone.planned()).toEqual([]);
    },
    25 * minute,
  );
});
