import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { handleUnaryCall, ServiceError } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  GetMappingResponse,
  GetMappingsResponse,
  GetSchemaResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { configurationSchema, labFreeSchema } from "../../cluster/configuration";
import type { OpenLab } from "../../cluster/lab-access";
import { functionTypes, type AnyResourceType } from "../types";
import { check } from "./check";
import type { Components } from "./components";
import { checkConfig, configure, diffConfig, handshake } from "./configure";
import { diffResponse } from "./diff";
import { EngineLog } from "./engine-log";
import { invoke } from "./invoke";
import { create, read, remove, update } from "./lifecycle";
import { shown } from "./message";
import { rpcError } from "./rpc-error";
import { packageSchema } from "./schema";
import { Session } from "./session";

/** What is served. */
export interface Served {
  readonly types: readonly AnyResourceType[];
  readonly version: string;
  /** Components for programs in other languages. @default - none */
  readonly components?: Components;
  /** What opens a lab; a plugin without one is for machines that exist. */
  readonly openLab?: OpenLab;
  /** `host:port` of the engine; without one nothing is logged. */
  readonly engineAddress?: string;
}

/** A provider that answers. */
export interface RunningProvider {
  /** On the loopback address. */
  readonly port: number;
  /** Cancels what is under way and ends every connection. */
  close(): Promise<void>;
}

/** States with many resources come in one message; Pulumi's own limit. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

/** Serves Pulumi's provider protocol on a free port of the loopback address. */
export async function serve(served: Served): Promise<RunningProvider> {
  const session = new Session(served.types, new EngineLog(served.engineAddress));
  const server = new Server({
    "grpc.max_receive_message_length": LARGEST_MESSAGE,
    "grpc.max_send_message_length": LARGEST_MESSAGE,
    // Counts every call for somebody who might ask; nobody does.
    "grpc.enable_channelz": 0,
  });
  server.addService(ResourceProviderService, handlers(session, served));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const close = async (): Promise<void> => {
    await session.close();
    server.forceShutdown();
  };
  return { port, close };
}

function handlers(session: Session, served: Served): IResourceProviderServer {
  const { types, version, openLab, components, engineAddress = "" } = served;
  const configuration = openLab === undefined ? labFreeSchema : configurationSchema;
  return {
    handshake: answer(() => handshake()),
    getPluginInfo: answer(() => new PluginInfo().setVersion(version)),
    getSchema: answer(() =>
      new GetSchemaResponse().setSchema(
        JSON.stringify(
          packageSchema({ version, types, configuration, components: components?.schema }),
        ),
      ),
    ),
    checkConfig: answer((request) => checkConfig(request, openLab)),
    diffConfig: answer(diffConfig),
    configure: answer((request) => configure(session, request, openLab)),
    check: answer(async (request) => check(session, request)),
    diff: answer(async (request) =>
      session.perform({ urn: request.getUrn(), what: "diff", timeout: 0, sources: [] }, () =>
        diffResponse(session.typeOf(request.getUrn()), request),
      ),
    ),
    create: answer(async (request) => create(session, request)),
    read: answer(async (request) => read(session, request)),
    update: answer(async (request) => update(session, request)),
    delete: answer(async (request) => remove(session, request)),
    cancel: answer(() => {
      session.cancel();
      return new Empty();
    }),
    // The engine's address comes with the command line.
    attach: answer(() => new Empty()),
    getMapping: answer(() => new GetMappingResponse()),
    getMappings: answer(() => new GetMappingsResponse()),
    invoke: answer(async (request) => invoke(session, functionTypes, request)),
    call: answer((request) => refuse(`method "${request.getTok()}"`)),
    construct: answer(async (request) =>
      components === undefined
        ? refuse(`component "${request.getType()}"`)
        : components.construct(request, engineAddress),
    ),
    parameterize: answer(() => refuse("parameterization")),
    list: (call) => {
      call.emit("error", refusal("listing of resources"));
    },
  };
}

function refusal(what: string): ServiceError {
  return rpcError(status.UNIMPLEMENTED, `the swarm provider has no ${what}`);
}

function refuse(what: string): never {
  throw refusal(what);
}

/** A handler from a function that answers or throws a gRPC error. */
function answer<Request, Response>(
  act: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(act)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(isServiceError(error) ? error : unexpected(error));
        },
      );
  };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "details" in error && "metadata" in error;
}

function unexpected(error: unknown): ServiceError {
  const text = error instanceof Error ? error.message : String(error);
  console.error(shown(error instanceof Error ? (error.stack ?? text) : text));
  return rpcError(status.INTERNAL, `a defect of the provider: ${text}. --debug shows where`);
}
