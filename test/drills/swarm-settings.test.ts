/**
 * Every setting of a swarm through its life: declared, previewed, made, changed by hand with docker, seen, repaired; what
 * Docker fixes is refused later with the way out; tokens, the unlock key and the authority are made anew by a word.
 *
 * Does not prove: authorities of one's own, which have a drill of their own; rotation with a node away.
 */
import { Clone } from "../e2e/clone";
import { minute, SwarmStory } from "./swarm-story";

interface Info {
  readonly Swarm: {
    readonly Cluster: {
      readonly ID: string;
      readonly TLSInfo: { readonly TrustRoot: string };
      readonly RootRotationInProgress: boolean;
      readonly Spec: {
        readonly Labels: Record<string, string>;
        readonly Orchestration: { readonly TaskHistoryRetentionLimit: number };
        readonly Raft: { readonly SnapshotInterval: number; readonly KeepOldSnapshots: number };
        readonly Dispatcher: { readonly HeartbeatPeriod: number };
        readonly CAConfig: { readonly NodeCertExpiry: number; readonly ExternalCAs?: unknown[] };
        readonly EncryptionConfig: { readonly AutoLockManagers: boolean };
      };
    };
  };
}

const clone = new Clone("swarm-settings");
const story = new SwarmStory(clone, ["manager-1"], ["worker-1"]);
const second = 1e9;

const declared = {
  autolock: true,
  certExpiry: "720h",
  dispatcherHeartbeat: "7s",
  taskHistoryLimit: 3,
  snapshotInterval: 5000,
  maxSnapshots: 2,
  labels: { stage: "dev" },
  externalCas: [{ url: "https://ca.example.org/sign" }],
};

beforeAll(() => clone.make(), 15 * minute);

afterAll(() => clone.clear(), 15 * minute);

async function cluster(): Promise<Info["Swarm"]["Cluster"]> {
  return (await story.inspect<Info>("manager-1", "info")).Swarm.Cluster;
}

describe("the settings of a swarm", () => {
  it(
    "are refused all at once where the machines are against them, before a swarm is made",
    async () => {
      story.configure({
        certExpiry: "59m",
        dispatcherHeartbeat: "0s",
        dataPathPort: 80,
        labels: { "a b": "c" },
      });
      const { code, stdout, stderr } = await clone.npm("preview");
      expect(code).not.toBe(0);
      for (const said of [
        'settings.certExpiry: got "59m"; expected at least 1h',
        'settings.dispatcherHeartbeat: got "0s"; expected more than none',
        "settings.dataPathPort: got 80; expected 1024 to 49151",
        'settings.labels."a b"',
      ])
        expect(stdout + stderr).toContain(said);
    },
    10 * minute,
  );

  it(
    "a range that leads elsewhere already is refused with the route's name, and no swarm is made",
    async () => {
      story.configure({ defaultAddrPool: ["198.18.0.0/15"] });
      const { code, stdout } = await clone.npm("up", ["--yes"], { minutes: 20 });
      expect(code).not.toBe(0);
      expect(stdout).toMatch(
        /defaultAddrPool\[0\]: got "198\.18\.0\.0\/15"; it overlaps 198\.1[89]\.\d+\.0\/24, a route of manager-1 by vec0/,
      );
      expect(await story.docker("manager-1", "info", "--format", "{{.Swarm.LocalNodeState}}")).toBe(
        "inactive",
      );
    },
    25 * minute,
  );

  it(
    "have Docker's defaults where nothing is declared, and nothing is planned then",
    async () => {
      story.configure({ defaultAddrPool: ["10.20.0.0/16"], dataPathPort: 7789 });
      await story.up();
      expect(await clone.planned()).toEqual([]);
      const { Spec } = await cluster();
      expect(Spec.CAConfig.NodeCertExpiry).toBe(2160 * 3600 * second);
    },
    30 * minute,
  );

  it(
    "what Docker fixes is refused afterwards, with the way out",
    async () => {
      story.configure({ defaultAddrPool: ["10.30.0.0/16"], dataPathPort: 7790 });
      const { code, stdout } = await clone.npm("preview");
      expect(code).not.toBe(0);
      const way =
        "because Docker fixes it when the swarm is made. Put it back, or destroy the swarm and make it anew.";
      expect(stdout).toContain(`dataPathPort: got 7790; expected 7789, ${way}`);
      expect(stdout).toContain(
        `defaultAddrPool: got ["10.30.0.0/16"]; expected ["10.20.0.0/16"], ${way}`,
      );
    },
    10 * minute,
  );

  it(
    "are all changed in place, and just those are planned",
    async () => {
      const { ID } = await cluster();
      story.configure({ ...fixed, ...declared });
      expect(await clone.planned()).toEqual([
        `update cluster-swarm ${Object.keys(declared).sort().join(" ")}`,
      ]);
      await story.up();
      expect(await cluster()).toMatchObject({ ID, Spec: asDocker });
      expect(await clone.planned()).toEqual([]);
      expect(await story.secretOutput("unlockKey")).toBe(
        await story.docker("manager-1", "swarm", "unlock-key", "-q"),
      );
    },
    15 * minute,
  );

  it(
    "changed by hand, are seen one by one and repaired",
    async () => {
      const flags = [
        "--autolock=false",
        "--cert-expiry=1440h",
        "--dispatcher-heartbeat=9s",
        "--task-history-limit=8",
        "--snapshot-interval=7000",
        "--max-snapshots=5",
        "--external-ca=protocol=cfssl,url=https://other.example.org/sign",
      ];
      await story.docker("manager-1", "swarm", "update", ...flags);
      expect(await clone.planned()).toEqual([
        "update cluster-swarm autolock certExpiry dispatcherHeartbeat externalCas[0] maxSnapshots snapshotInterval taskHistoryLimit",
      ]);
      await story.up();
      expect(await cluster()).toMatchObject({ Spec: asDocker });
      expect(await clone.planned()).toEqual([]);
    },
    15 * minute,
  );
});

