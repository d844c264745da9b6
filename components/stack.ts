import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../resources/config";
import { Namespace } from "../resources/namespace";
import type { Network } from "../resources/network";
import type { Secret } from "../resources/secret";
import { Service, type ServiceArgs } from "../resources/service";
import type { StackDeclaration } from "../stack-files/declaration";
import { isError, loadStack } from "../stack-files/load";
import { renderFinding, type Finding } from "../stack-files/finding";
import type { Cluster } from "./cluster";
import { endpointsOn, onCluster } from "./on-cluster";
import { adopted, type StackArgs, type StackResourceArgs } from "./stack-args";
import { bindingFindings } from "./stack-bindings";
import { StackObjects, type StackMaking } from "./stack-objects";
import { published, withNames } from "./stack-services";

/** What its type was called in the states of earlier versions. */
const formerly: pulumi.ComponentResourceOptions = { aliases: [{ type: "swarm:components:Stack" }] };

/**
 * A stack as files for `docker stack deploy` declare it.
 *
 * ```ts
 * const shop = new Stack("shop", cluster, { files: ["stacks/shop.yml"], secrets: { password: { generate: 32 } } });
 * shop.services.web;
 * ```
 * What is made for the key `web` of the files is named `shop.web`: the name of a stack has no dot, so no two stacks have
 * a name in common, and a service, a network, a secret and a config of one key differ in their type.
 * @see https://docs.docker.com/reference/compose-file/legacy-versions/
 */
export class Stack extends pulumi.ComponentResource {
  /** By key of the files. */
  readonly services: Readonly<Record<string, Service>>;
  /** Networks of the stack's own, and those of the program that are bound to external ones, by key of the files. */
  readonly networks: Readonly<Record<string, Network>>;
  /** Likewise. */
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Likewise. */
  readonly configs: Readonly<Record<string, Config>>;
  /** URLs of the TCP ports that the routing mesh publishes, by port and then by node. */
  readonly endpoints: pulumi.Output<string[]>;
  readonly #cluster: Cluster;
  readonly #args: StackArgs;
  /** Ports that the services were made with. */
  readonly #ports = new Set<number>();

  /** @throws pulumi.RunError that lists everything wrong with the files and with what is bound, before anything is made */
  constructor(
    name: string,
    cluster: Cluster,
    args: StackArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("swarm:index:Stack", name, {}, pulumi.mergeOptions(formerly, opts));
    this.#cluster = cluster;
    this.#args = args;
    const declaration = this.#load(name);
    const making = this.#making(name, declaration);
    const objects = new StackObjects(making);
    this.networks = objects.networks;
    this.secrets = objects.secrets;
    this.configs = objects.configs;
    this.services = this.#services(making, objects);
    if (args.namespace !== false) this.#namespace(name, objects);
    this.endpoints = this.#endpoints();
    this.registerOutputs({ endpoints: this.endpoints });
  }

  /** What the files declare; warnings are shown. */
  #load(name: string): StackDeclaration {
    const { declaration, findings, fromProcess } = loadStack({ name, ...this.#args });
    const bound = declaration === undefined ? [] : bindingFindings(declaration, this.#args);
    const all: readonly Finding[] = [...findings, ...bound];
    const errors = all.filter(isError).map((finding) => `\n  ${renderFinding(finding)}`);
    if (errors.length > 0 || declaration === undefined)
      throw new pulumi.RunError(
        `stack ${name} cannot be used; nothing was made.${errors.join("")}`,
      );
    for (const finding of all) void pulumi.log.warn(renderFinding(finding), this);
    for (const variable of fromProcess)
      void pulumi.log.info(
        `${variable} was taken from the environment of this process. Write it under variables to have it everywhere.`,
        this,
      );
    return declaration;
  }

  #making(name: string, declaration: StackDeclaration): StackMaking {
    const { transform } = this.#args;
    return {
      cluster: this.#cluster,
      declaration,
      args: this.#args,
      parent: this,
      resourceName: (key) => `${name}.${key}`,
      transformed: <Kind extends keyof StackResourceArgs>(
        kind: Kind,
        key: string,
        args: StackResourceArgs[Kind],
      ) => (transform === undefined ? args : transform(args, { kind, key })),
    };
  }

  /** Each after those that it depends on, which are healthy, or have ended well, by then. */
  #services(making: StackMaking, objects: StackObjects): Record<string, Service> {
    const { services } = making.declaration;
    const made: Record<string, Service> = {};
    const make = (key: string): Service[] => {
      const declared = services[key];
      if (declared === undefined) return [];
      const before = Object.keys(declared.dependsOn).flatMap(make);
      return [(made[key] ??= this.#service(making, objects, key, declared.args, before))];
    };
    for (const key of Object.keys(services)) make(key);
    return made;
  }

  #service(
    making: StackMaking,
    objects: StackObjects,
    key: string,
    declared: ServiceArgs,
    before: readonly Service[],
  ): Service {
    const { imageRefresh } = this.#args;
    const args = making.transformed("service", key, {
      ...declared,
      ...(imageRefresh === undefined ? {} : { imageRefresh }),
      ...(adopted(this.#args).services ? { adopt: true } : {}),
    });
    for (const port of published(args)) this.#ports.add(port);
    const options = { ...onCluster(this.#cluster, ...before), parent: this };
    return new Service(making.resourceName(key), withNames(args, objects), options);
  }

  /** What else is under the stack's name, and what must be there: looked at when all else is made. */
  #namespace(name: string, { own, externals, ...objects }: StackObjects): void {
    const { prune } = this.#args;
    const services = Object.values(this.services);
    const made = [objects.networks, objects.secrets, objects.configs].flatMap(
      (of: Readonly<Record<string, pulumi.Resource>>) => Object.values(of),
    );
    new Namespace(
      name,
      {
        name,
        services: services.map((service) => service.name),
        ...own,
        ...(externals.length === 0 ? {} : { externals: [...externals] }),
        ...(prune === undefined ? {} : { prune }),
      },
      { parent: this, provider: this.#cluster.provider, dependsOn: [...services, ...made] },
    );
  }

  #endpoints(): pulumi.Output<string[]> {
    const ports = [...this.#ports].sort((a, b) => a - b);
    return pulumi
      .all(ports.map((port) => endpointsOn(this.#cluster, port)))
      .apply((urls) => urls.flat());
  }
}
