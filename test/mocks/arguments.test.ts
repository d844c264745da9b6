/**
 * Holds the hand-written arguments of resources/ and the provider's own tables together: `tsc` fails here when one
 * has a property, or a kind of value, that the other has not. Running it proves nothing.
 */
import type { z } from "zod";
import type { PayloadInputs } from "../../provider/payload/table";
import type { ContainerInputs } from "../../provider/container/arguments";
import type { hostInputs } from "../../provider/host/arguments";
import type { NetworkInputs } from "../../provider/network/network";
import type { ServiceInputs } from "../../provider/service/arguments";
import type { NodeInputs } from "../../provider/node/arguments";
import type { SwarmInputs } from "../../provider/swarm/arguments";
import type { VolumeInputs } from "../../provider/volume/volume";
import type { ConfigArgs } from "../../resources/config";
import type { ContainerArgs } from "../../resources/container";
import type { HostArgs } from "../../resources/host";
import type { NetworkArgs } from "../../resources/network";
import type { NodeArgs } from "../../resources/node";
import type { SecretArgs } from "../../resources/secret";
import type { ServiceArgs } from "../../resources/service";
import type { SwarmArgs } from "../../resources/swarm";
import type { VolumeArgs } from "../../resources/volume";

/**
 * A type with Pulumi's inputs taken out, all optional, words as text: what is required and which words are known is
 * the provider's to check.
 */
type Plain<T> = T extends { apply: unknown } | PromiseLike<unknown>
  ? never
  : T extends string
    ? string
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { -readonly [Key in keyof T]?: Plain<Exclude<T[Key], undefined>> }
        : T;

/** `true`, or the properties that differ. */
type Same<One, Other> = {
  [Key in keyof One | keyof Other]: Key extends keyof One & keyof Other
    ? [One[Key], Other[Key]] extends [Other[Key], One[Key]]
      ? never
      : Key
    : Key;
}[keyof One | keyof Other] extends infer Different
  ? [Different] extends [undefined]
    ? true
    : Different
  : never;

const service: Same<Plain<ServiceArgs>, Plain<Omit<ServiceInputs, "registryLogin">>> = true;

const host: Same<Plain<HostArgs>, Plain<Omit<z.input<typeof hostInputs>, "memberSources">>> = true;
const container: Same<Plain<ContainerArgs>, Plain<Omit<ContainerInputs, "state">>> = true;

const node: Same<Plain<NodeArgs>, Plain<Omit<NodeInputs, "state">>> = true;
const swarm: Same<Plain<SwarmArgs>, Plain<Omit<SwarmInputs, "locked">>> = true;
const network: Same<Plain<NetworkArgs>, Plain<NetworkInputs>> = true;
// A file is read by the program, and the older versions are the provider's to tell.
const secret: Same<Plain<Omit<SecretArgs, "file">>, Plain<Omit<PayloadInputs, "previous">>> = true;
const config: Same<
  Plain<Omit<ConfigArgs, "file">>,
  Plain<Omit<PayloadInputs, "previous" | "driver" | "driverOpts">>
> = true;
const volume: Same<Plain<VolumeArgs>, Plain<VolumeInputs>> = true;

describe("arguments", () => {
  it("are those of the provider's tables, as tsc has seen", () => {
    expect([service, container, host, node, swarm, network, secret, config, volume]).not.toContain(
      false,
    );
  });
});
