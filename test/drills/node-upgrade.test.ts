/**
 * The engines of three managers and a worker are brought from one version to the next by one line of the configuration,
 * three times, while a service with one task is asked from outside: machine by machine, tasks first.
 *
 * Does not prove: a client that knows one address alone (while a machine's engine restarts, the machine answers for no
 * service); an upgrade that fails in the middle; engines from another package repository.
 */
import { tellUpgrade } from "./upgrade-story";

describe("another version of the engine", () => {
  const steps = ["20.10.24", "26.1.5", "28.5.2", "29.8.1"];
  tellUpgrade({ story: "node-upgrade", image: "debian", steps });
});
