import { textMap } from "../fields/collections";
import { field } from "../fields/field";
import { choice, text } from "../fields/scalars";

/** What the managers keep about a node and change in place, as it lies in Docker's NodeSpec. */
export const specTable = {
  role: field(choice(["manager", "worker"]), "Role", "Whether the node takes part in the quorum.", {
    required: true,
    explicit: "always",
  }),
  labels: field(textMap, "Labels", "Labels of the node: the full set, one added by hand is drift."),
  availability: field(
    choice(["active", "pause", "drain"]),
    "Availability",
    "Whether the node gets new tasks (active), keeps its own (pause) or gives them away (drain).",
    { fallback: "active", explicit: "always" },
  ),
};

/** What is said when joining and fixed from then on. */
export const joinTable = {
  host: field(text, "host", "Machine that is the node.", { required: true }),
  advertiseAddr: field(
    text,
    "advertiseAddr",
    "IP address or interface that the other nodes reach it by.",
    { byDocker: true },
  ),
  dataPathAddr: field(
    text,
    "dataPathAddr",
    "IP address or interface for the traffic between containers.",
  ),
  listenAddr: field(
    text,
    "listenAddr",
    "IP address or interface, with a port, on which the node listens for the managers' traffic.",
    { fallback: "0.0.0.0:2377" },
  ),
};
