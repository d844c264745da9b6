import { withoutReferences } from "../fields/form";
import type { Tree } from "../fields/paths";
import { withArguments } from "../fields/table";
import { encoded } from "./kind";
import { payloadTable } from "./table";
import type { PayloadInputs } from "./table";

/** What Docker is given to make a secret or a config. */
export function payloadSpec(inputs: PayloadInputs): Tree {
  const spec = withArguments(payloadTable, {}, inputs, withoutReferences);
  return { ...spec, Name: inputs.name, Data: encoded(inputs) };
}
