import { version } from "@pulumi/random/package.json";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { endWithEngine, servePlugin, unary } from "../plugin-server";
import {
  changedArguments,
  checkArguments,
  type Failure,
  PASSWORD_TOKEN,
  passwordState,
  plannedState,
  type Properties,
  SECRET_OUTPUTS,
  UNKNOWN,
} from "./resource";
import { servedSchema } from "./schema";

/*
 * Stands in for Pulumi's random plugin where that cannot be downloaded: the same RandomPassword, nothing else.
 * Only a CLI that was built here looks for it; whoever has the official plugin keeps using that.
 */

/** Marks a property value as secret. @see pulumi/sdk/go/common/resource/sig */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

const read = (struct: Struct | undefined): Properties => struct?.toJavaScript() ?? {};

function write(properties: Properties): Struct {
  const marked = Object.entries(properties).map(([name, value]) => [
    name,
    SECRET_OUTPUTS.some((secret) => secret === name) ? { ...SECRET, value } : value,
  ]);
  return Struct.fromJavaScript(Object.fromEntries(marked) as Record<string, JavaScriptValue>);
}

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` → `<type>` */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function failuresOf(request: provider.CheckRequest): Failure[] {
  const type = typeOf(request.getUrn());
  if (type === PASSWORD_TOKEN) return checkArguments(read(request.getNews()));
  const reason =
    `${type} needs Pulumi's own random plugin; the one here, made because downloads are blocked, knows ` +
    `${PASSWORD_TOKEN} only. Where downloads work: pulumi plugin install resource random ${version}`;
  return [{ property: "", reason }];
}

function diff(request: provider.DiffRequest): provider.DiffResponse {
  const ignored = request.getIgnorechangesList();
  const changed = changedArguments(read(request.getOlds()), read(request.getNews())).filter(
    (name) => !ignored.includes(name),
  );
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse()
    .setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(changed)
    .setReplacesList(changed)
    .setHasdetaileddiff(true);
  for (const name of changed) {
    const kind = provider.PropertyDiff.Kind.UPDATE_REPLACE;
    response.getDetaileddiffMap().set(name, new provider.PropertyDiff().setKind(kind));
  }
  return response;
}

/** The official plugin's id of every password. */
const ID = "none";

async function create(request: provider.CreateRequest): Promise<provider.CreateResponse> {
  const inputs = read(request.getProperties());
  if (request.getPreview()) {
    const unknown = Object.fromEntries(SECRET_OUTPUTS.map((name) => [name, UNKNOWN]));
    const planned = write({ ...plannedState(inputs), ...unknown });
    return new provider.CreateResponse().setProperties(planned);
  }
  return new provider.CreateResponse().setId(ID).setProperties(write(await passwordState(inputs)));
}

/** A password lives in the state alone. On import the id is the password itself, as in the official plugin. */
async function readBack(request: provider.ReadRequest): Promise<provider.ReadResponse> {
  const known = read(request.getProperties());
  const response = new provider.ReadResponse().setId(ID);
  if (known.result !== undefined) {
    return response.setInputs(request.getInputs()).setProperties(write(known));
  }
  const inputs = { length: Array.from(request.getId()).length };
  return response
    .setInputs(write(inputs))
    .setProperties(write(await passwordState(inputs, request.getId())));
}

const implementation = {
  handshake: unary((request: provider.ProviderHandshakeRequest) => {
    endWithEngine(request.getEngineAddress());
    return new provider.ProviderHandshakeResponse();
  }),
  // Secret arguments are not asked for: the engine marks what it stores of them by itself.
  configure: unary(() => new provider.ConfigureResponse().setSupportspreview(true)),
  checkConfig: unary((request: provider.CheckRequest) =>
    new provider.CheckResponse().setInputs(request.getNews()),
  ),
  diffConfig: unary(() => new provider.DiffResponse()),
  getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
  getSchema: unary(() => new provider.GetSchemaResponse().setSchema(servedSchema(version))),
  check: unary((request: provider.CheckRequest) =>
    new provider.CheckResponse()
      .setInputs(request.getNews())
      .setFailuresList(
        failuresOf(request).map(({ property, reason }) =>
          new provider.CheckFailure().setProperty(property).setReason(reason),
        ),
      ),
  ),
  diff: unary(diff),
  create: unary(create),
  read: unary(readBack),
  delete: unary(() => new Empty()),
  cancel: unary(() => new Empty()),
};

const engine = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
if (engine !== undefined) endWithEngine(engine);
void servePlugin(ResourceProviderService, implementation);
