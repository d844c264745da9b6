import type { SecretArgs } from "../../resources/secret";
import type { ServiceFile } from "../../resources/service-container";
import type { Own, StackDeclaration } from "../declaration";
import type { Path } from "../finding";
import type { External, FileModel, PayloadModel } from "../model";
import { said } from "../said";
import { modeOf } from "./measures";
import { filled, isExternal, sortedBy, sortedRecord } from "./conversion";
import type { Conversion } from "./conversion";

type Kind = "secrets" | "configs";

type OwnPayload = Exclude<PayloadModel, External>;

type OwnArgs = Omit<SecretArgs, "file"> & { name: string };

/** All secrets or configs that the stack makes, used or not, and those of others that its services use. */
export function declarePayloads(conversion: Conversion, kind: Kind): StackDeclaration["secrets"] {
  const used = new Set(
    Object.values(conversion.model.services).flatMap((service) => keysUsedBy(service, kind)),
  );
  const entries = Object.entries(conversion.model[kind]).flatMap(
    ([key, entry]): [string, External | Own<OwnArgs>][] => {
      if (!isExternal(entry)) return [[key, { args: payloadArgs(conversion, key, entry) }]];
      return used.has(key) ? [[key, { external: entry.external }]] : [];
    },
  );
  return sortedRecord(Object.fromEntries(entries));
}

function keysUsedBy(
  service: {
    readonly secrets: readonly FileModel[];
    readonly configs: readonly FileModel[];
    readonly credentialSpec?: { readonly config?: string };
  },
  kind: Kind,
): string[] {
  const files = service[kind].map(({ source }) => source);
  const credential = kind === "configs" ? service.credentialSpec?.config : undefined;
  return credential === undefined ? files : [...files, credential];
}

function payloadArgs(conversion: Conversion, key: string, entry: OwnPayload): OwnArgs {
  const { content, driver, driverOpts, templateDriver } = entry;
  const options = driver === undefined ? {} : driverOpts;
  return said({
    name: conversion.nameOf(key, entry),
    ...(content === undefined ? {} : valueOf(content)),
    driver,
    driverOpts: filled(sortedRecord(options)),
    templateDriver,
    labels: conversion.labelled(entry.labels),
  });
}

/** As text where it is one, so that a preview shows what changes in it. */
function valueOf(content: Buffer): Pick<OwnArgs, "value" | "encoding"> {
  const text = content.toString("utf8");
  return Buffer.from(text, "utf8").equals(content)
    ? { value: text }
    : { value: content.toString("base64"), encoding: "base64" };
}

/** Secrets or configs of a service, as files. */
export function serviceFiles(
  conversion: Conversion,
  key: string,
  kind: Kind,
  files: readonly FileModel[],
): ServiceFile[] {
  const all = files.map((file, index) => {
    const at = ["services", key, kind, index];
    const { source, target = source, uid, gid, mode } = file;
    return said({
      source: conversion.nameFor(kind, source),
      target,
      uid: ownerOf(conversion, [...at, "uid"], uid),
      gid: ownerOf(conversion, [...at, "gid"], gid),
      mode: modeOf(mode),
    });
  });
  return sortedBy(all, ({ source, target }) => `${source} ${target}`);
}

function ownerOf(
  conversion: Conversion,
  path: Path,
  owner: string | undefined,
): string | undefined {
  if (owner === undefined || owner === "") return undefined;
  if (/^\d+$/.test(owner)) return owner;
  conversion.error(
    path,
    `got "${owner}"; expected a number such as "999": names are not looked up.`,
  );
  return undefined;
}
