import { textMap, words } from "../fields/collections";
import type { TextMap } from "../fields/collections";
import { field } from "../fields/field";
import { getAt, isTree, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { choice, flag, integer, text, textLike } from "../fields/scalars";
import type { Arguments } from "../fields/table";

/**
 * Label of an object that says which older versions of it are still there, newest first. It is in Docker, so that
 * whoever removes a version knows which others belong to it, whatever became of the state.
 */
const previousLabel = "swarm.previous";

/** A name in Docker has no comma. */
const separator = ",";

function labelsOf(wire: Tree): TextMap {
  const labels = getAt(wire, "Labels");
  return isTree(labels) ? (labels as TextMap) : {};
}

function writeLabels(wire: Tree, labels: TextMap): void {
  setAt(wire, "Labels", Object.keys(labels).length === 0 ? undefined : labels);
}

function without(labels: TextMap): TextMap {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== previousLabel));
}

/** Everything about a secret or a config that Docker keeps beside name and value. */
export const payloadTable = {
  labels: field(
    textMap,
    {
      read: (wire) => without(labelsOf(wire)),
      write: (wire, value = {}) => {
        const previous = labelsOf(wire)[previousLabel];
        const kept = previous === undefined ? {} : { [previousLabel]: previous };
        writeLabels(wire, { ...value, ...kept });
      },
    },
    "Labels; changed in place.",
  ),
  previous: field(
    words,
    {
      read: (wire) => labelsOf(wire)[previousLabel]?.split(separator),
      write: (wire, value = []) => {
        const names = value.length === 0 ? {} : { [previousLabel]: value.join(separator) };
        writeLabels(wire, { ...without(labelsOf(wire)), ...names });
      },
    },
    "Names in Docker of the older versions that are kept, newest first.",
  ),
  templateDriver: field(
    text,
    "Templating.Name",
    "Fills in templates in the value for each task: `golang`. Default: the value is taken as it is.",
    { replace: true },
  ),
  driver: field(
    text,
    "Driver.Name",
    "Plugin that brings the value to each task; then there is no `value`. Default: the swarm keeps the value.",
    { replace: true },
  ),
  driverOpts: field(textMap, "Driver.Options", "Options of the driver.", { replace: true }),
};

/** What Docker does not keep. */
export const ownTable = {
  keep: field(
    integer(0, 100),
    "Keep",
    "Older versions that stay when the value changes, for a rollback by hand; the oldest go first.",
    { fallback: 0 },
  ),
};

/** What the provider does with a secret or a config, and nothing is compared by. */
export const conductTable = {
  adopt: field(
    flag,
    "Adopt",
    "Takes a secret of exactly this name and of the same stack (label com.docker.stack.namespace) as it is, although Docker does not say its value. A config needs none: its value can be read.",
  ),
};

/** Name and value, which are compared together: a new value has a new name. */
export const headTable = {
  name: field(
    textLike(
      /^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/,
      "letters, digits, -, _ and ., starting and ending with a letter or digit",
    ),
    "Name",
    "First part of the name in Docker; eight hexadecimal digits follow, others for each value. As an output: the whole name. Default: the resource's.",
  ),
  value: field(text, "Data", "The value itself."),
  encoding: field(
    choice(["text", "base64"]),
    "Encoding",
    "How `value` is written; base64 is for values that are no text.",
    { fallback: "text" },
  ),
};

/** Arguments of a secret or config, and the names of its older versions, which `check` adds. */
export type PayloadInputs = Arguments<
  typeof headTable & typeof payloadTable & typeof ownTable & typeof conductTable
>;

/** A secret or config as it is; `name` is the whole name in Docker. */
export type PayloadState = PayloadInputs;
