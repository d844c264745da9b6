import type { PayloadPath } from "../../hosts/engine-api";
import type { PayloadInputs } from "./table";

/** What tells secrets and configs apart. */
export interface PayloadKind {
  readonly kind: "secret" | "config";
  readonly token: string;
  readonly description: string;
  /** Bytes; a value must be shorter. */
  readonly limit: number;
}

/** A value as Docker is given it. */
export function encoded({ value = "", encoding }: PayloadInputs): string {
  return encoding === "base64"
    ? Buffer.from(value, "base64").toString("base64")
    : Buffer.from(value, "utf8").toString("base64");
}

/** Path of the Engine API, and name of the list. */
export function pluralOf({ kind }: Pick<PayloadKind, "kind">): PayloadPath {
  return kind === "secret" ? "secrets" : "configs";
}
