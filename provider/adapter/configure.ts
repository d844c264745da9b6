import { status } from "@grpc/grpc-js";
import {
  CheckResponse,
  ConfigureResponse,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type {
  CheckRequest,
  ConfigureRequest,
  DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isDeepStrictEqual } from "node:util";
import { configurationProblems, configurationSchema } from "../../cluster/configuration";
import type { Configuration } from "../../cluster/configuration";
import { labProblems, openEnvironment } from "../../cluster/environment";
import type { OpenLab } from "../../cluster/lab-access";
import { messageOf } from "../../hosts/errors";
import type { ChangeKind, Failure } from "../resource";
import { isUnknown } from "../value";
import { toFailure } from "./check";
import { toResponse } from "./diff";
import { leavingHosts, leavingPaths } from "./leaving";
import type { Path } from "./path";
import { rpcError } from "./rpc-error";
import type { Session } from "./session";
import { validate } from "./validate";
import { decode, encode, OPEN } from "./wire";
import type { Decoded, Properties } from "./wire";

/** Keys that belong to the engine and not to this configuration. */
const ENGINE_KEYS = new Set(["version", "pluginDownloadURL"]);
const SECRET_KEYS = new Set(["privateKey", "passphrase", "password", "sudoPassword"]);

/** What this provider understands of the protocol; older engines ask the same in Configure. */
export function handshake(): ProviderHandshakeResponse {
  const response = new ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  response.setAcceptResources(true);
  response.setAcceptOutputs(true);
  return response;
}

/** The engine's CheckConfig: every problem by its path, and what stands against a lab, before anything is touched. */
export async function checkConfig(
  request: CheckRequest,
  openLab: OpenLab | undefined,
): Promise<CheckResponse> {
  const response = new CheckResponse();
  const { value: sent, secrets } = decode(request.getNews());
  const given = fromJsonTexts(sent);
  const isDefault = isDefaultProvider(request.getUrn());
  const { value: oldTexts, secrets: oldSecrets } = decode(request.getOlds());
  const olds = { value: fromJsonTexts(oldTexts), secrets: oldSecrets };
  const leaving = isDefault ? {} : leavingHosts(olds.value, given);
  const value = Object.keys(leaving).length === 0 ? given : { ...given, leaving };
  const paths = [...secrets, ...leavingPaths(olds.secrets), ...secretFields(value)];
  response.setInputs(encode(value, { ...OPEN, paths, source: value }));
  const failures = await problemsOf(request.getNews(), isDefault, openLab);
  response.setFailuresList(failures.map(toFailure));
  return response;
}

async function problemsOf(
  news: Struct | undefined,
  isDefault: boolean,
  openLab: OpenLab | undefined,
): Promise<readonly Failure[]> {
  const decoded = configurationOf(news, isDefault);
  const { inputs, failures } = validate(configurationSchema, decoded);
  // Rules between fields need all of them.
  if (failures.length > 0 || decoded.unknowns.length > 0) return failures;
  const configuration = inputs as Configuration;
  const problems = configurationProblems(configuration);
  if (problems.length > 0) return problems;
  return labProblems(configuration, openLab).catch((error: unknown) => [
    { path: "lab", reason: messageOf(error) },
  ]);
}

/** The engine's DiffConfig. How machines are reached is no property of any resource, so nothing is ever replaced. */
export function diffConfig(request: DiffRequest): DiffResponse {
  const olds = decode(request.getOldInputs()).value;
  const news = decode(request.getNews()).value;
  const changes: Record<string, ChangeKind> = {};
  for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    if (ENGINE_KEYS.has(key) || isDeepStrictEqual(olds[key], news[key])) continue;
    if (olds[key] === undefined) changes[key] = "add";
    else changes[key] = news[key] === undefined ? "delete" : "update";
  }
  return toResponse({ changes });
}

/** The engine's Configure. */
export function configure(
  session: Session,
  request: ConfigureRequest,
  openLab: OpenLab | undefined,
): ConfigureResponse {
  const isDefault = isDefaultProvider(request.getUrn() ?? "");
  const { inputs, failures } = validate(
    configurationSchema,
    configurationOf(request.getArgs(), isDefault),
  );
  if (failures.length > 0) {
    const list = failures.map(({ path, reason }) => `  ${path}: ${reason}`).join("\n");
    throw rpcError(status.INVALID_ARGUMENT, `the provider's configuration is not usable:\n${list}`);
  }
  // While the provider itself is only previewed, the engine sends its word for what is not known.
  const id = request.getId();
  const environment = openEnvironment(inputs as Configuration, openLab);
  session.configure(environment, isUnknown(id) ? undefined : id);
  const response = new ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setAcceptresources(true);
  response.setAcceptoutputs(true);
  response.setSupportspreview(true);
  return response;
}

/**
 * The default provider (that of `pulumi import` without `--provider`) is given everything under `swarm:` in the
 * stack's configuration, the program's own settings too. The engine names it `default`, or `default_` and its version.
 */
function isDefaultProvider(urn: string): boolean {
  return /^default(_|$)/.test(urn.split("::").at(-1) ?? "");
}

function configurationOf(struct: Struct | undefined, isDefault: boolean): Decoded {
  const { value, secrets, unknowns } = decode(struct);
  const own = Object.fromEntries(
    Object.entries(fromJsonTexts(value)).filter(
      ([key]) => !ENGINE_KEYS.has(key) && (!isDefault || key in configurationSchema.shape),
    ),
  );
  return { value: own, secrets: [...secrets, ...secretFields(own)], unknowns };
}

/** Nested configuration comes as JSON text from stack files and from generated SDKs, as an object from other programs. */
function fromJsonTexts(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, fromJson(value)]),
  );
}

function fromJson(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The engine does not say in CheckConfig what is secret, so the fields that hold secrets count as such. */
function secretFields(value: unknown, above: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    SECRET_KEYS.has(key) ? [[...above, key]] : secretFields(item, [...above, key]),
  );
}
