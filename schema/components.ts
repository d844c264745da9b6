import { join } from "node:path";
import { stackInputsSchema } from "../components/stack-settings";
import type { ComponentsSchema } from "../provider/adapter/components";
import { SchemaTypes, type JsonSchema, type PulumiObject } from "../provider/adapter/schema-types";
import { clusterSchema } from "../settings/schema";
import { Declarations } from "./declarations";
import { describe, jsonOf, type Json } from "./describe";

/** Where the arguments of the components are declared. */
const FILES = ["components/cluster-args.ts", "components/stack-args.ts"];

/** What nobody may read in a state, wherever it stands. */
const SECRETS = new Set(["privateKey", "passphrase", "password", "sudoPassword", "caKey"]);

const text = (description: string): Json => ({ type: "string", description });

const names = (description: string): Json => ({
  type: "object",
  additionalProperties: { type: "string" },
  description,
});

const clusterOutputs: Json = {
  clusterId: text("Docker's id of the swarm."),
  nodes: {
    type: "object",
    description: "The nodes by host name.",
    additionalProperties: {
      type: "object",
      title: "ClusterNode",
      properties: {
        role: text("`manager` or `worker`."),
        address: text("How the machine is reached from here."),
      },
      required: ["role", "address"],
    },
  },
};

const stackOutputs: Json = {
  endpoints: {
    type: "array",
    items: { type: "string" },
    description: "URLs of the TCP ports that the routing mesh publishes, by port and then by node.",
  },
  services: names("Names of the services in Docker, by key of the files."),
  networks: names("Names of the networks in Docker, by key of the files."),
  secrets: names("Names of the secrets in Docker, by key of the files."),
  configs: names("Names of the configs in Docker, by key of the files."),
};

/**
 * The components' part of the schema: the shapes are those that the plugin checks, the descriptions are the doc comments
 * of the arguments.
 *
 * @param root - folder of this project
 */
export function componentsSchema(root: string): ComponentsSchema {
  const declarations = new Declarations(FILES.map((file) => join(root, file)));
  const types = new SchemaTypes({});
  const inputsOf = (noun: string, json: Json): PulumiObject => {
    const title = (name: string): string => {
      const word = name.replace(/Args$/, "");
      return word.startsWith(noun) ? word : `${noun}${word}`;
    };
    describe(json, declarations.propertiesOf(`${noun}Args`), declarations, title);
    markSecrets(json);
    return types.objectIn(json, noun);
  };
  const outputsOf = (noun: string, properties: Json): PulumiObject =>
    types.objectIn({ type: "object", properties } as JsonSchema, noun);
  const stack = inputsOf("Stack", jsonOf(stackInputsSchema));
  return {
    resources: {
      "swarm:index:Cluster": componentOf(
        "A swarm from its machines up: they are prepared, and joined.",
        inputsOf("Cluster", jsonOf(clusterSchema)),
        outputsOf("Cluster", clusterOutputs).properties,
      ),
      "swarm:index:Stack": componentOf(
        "The services, networks, secrets and configs of files for `docker stack deploy`.",
        {
          ...stack,
          properties: {
            ...stack.properties,
            cluster: {
              $ref: "#/resources/swarm:index:Cluster",
              description: "The swarm that it runs on.",
            },
          },
          required: [...stack.required, "cluster"].sort(),
        },
        outputsOf("Stack", stackOutputs).properties,
      ),
    },
    types: types.named,
  };
}

function componentOf(
  description: string,
  { properties, required }: PulumiObject,
  outputs: PulumiObject["properties"],
): object {
  return {
    isComponent: true,
    description,
    inputProperties: properties,
    requiredInputs: required,
    properties: outputs,
    required: Object.keys(outputs).sort(),
  };
}

function markSecrets(json: unknown): void {
  if (typeof json !== "object" || json === null) return;
  for (const [key, part] of Object.entries((json as Json).properties ?? {}))
    if (SECRETS.has(key)) (part as Json).secret = true;
  for (const part of Object.values(json)) markSecrets(part);
}
