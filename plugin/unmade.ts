import * as pulumi from "@pulumi/pulumi";
import type { EncryptedPath } from "../settings/encrypted";
import { pathOf } from "../words/path";
import type { MadeComponent } from "./component";

/** A component of which a preview cannot tell yet what belongs to it. */
class Unmade extends pulumi.ComponentResource {
  constructor(type: string, name: string, opts: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
    this.registerOutputs({});
  }
}

/** The component alone, with outputs that are not known yet; what is missing is said. */
export function unmade(
  token: string,
  name: string,
  unknowns: readonly EncryptedPath[],
  outputs: readonly string[],
  opts: pulumi.ComponentResourceOptions,
): MadeComponent {
  const resource = new Unmade(token, name, opts);
  const missing = unknowns.map((path) => pathOf(path)).sort();
  void pulumi.log.warn(
    `${missing.join(", ")}: not known before the update, and what is made depends on it. This preview shows nothing of ` +
      "what belongs to it, or shows as deleted what stays; the update has it all.",
    resource,
  );
  return {
    resource,
    outputs: Object.fromEntries(outputs.map((key) => [key, pulumi.output(pulumi.unknown)])),
  };
}
