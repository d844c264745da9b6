import { CreateResponse, ReadResponse, UpdateResponse } from "@pulumi/pulumi/proto/provider_pb";
import type {
  CreateRequest,
  DeleteRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Context } from "../context";
import { PartialFailure } from "../resource";
import type { AnyResourceType } from "../types";
import { UNKNOWN } from "../value";
import { parsePath, valueAt, withValueAt } from "./path";
import { unfinishedError } from "./rpc-error";
import { secrecyOf } from "./secrecy";
import type { Call, Session } from "./session";
import { splitUnfinished, withUnfinished } from "./unfinished";
import { decode, encode } from "./wire";
import type { Decoded, Properties, Secrecy } from "./wire";

const isRefreshed = (type: AnyResourceType): boolean => type.refreshBeforeUpdate ?? true;

/** What the preview shows: the outputs the noun knows beforehand, the rest unknown. */
async function previewed(
  type: AnyResourceType,
  news: Properties,
  old: Properties | undefined,
  context: Context,
): Promise<Properties> {
  const outputs: Properties = {};
  for (const key of Object.keys(type.outputs.shape)) outputs[key] = old?.[key] ?? UNKNOWN;
  return { ...outputs, ...news, ...(await type.preview?.(news, old, context)) };
}

/** The engine's Create. */
export async function create(session: Session, request: CreateRequest): Promise<CreateResponse> {
  const type = session.typeOf(request.getUrn());
  const news = decode(request.getProperties());
  const secrecy = secrecyOf(type, [news]);
  const call = callOf(request, "create", [news]);
  const response = new CreateResponse();
  response.setRefreshBeforeUpdate(isRefreshed(type));
  if (request.getPreview()) {
    const outputs = await session.perform(call, async (context) =>
      previewed(type, news.value, undefined, context),
    );
    response.setProperties(encode(outputs, secrecy));
    return response;
  }
  const made = await keepingPartial(type, secrecy, news.value, async () =>
    session.perform({ ...call, acts: true }, async (context) => type.create(context, news.value)),
  );
  session.learn({ ...made.state }, secrecy.paths);
  response.setId(made.id);
  response.setProperties(encode(made.state, secrecy));
  return response;
}

/** The engine's Update. */
export async function update(session: Session, request: UpdateRequest): Promise<UpdateResponse> {
  const type = session.typeOf(request.getUrn());
  const decodedOld = decode(request.getOlds());
  const old = splitUnfinished(decodedOld.value).state;
  const sent = decode(request.getNews());
  const news = { ...sent, value: keepIgnored(sent.value, old, request.getIgnorechangesList()) };
  const secrecy = secrecyOf(type, [news, decodedOld]);
  const call = callOf(request, "update", [news, decodedOld]);
  const response = new UpdateResponse();
  response.setRefreshBeforeUpdate(isRefreshed(type));
  const state = request.getPreview()
    ? await session.perform(call, async (context) => previewed(type, news.value, old, context))
    : await keepingPartial(type, secrecy, news.value, async () =>
        session.perform({ ...call, acts: true }, async (context) =>
          type.update(context, request.getId(), old, news.value),
        ),
      );
  session.learn({ ...state }, secrecy.paths);
  response.setProperties(encode(state, secrecy));
  return response;
}

/** What the user ignores stays as it really is, not as it once was declared. */
function keepIgnored(news: Properties, old: Properties, ignored: readonly string[]): Properties {
  return ignored.map(parsePath).reduce((inputs, path) => {
    const real = valueAt(old, path);
    return real === undefined || path.includes("*") ? inputs : withValueAt(inputs, path, real);
  }, news);
}

/** The engine's Read: refresh, import and `get`. */
export async function read(session: Session, request: ReadRequest): Promise<ReadResponse> {
  const type = session.typeOf(request.getUrn());
  const decodedOld = decode(request.getProperties());
  const inputs = decode(request.getInputs());
  const { state, reasons } = splitUnfinished(decodedOld.value);
  if (reasons.length > 0) session.foundUnfinished(request.getUrn());
  // On import the engine has nothing but the id.
  const known = Object.keys(state).length === 0 ? undefined : { inputs: inputs.value, state };
  const secrecy = secrecyOf(type, [inputs, decodedOld]);
  const call = callOf(request, "read", [inputs, decodedOld]);
  const found = await keepingPartial(type, secrecy, inputs.value, async () =>
    session.perform(call, async (context) => type.read(context, request.getId(), known)),
  );
  if (found !== undefined && reasons.length > 0)
    throw unfinished(
      type,
      secrecy,
      found.inputs,
      new PartialFailure(found.id, found.state, reasons),
    );
  const response = new ReadResponse();
  if (found === undefined) return response;
  session.learn({ ...found.state }, secrecy.paths);
  response.setId(found.id);
  response.setInputs(encode(found.inputs, secrecy));
  response.setProperties(encode(found.state, secrecy));
  response.setRefreshBeforeUpdate(isRefreshed(type));
  return response;
}

/** The engine's Delete. */
export async function remove(session: Session, request: DeleteRequest): Promise<Empty> {
  const type = session.typeOf(request.getUrn());
  const old = decode(request.getProperties());
  const declared = decode(request.getOldInputs());
  const call = { ...callOf(request, "delete", [old, declared]), acts: true };
  await session.perform(call, async (context) =>
    type.delete(context, request.getId(), splitUnfinished(old.value).state, declared.value),
  );
  return new Empty();
}

async function keepingPartial<T>(
  type: AnyResourceType,
  secrecy: Secrecy,
  inputs: object,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof PartialFailure ? unfinished(type, secrecy, inputs, error) : error;
  }
}

function unfinished(
  type: AnyResourceType,
  secrecy: Secrecy,
  inputs: object,
  { id, state, reasons }: PartialFailure,
): Error {
  return unfinishedError({
    id,
    properties: encode(withUnfinished(state, reasons), secrecy),
    inputs: encode(inputs, secrecy),
    reasons,
    refreshBeforeUpdate: isRefreshed(type),
  });
}

interface Asked {
  getUrn(): string;
  getTimeout(): number;
}

function callOf(request: Asked, what: string, sources: readonly Decoded[]): Call {
  return {
    urn: request.getUrn(),
    what,
    timeout: request.getTimeout(),
    sources,
  };
}
