import type { Swarm } from "@docker/node-sdk";
import { validate } from "../../../provider/adapter/validate";
import {
  argumentsIn,
  fixedDifferences,
  initRequest,
  inputsOf,
  settingChanges,
  specWith,
} from "../../../provider/swarm/arguments";
import { problemsIn } from "../../../provider/swarm/rules";
import type { SwarmInputs } from "../../../provider/swarm/arguments";
import { swarmType } from "../../../provider/swarm/swarm";
import { UNKNOWN } from "../../../provider/value";

// Proves the conversions and rules; what Docker makes of them is the lab's matter.

/** What Docker 20.10 answers for a swarm that nobody has configured. */
const untouched: Swarm = {
  ID: "cluster",
  Version: { Index: 10 },
  Spec: {
    Name: "default",
    Labels: {},
    Orchestration: { TaskHistoryRetentionLimit: 5 },
    Raft: {
      SnapshotInterval: 10_000,
      KeepOldSnapshots: 0,
      LogEntriesForSlowFollowers: 500,
      ElectionTick: 10,
      HeartbeatTick: 1,
    },
    Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
    CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
    TaskDefaults: {},
    EncryptionConfig: { AutoLockManagers: false },
  },
  DefaultAddrPool: ["10.0.0.0/8"],
  SubnetSize: 24,
  DataPathPort: 4789,
};

const plain: SwarmInputs = { host: "m1", advertiseAddr: "10.0.0.1" };

const full: SwarmInputs = {
  ...plain,
  autolock: true,
  certExpiry: "720h",
  dispatcherHeartbeat: "10s",
  taskHistoryLimit: 0,
  snapshotInterval: 5000,
  maxSnapshots: 3,
  labels: { stage: "prod", "com.example.owner": "ops" },
  externalCas: [{ url: "https://ca.example/sign", caCert: "PEM" }],
};

