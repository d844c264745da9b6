import { payloadType } from "../payload/payload";

/**
 * A config of the swarm: services see its value as a file. A changed value is a new config beside the old one, which
 * goes when the services have moved.
 *
 * @see https://docs.docker.com/engine/swarm/configs/
 */
export const configType = payloadType({
  kind: "config",
  token: "swarm:index:Config",
  description: "A text that services of the swarm read as a file.",
  limit: 1000 * 1024,
});
