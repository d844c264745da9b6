import { EngineError, isEngineError, SilenceError } from "../../../hosts/engine";
import type { EngineErrorKind } from "../../../hosts/engine-errors";

// Docker's own words, as its source has them: what they mean depends on who was asked.

const deadline = "rpc error: code = DeadlineExceeded desc = context deadline exceeded";
const leaderless =
  "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are " +
  "online. Make sure more than half of the managers are online.";

test.each<[string, number, string, EngineErrorKind]>([
  ["GET /nodes", 500, deadline, "quorumLost"],
  ["GET /swarm", 500, leaderless, "quorumLost"],
  ["POST /services/create", 500, deadline, "quorumLost"],
  // A registry that is slow, and one that says what a leader would.
  [
    "GET /distribution/shop/web:1/json",
    500,
    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    "registrySilent",
  ],
  ["GET /distribution/shop/web:1/json", 503, "The swarm does not have a leader", "registrySilent"],
  ["GET /distribution/shop/web:1/json", 503, "Service Unavailable", "registrySilent"],
  ["GET /distribution/web:1/json", 403, "pull access denied", "registryRefused"],
  ["GET /distribution/web:1/json", 500, "no basic auth credentials", "registryRefused"],
  ["GET /distribution/web:1/json", 404, "manifest unknown", "registryMissing"],
  ["GET /tasks/t1/logs", 500, "context deadline exceeded", "other"],
  ["POST /images/create", 500, "context deadline exceeded", "other"],
  [
    "GET /nodes",
    503,
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.",
    "notManager",
  ],
  [
    "GET /swarm",
    503,
    "Swarm is encrypted and needs to be unlocked before it can be used.",
    "locked",
  ],
  ["GET /swarm", 503, "Swarm certificates have expired.", "unavailable"],
  ["POST /swarm/unlock", 409, "swarm is not locked", "notLocked"],
  [
    "POST /swarm/unlock",
    400,
    "swarm could not be unlocked: invalid key could not be used to unlock",
    "wrongKey",
  ],
  [
    "POST /nodes/n1/update",
    500,
    "rpc error: code = Unknown desc = update out of sequence",
    "outOfSequence",
  ],
  [
    "DELETE /secrets/s1",
    400,
    "rpc error: code = InvalidArgument desc = secret 'a' is in use by the following service: web",
    "inUse",
  ],
  [
    "DELETE /networks/n1",
    403,
    "error while removing network: network a has active endpoints",
    "inUse",
  ],
  ["DELETE /volumes/a", 409, "remove a: volume is in use - [0123]", "inUse"],
  // A port in use is nothing that a removal would have to wait for.
  ["POST /services/create", 400, "port '80' is already in use by service 'web'", "invalid"],
  ["GET /services/s1", 404, "service s1 not found", "notFound"],
  ["GET /services/s1", 404, "page not found", "invalid"],
  ["POST /networks/create", 409, "network with name a already exists", "conflict"],
  ["POST /services/create", 400, "name must be valid", "invalid"],
])("%s, %d %s: %s", (call, status, reason, kind) => {
  const error = new EngineError("m1", call, status, reason);
  expect(error.kind).toBe(kind);
  expect(isEngineError(error, kind)).toBe(true);
  expect(error.message).toBe(`m1: Docker answered ${status} to ${call}: ${reason}`);
});

test("silence: whether a change may have been made, and whose silence it is", () => {
  const seen = (call: string, wasSent: boolean): [boolean, boolean] => {
    const { mayHaveActed, isItsOwn } = new SilenceError("m1", call, 30, wasSent);
    return [mayHaveActed, isItsOwn];
  };
  expect(seen("GET /nodes", true)).toEqual([false, true]);
  expect(seen("POST /services/create", true)).toEqual([true, true]);
  expect(seen("POST /services/create", false)).toEqual([false, true]);
  expect(seen("GET /distribution/web:1/json", true)).toEqual([false, false]);
  expect(seen("GET /tasks/t1/logs", true)).toEqual([false, false]);
});
