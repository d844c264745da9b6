/**
 * The least that can be a provider: every resource is what it was declared as, read before every preview. What a run
 * with it takes is what Pulumi itself takes.
 */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { handleUnaryCall } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

function answer<Request, Response>(
  act: (request: Request) => Response,
): handleUnaryCall<Request, Response> {
  return (call, done) => {
    done(null, act(call.request));
  };
}

const handlers = {
  getPluginInfo: answer(() => new PluginInfo().setVersion("0.0.0")),
  checkConfig: answer((request: proto.CheckRequest) =>
    new proto.CheckResponse().setInputs(request.getNews()),
  ),
  diffConfig: answer(() => new proto.DiffResponse()),
  configure: answer(() =>
    new proto.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true),
  ),
  check: answer((request: proto.CheckRequest) =>
    new proto.CheckResponse().setInputs(request.getNews()),
  ),
  diff: answer(() => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE)),
  create: answer((request: proto.CreateRequest) =>
    new proto.CreateResponse()
      .setId("idle")
      .setProperties(request.getProperties())
      .setRefreshBeforeUpdate(true),
  ),
  read: answer((request: proto.ReadRequest) =>
    new proto.ReadResponse()
      .setId(request.getId())
      .setInputs(request.getInputs())
      .setProperties(request.getProperties())
      .setRefreshBeforeUpdate(true),
  ),
  delete: answer(() => new Empty()),
  cancel: answer(() => new Empty()),
  attach: answer(() => new Empty()),
};

const server = new Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
server.addService(ResourceProviderService, handlers);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
process.stdin.once("end", () => process.exit(0));
process.stdin.resume();
