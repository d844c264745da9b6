import { payloadType } from "../payload/payload";

/**
 * A secret of the swarm: services see its value as a file in memory. A changed value is a new secret beside the old
 * one, which goes when the services have moved.
 *
 * @see https://docs.docker.com/engine/swarm/secrets/
 */
export const secretType = payloadType({
  kind: "secret",
  token: "swarm:index:Secret",
  description: "A value that services of the swarm read as a file in memory.",
  limit: 500 * 1024,
});
