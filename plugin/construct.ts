import { status } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { ConstructResponse, type ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { setAllConfig } from "@pulumi/pulumi/runtime/config";
import { resetOptions } from "@pulumi/pulumi/runtime/settings";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { rpcError } from "../provider/adapter/rpc-error";
import { clusterComponent } from "./cluster";
import type { Clusters } from "./clusters";
import type { MadeComponent } from "./component";
import { inputsOf } from "./inputs";
import { optionsOf } from "./options";
import { untilRejected } from "./rejections";
import { awaitFeatureSupport, waitForRPCs, withLocalStorage } from "./sdk";
import { stackComponent } from "./stack";
import { urnOf } from "./urn";

const components = [clusterComponent, stackComponent];

/**
 * The engine's Construct: makes a component in the engine's name, as a program in TypeScript would, and answers when
 * all that belongs to it is there.
 *
 * @throws a gRPC error with a text for the user
 */
export async function construct(
  request: ConstructRequest,
  engineAddress: string,
  clusters: Clusters,
): Promise<ConstructResponse> {
  const component = components.find(({ token }) => token === request.getType());
  if (component === undefined) {
    const known = components.map(({ token }) => token).join(", ");
    const message = `component: got "${request.getType()}"; expected one of ${known}`;
    throw rpcError(status.NOT_FOUND, message);
  }
  try {
    return await withLocalStorage(async () =>
      untilRejected(async () => {
        await enter(request, engineAddress);
        const inputs = inputsOf(request);
        const options = optionsOf(request, inputs.origins);
        const made = await component.make(request.getName(), inputs, options, clusters);
        const response = await responseOf(made);
        await waitForRPCs();
        return response;
      }),
    );
  } catch (error) {
    throw rpcError(status.UNKNOWN, error instanceof Error ? error.message : String(error));
  }
}

/** What a language host tells the SDK of the run, told for this component alone. */
async function enter(request: ConstructRequest, engineAddress: string): Promise<void> {
  resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engineAddress,
    request.getMonitorendpoint(),
    request.getDryrun(),
    request.getOrganization(),
  );
  await awaitFeatureSupport();
  const config = Object.fromEntries(request.getConfigMap().entries());
  setAllConfig(config, request.getConfigsecretkeysList());
}

async function responseOf({ resource, outputs }: MadeComponent): Promise<ConstructResponse> {
  const response = new ConstructResponse();
  response.setUrn(await urnOf(resource));
  const [state, origins] = await pulumi.runtime.serializeResourceProperties("construct", {
    ...outputs,
  });
  for (const [key, resources] of origins) {
    const urns = new ConstructResponse.PropertyDependencies();
    urns.setUrnsList(await Promise.all([...resources].map(urnOf)));
    response.getStatedependenciesMap().set(key, urns);
  }
  response.setState(Struct.fromJavaScript(state as Record<string, JavaScriptValue>));
  return response;
}
