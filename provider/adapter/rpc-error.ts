import { Metadata, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { shown } from "./message";

/** A gRPC error as the engine prints it: the text alone. */
export function rpcError(code: status, message: string, metadata = new Metadata()): ServiceError {
  const text = shown(message);
  return Object.assign(new Error(text), { code, details: text, metadata });
}

/** What exists after a create, an update or a read that ended badly. */
export interface Unfinished {
  readonly id: string;
  readonly properties: Struct;
  readonly inputs: Struct;
  readonly reasons: readonly string[];
  readonly refreshBeforeUpdate: boolean;
}

/** An error with which the engine keeps the resource in its state, marked as unfinished. */
export function unfinishedError(unfinished: Unfinished): ServiceError {
  const detail = new ErrorResourceInitFailed();
  const reasons = unfinished.reasons.map(shown);
  detail.setId(unfinished.id);
  detail.setProperties(unfinished.properties);
  detail.setInputs(unfinished.inputs);
  detail.setReasonsList(reasons);
  detail.setRefreshBeforeUpdate(unfinished.refreshBeforeUpdate);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const message = reasons.join("\n");
  const state = new Status();
  state.setCode(status.UNKNOWN);
  state.setMessage(message);
  state.addDetails(any);
  // Where gRPC keeps structured details; the engine's own library reads them there.
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(state.serializeBinary()));
  return rpcError(status.UNKNOWN, message, metadata);
}

const DEFECTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Whether an error is a mistake in this program rather than something it found. */
export function isDefect(error: unknown): error is Error {
  return DEFECTS.some((kind) => error instanceof kind);
}
