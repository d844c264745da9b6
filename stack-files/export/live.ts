import type { Unwrap } from "@pulumi/pulumi";
import type { NetworkArgs } from "../../resources/network";
import type { PayloadArgs } from "../../resources/payload";
import type { ServiceArgs } from "../../resources/service";

/** The arguments that a running service comes from, defaults left out. */
export type LiveService = Unwrap<Omit<ServiceArgs, "name">> & { readonly name: string };

/** Likewise of a network. */
export type LiveNetwork = Unwrap<Omit<NetworkArgs, "name">> & { readonly name: string };

/** Likewise of a config, with what is in it. */
export type LiveConfig = Unwrap<Pick<PayloadArgs, "labels" | "templateDriver">> & {
  readonly name: string;
  readonly content: Buffer;
};

/** What is to be a stack file. */
export interface ExportRequest {
  /** Name of the stack: files are read with it. @default - of none, and files are read with `namespace: false` */
  readonly stack?: string;
  readonly services: readonly LiveService[];
  /** Networks that the stack makes itself; all others that services are in are external. */
  readonly networks: readonly LiveNetwork[];
  /** Configs that the stack makes itself; all others that services use are external. */
  readonly configs: readonly LiveConfig[];
  /** Folder beside the stack file for what is in its configs. */
  readonly folder: string;
}