describe("Swarm", () => {
  it("sees no difference between Docker's defaults and nothing declared", () => {
    expect(inputsOf(untouched, plain)).toEqual(plain);
    expect(settingChanges(inputsOf(untouched, plain), plain)).toEqual({});
    expect(specWith(untouched, plain)).toEqual(untouched.Spec);
  });

  it("reads back every setting that it writes", () => {
    const written = { ...untouched, Spec: specWith(untouched, full) };
    expect(inputsOf(written, full)).toEqual(full);
    expect(settingChanges(inputsOf(written, full), full)).toEqual({});
  });

  it.each<[keyof SwarmInputs, unknown, unknown]>([
    ["autolock", true, { autolock: "add" }],
    ["certExpiry", "48h", { certExpiry: "add" }],
    ["dispatcherHeartbeat", "1m", { dispatcherHeartbeat: "add" }],
    ["taskHistoryLimit", 0, { taskHistoryLimit: "add" }],
    ["snapshotInterval", 1, { snapshotInterval: "add" }],
    ["maxSnapshots", 2, { maxSnapshots: "add" }],
    ["labels", { a: "b" }, { labels: "add" }],
    ["externalCas", [{ url: "https://ca" }], { externalCas: "add" }],
  ])("shows a declared %s before it is there", (property, value, changes) => {
    expect(settingChanges(inputsOf(untouched, plain), { ...plain, [property]: value })).toEqual(
      changes,
    );
  });

  it("keeps the spelling of a duration that means the same", () => {
    const news = { ...plain, certExpiry: "2160h0m0s", dispatcherHeartbeat: "5000ms" };
    expect(inputsOf(untouched, news)).toEqual(news);
    expect(settingChanges(inputsOf(untouched, news), news)).toEqual({});
  });

  it("goes back to Docker's default where a declaration is taken away, and says so in full", () => {
    const live = { ...untouched, Spec: specWith(untouched, full) };
    expect(settingChanges(inputsOf(live, plain), plain)).toEqual({
      autolock: "delete",
      certExpiry: "delete",
      dispatcherHeartbeat: "delete",
      taskHistoryLimit: "delete",
      snapshotInterval: "delete",
      maxSnapshots: "delete",
      labels: "delete",
      externalCas: "delete",
    });
    // Docker takes a missing number for zero.
    expect(specWith(live, plain)).toMatchObject({
      Orchestration: { TaskHistoryRetentionLimit: 5 },
      Raft: { SnapshotInterval: 10_000, ElectionTick: 10 },
      Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
      CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
    });
  });

  it("tells the first manager all that is fixed from then on", () => {
    const news = { ...plain, dataPathPort: 7777, defaultAddrPool: ["10.20.0.0/16"] };
    expect(
      initRequest({ ...news, defaultAddrPoolMaskLength: 26, labels: { a: "b" } }),
    ).toMatchObject({
      ListenAddr: "0.0.0.0:2377",
      AdvertiseAddr: "10.0.0.1",
      DataPathPort: 7777,
      DefaultAddrPool: ["10.20.0.0/16"],
      SubnetSize: 26,
      Spec: { Labels: { a: "b" } },
    });
    // Without one Docker would give no network an address.
    expect(initRequest(news)).toMatchObject({ SubnetSize: 24 });
  });

  it("names what an existing swarm differs in for good", () => {
    const news = { ...plain, dataPathPort: 7777, defaultAddrPoolMaskLength: 24 };
    expect(fixedDifferences(inputsOf(untouched, news), news)).toEqual(["dataPathPort"]);
  });

  it("is content with its own state", () => {
    const state = {
      ...full,
      clusterId: "c",
      managers: [],
      workerToken: "w",
      managerToken: "m",
      unlockKey: "u",
    };
    expect(argumentsIn(state)).toEqual(full);
    expect(swarmType.diff({ id: "c", old: state, oldInputs: full, news: full })).toEqual({
      changes: {},
    });
  });

  it("moves to another first manager without touching the swarm", () => {
    const news = { host: "m2", advertiseAddr: "10.0.0.2" };
    expect(problemsIn(news, plain)).toEqual([]);
  });

  it("fails with everything that is wrong, once for each property", () => {
    const news: SwarmInputs = {
      host: "m1",
      advertiseAddr: "0.0.0.0:2377",
      dataPathAddr: "::",
      dataPathPort: 5000,
      listenAddr: "10.0.0.1:2377",
      certExpiry: "59m",
    };
    const said = problemsIn(news, plain).map(({ path, reason }) => `${path}: ${reason}`);
    const fixed =
      "because Docker fixes it when the swarm is made. Put it back, or destroy the swarm and make it anew.";
    expect(said).toEqual([
      'advertiseAddr: got "0.0.0.0:2377", which stands for every address; expected the one that the other nodes reach this host by.',
      'dataPathAddr: got "::", which stands for every address; expected the one that the other nodes reach this host by.',
      'certExpiry: got "59m"; expected at least 1h, because nodes renew their certificates in the second half of it.',
      `dataPathPort: got 5000; expected 4789, ${fixed}`,
      `listenAddr: got "10.0.0.1:2377"; expected "0.0.0.0:2377", ${fixed}`,
    ]);
  });

  it.each([80, 50_000, 4789.5])("has no data-path port %d", (dataPathPort) => {
    const value = { host: "m1", dataPathPort };
    const { failures } = validate(swarmType.inputs, { value, unknowns: [], secrets: [] });
    expect(failures).toEqual([
      {
        path: "dataPathPort",
        reason: `got ${dataPathPort}; expected a whole number from 1024 to 49151`,
      },
    ]);
  });

  it("breaks no rule with a value that is not known yet", () => {
    const news = { ...plain, advertiseAddr: UNKNOWN, certExpiry: UNKNOWN };
    expect(problemsIn(news, plain)).toEqual([]);
  });
});
