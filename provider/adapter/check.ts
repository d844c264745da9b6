import { CheckFailure, CheckResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import type { Context } from "../context";
import type { CheckResult, Failure } from "../resource";
import type { AnyResourceType } from "../types";
import { shown } from "./message";
import { secrecyOf } from "./secrecy";
import type { Session } from "./session";
import { validate } from "./validate";
import { decode, encode } from "./wire";
import type { Decoded, Properties } from "./wire";

/** What is to be checked. */
interface Checked {
  readonly news: Decoded;
  readonly olds: Properties | undefined;
  readonly replaced: Properties | undefined;
  readonly isUnfinished: boolean;
  readonly name: string;
  readonly randomSeed: Uint8Array;
}

/** The engine's Check: schema first, then the noun's own rules; everything wrong is answered at once. */
export async function check(session: Session, request: CheckRequest): Promise<CheckResponse> {
  const type = session.typeOf(request.getUrn());
  const news = decode(request.getNews());
  const given = decode(request.getOlds());
  const olds = Object.keys(given.value).length === 0 ? undefined : given.value;
  const replaced = session.declare(request.getUrn(), olds);
  const call = {
    urn: request.getUrn(),
    what: "check",
    timeout: 0,
    sources: [news, given],
  };
  const isUnfinished = session.isUnfinished(request.getUrn());
  const name = request.getName();
  const randomSeed = session.seedOf(request.getUrn(), request.getRandomseed_asU8());
  const { inputs, failures } = await session.perform(call, async (context) =>
    checkInputs(type, { news, olds, replaced, isUnfinished, name, randomSeed }, context),
  );
  const response = new CheckResponse();
  response.setInputs(encode(inputs, secrecyOf(type, [news])));
  response.setFailuresList(failures.map(toFailure));
  return response;
}

async function checkInputs(
  type: AnyResourceType,
  { news, ...about }: Checked,
  context: Context,
): Promise<{ readonly inputs: Properties; readonly failures: readonly Failure[] }> {
  const validated = validate(type.inputs, news);
  if (validated.failures.length > 0) return validated;
  const checked = type.check?.({ ...about, news: validated.inputs }, context) ?? validated;
  const resolved = await type.resolve?.({ ...about, news: checked.inputs }, context);
  const results: CheckResult<object>[] = [checked, ...(resolved === undefined ? [] : [resolved])];
  for (const warning of results.flatMap(({ warnings = [] }) => warnings)) context.warn(warning);
  return {
    inputs: { ...(resolved ?? checked).inputs },
    failures: results.flatMap(({ failures }) => failures),
  };
}

/**
 * The path goes into the text and not into the engine's own field for it, because the engine would print the value
 * of that property beside it, a secret one too.
 */
export function toFailure({ path, reason }: Failure): CheckFailure {
  const failure = new CheckFailure();
  failure.setReason(shown(path === "" ? reason : `${path}: ${reason}`));
  return failure;
}
