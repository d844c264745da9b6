import { InvokeResponse, type InvokeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { status } from "@grpc/grpc-js";
import type { AnyFunctionType } from "../types";
import { toFailure } from "./check";
import { rpcError } from "./rpc-error";
import { secretStrings } from "./secrecy";
import type { Session } from "./session";
import { validate } from "./validate";
import { decode, encode, OPEN } from "./wire";

/** The engine's Invoke: a question, of which everything wrong is answered at once. */
export async function invoke(
  session: Session,
  functions: readonly AnyFunctionType[],
  request: InvokeRequest,
): Promise<InvokeResponse> {
  const type = functions.find(({ token }) => token === request.getTok());
  if (type === undefined) {
    const known = functions.map(({ token }) => token).join(", ");
    const message = `function: got "${request.getTok()}"; expected one of ${known}`;
    throw rpcError(status.NOT_FOUND, message);
  }
  const args = decode(request.getArgs());
  const { inputs, failures } = validate(type.inputs, args);
  const response = new InvokeResponse();
  if (failures.length > 0) {
    response.setFailuresList(failures.map(toFailure));
    return response;
  }
  const call = { urn: "", what: "invoke", timeout: 0, sources: [args] };
  const found = await session.perform(call, async (context) => {
    if (context.roles.size === 0) throw new Error(noHosts);
    return type.invoke(context, inputs);
  });
  // What was asked for in secret comes back as one.
  const values = secretStrings(args);
  response.setReturn(encode(found, { ...OPEN, values }));
  return response;
}

const noHosts =
  "the provider knows no hosts, and so no swarm that could be asked; expected a provider with hosts, given as the " +
  "option `provider`, or hosts in the configuration (swarm:hosts)";
