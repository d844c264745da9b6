import { z } from "zod";
import { textMap, wordSet } from "../fields/collections";
import { field } from "../fields/field";
import { objectList } from "../fields/list";
import { choice, duration, flag, integer, text, textLike } from "../fields/scalars";

const range = textLike(/^[0-9a-fA-F:.]+\/\d{1,3}$/, 'an address range such as "10.20.0.0/16"');

const externalCas = objectList(
  {
    url: field(text, "URL", "Where certificate signing requests are sent.", { required: true }),
    protocol: field(choice(["cfssl"]), "Protocol", "How the authority is spoken to.", {
      fallback: "cfssl",
      explicit: "always",
    }),
    options: field(textMap, "Options", "Options of the protocol."),
    caCert: field(text, "CACert", "The authority's root certificate as PEM text."),
  },
  { keys: ["url"] },
);

/**
 * Settings that can be changed at any time, as they lie in the answer of `GET /swarm`. Defaults are swarmkit's, and are
 * written out: an update takes what is left out for zero.
 *
 * @see https://docs.docker.com/reference/cli/docker/swarm/update/
 */
export const settingsTable = {
  autolock: field(
    flag,
    "Spec.EncryptionConfig.AutoLockManagers",
    "Managers that restart must be unlocked with a key.",
  ),
  certExpiry: field(
    duration,
    "Spec.CAConfig.NodeCertExpiry",
    "Validity of node certificates, a duration of at least 1h.",
    { fallback: "2160h", zeroIsDefault: true, explicit: "always" },
  ),
  dispatcherHeartbeat: field(
    duration,
    "Spec.Dispatcher.HeartbeatPeriod",
    "How often a node reports to the managers.",
    { fallback: "5s", zeroIsDefault: true, explicit: "always" },
  ),
  taskHistoryLimit: field(
    integer(-1),
    "Spec.Orchestration.TaskHistoryRetentionLimit",
    "Ended tasks remembered per slot; -1 for all.",
    { fallback: 5, explicit: "always" },
  ),
  snapshotInterval: field(
    integer(1),
    "Spec.Raft.SnapshotInterval",
    "Raft log entries between two snapshots.",
    { fallback: 10_000, zeroIsDefault: true, explicit: "always" },
  ),
  maxSnapshots: field(
    integer(0),
    "Spec.Raft.KeepOldSnapshots",
    "Snapshots kept beside the newest.",
  ),
  labels: field(textMap, "Spec.Labels", "Labels of the swarm itself."),
  externalCas: field(
    externalCas,
    "Spec.CAConfig.ExternalCAs",
    "Authorities that sign the nodes' certificates instead of the managers.",
  ),
};

const word = textLike(/\S/, "a word that was not used before, such as a date");

/**
 * Words that stand for one rotation each: a changed word rotates once. Taking one away does nothing.
 *
 * @see https://docs.docker.com/engine/swarm/how-swarm-mode-works/pki/
 */
export const rotationTable = {
  "rotate.workerToken": field(word, "rotate.workerToken", "Token that workers join with.", {
    byDocker: true,
  }),
  "rotate.managerToken": field(word, "rotate.managerToken", "Token that managers join with.", {
    byDocker: true,
  }),
  "rotate.unlockKey": field(word, "rotate.unlockKey", "Key of a swarm with autolock.", {
    byDocker: true,
  }),
  "rotate.ca": field(
    word,
    "rotate.ca",
    "The swarm's own certificate authority, and with it every node's certificate.",
    {
      byDocker: true,
    },
  ),
};

/**
 * An authority of the user's own, in place of the one that the swarm makes for itself. Docker never says its key again.
 *
 * @see https://docs.docker.com/reference/cli/docker/swarm/ca/
 */
export const authorityTable = {
  caCert: field(
    textLike(
      /-----BEGIN CERTIFICATE-----/,
      'the text of a certificate ("-----BEGIN CERTIFICATE-----…")',
    ),
    "caCert",
    "Certificate of the authority that signs the nodes' certificates, as PEM text. A changed one rotates.",
    { byDocker: true },
  ),
  caKey: field(
    textLike(
      /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
      'the text of a private key ("-----BEGIN PRIVATE KEY-----…")',
    ),
    "caKey",
    "Private key of that authority, as PEM text.",
    { byDocker: true },
  ),
};

/** Settings that are fixed once the swarm exists, and can still be read. */
export const fixedTable = {
  dataPathPort: field(
    integer(1024, 49_151),
    "DataPathPort",
    "UDP port of the traffic between containers. Fixed once the swarm exists.",
    { fallback: 4789, zeroIsDefault: true },
  ),
  defaultAddrPool: field(
    { ...wordSet(), schema: z.array(range.schema) },
    "DefaultAddrPool",
    "Address ranges that overlay networks are taken from. Fixed once the swarm exists.",
    { fallback: ["10.0.0.0/8"] },
  ),
  defaultAddrPoolMaskLength: field(
    integer(8, 30),
    "SubnetSize",
    "Prefix length of one network out of the pool. Fixed once the swarm exists.",
    // Docker takes a pool without one, and then gives no network an address.
    { fallback: 24, zeroIsDefault: true, explicit: "always" },
  ),
};

/** What only counts on the machine that makes the swarm, at the moment it does. */
export const originTable = {
  host: field(text, "host", "Manager that makes the swarm. Later calls go to any manager.", {
    required: true,
  }),
  advertiseAddr: field(
    text,
    "advertiseAddr",
    "IP address or interface that the other nodes reach the host by.",
    { byDocker: true },
  ),
  listenAddr: field(text, "listenAddr", "Address and port for the managers' own traffic.", {
    fallback: "0.0.0.0:2377",
  }),
  dataPathAddr: field(
    text,
    "dataPathAddr",
    "IP address or interface for the traffic between containers.",
  ),
};