const fixed = { defaultAddrPool: ["10.20.0.0/16"], dataPathPort: 7789 };

const asDocker = {
  Labels: { stage: "dev" },
  Orchestration: { TaskHistoryRetentionLimit: 3 },
  Raft: { SnapshotInterval: 5000, KeepOldSnapshots: 2 },
  Dispatcher: { HeartbeatPeriod: 7 * second },
  CAConfig: {
    NodeCertExpiry: 720 * 3600 * second,
    ExternalCAs: [{ Protocol: "cfssl", URL: "https://ca.example.org/sign" }],
  },
  EncryptionConfig: { AutoLockManagers: true },
};

describe("a rotation", () => {
  const settings = { ...fixed, autolock: true };
  const words = { workerToken: "a", managerToken: "b", unlockKey: "c", ca: "d" };
  const token = async (role: string) =>
    story.docker("manager-1", "swarm", "join-token", "-q", role);
  const key = async () => story.docker("manager-1", "swarm", "unlock-key", "-q");

  it(
    "makes each secret anew once when its word changes; the state follows, no node is lost",
    async () => {
      const before = [await token("worker"), await token("manager"), await key()];
      const { TLSInfo } = await cluster();
      story.configure({ ...settings, rotate: words });
      expect((await clone.planned())[0]).toContain(
        "rotate.ca rotate.managerToken rotate.unlockKey rotate.workerToken",
      );
      await story.up();
      const after = [await token("worker"), await token("manager"), await key()];
      after.forEach((secret, index) => {
        expect(secret).not.toBe(before[index]);
      });
      const now = await cluster();
      expect(now.TLSInfo.TrustRoot).not.toBe(TLSInfo.TrustRoot);
      expect(now.RootRotationInProgress).toBe(false);
      expect(await story.secretOutput("workerToken")).toBe(after[0]);
      expect(await story.secretOutput("unlockKey")).toBe(after[2]);
      expect(await story.nodes("manager-1")).toEqual({
        "manager-1": "Ready Leader",
        "worker-1": "Ready",
      });
      expect(await clone.planned()).toEqual([]);
      // A word that is taken away, or kept, rotates nothing.
      story.configure({ ...settings, rotate: { workerToken: "a" } });
      expect(await clone.planned()).toEqual([]);
      await story.up();
      expect(await token("worker")).toBe(after[0]);
    },
    25 * minute,
  );

  it(
    "by somebody else is said, and the state follows",
    async () => {
      await story.docker("manager-1", "swarm", "unlock-key", "--rotate");
      const said = await clone.npmOk("preview");
      expect(said).toContain("the unlock key was rotated outside this program");
      await story.up();
      expect(await story.secretOutput("unlockKey")).toBe(await key());
      expect(await clone.npmOk("preview")).not.toContain("outside this program");
    },
    15 * minute,
  );
});
