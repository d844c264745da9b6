import * as pulumi from "@pulumi/pulumi";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import type { EncryptedPath } from "../settings/encrypted";
import type { Path } from "../provider/adapter/path";
import { decode, type Properties } from "../provider/adapter/wire";

/** What a program gives a component. */
export interface ComponentInputs {
  /** Plain values: secrets as they are, what is not known yet as `UNKNOWN`. */
  readonly value: Properties;
  /** Where the secrets are. */
  readonly secrets: readonly EncryptedPath[];
  /** Where values are that are not known yet, as in a preview before the first update. */
  readonly unknowns: readonly EncryptedPath[];
  /** URNs of the inputs that are resources. */
  readonly resources: Readonly<Record<string, string>>;
  /** URNs of everything that a value comes from, sorted. */
  readonly origins: readonly string[];
}

/** The inputs of a request. */
export function inputsOf(request: ConstructRequest): ComponentInputs {
  const { value, secrets, unknowns } = decode(request.getInputs());
  const given = request.getInputdependenciesMap();
  const named = [...given.entries()].flatMap(([, urns]) => urns.getUrnsList());
  const raw: Properties = request.getInputs()?.toJavaScript() ?? {};
  const nested = originsIn(raw);
  return {
    value,
    resources: Object.fromEntries(
      Object.entries(raw).flatMap(([key, input]) => {
        const urn = urnIn(input);
        return urn === undefined ? [] : [[key, urn]];
      }),
    ),
    secrets: secrets.map(keysOf),
    unknowns: unknowns.map(keysOf),
    origins: [...new Set([...named, ...nested])].sort(),
  };
}

function keysOf(path: Path): string[] {
  return path.map(String);
}

/** The URN of a resource, or of an output that is one. */
function urnIn(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const { [pulumi.runtime.specialSigKey]: kind, urn, value } = input as Properties;
  if (kind === pulumi.runtime.specialOutputValueSig) return urnIn(value);
  return kind === pulumi.runtime.specialResourceSig && typeof urn === "string" ? urn : undefined;
}

/** What outputs somewhere in the inputs say that they come from. */
function originsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { [pulumi.runtime.specialSigKey]: kind, dependencies } = value as Properties;
  const isOutput = kind === pulumi.runtime.specialOutputValueSig;
  const own = isOutput && Array.isArray(dependencies) ? dependencies.map(String) : [];
  return [...own, ...Object.values(value).flatMap(originsIn)];
}
