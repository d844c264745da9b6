/** Stands in for the engine and records what a program registers. Proves wiring: no diff, no behaviour. */
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** A resource as the engine was told of it. */
export interface Registered {
  readonly type: string;
  /** Types of the parents, then its own: `swarm:index:Cluster$swarm:index:Node`. */
  readonly path: string;
  /** Those marked as secrets are wrapped: `{ secret: value }`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of what it waits for, sorted. */
  readonly dependsOn: readonly string[];
  /** Name of the provider; empty for the default one. */
  readonly provider: string;
  readonly protect: boolean;
  readonly secretOutputs: readonly string[];
}

/** What a provider adds to the inputs of a resource. */
export type Answer = (inputs: Record<string, unknown>) => object;

/** What the providers would answer. */
const answers: Readonly<Record<string, Answer>> = {
  "swarm:index:LabServices": () => ({
    registryMirror: "http://198.51.100.1:5000",
    repository: "http://198.51.100.1:8000",
  }),
  "swarm:index:LabMachine": ({ host }) => ({ address: `198.51.100.${String(host).slice(-1)}` }),
  "random:index/randomPassword:RandomPassword": () => ({ result: pulumi.secret("generated") }),
};

interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: unknown): Promise<void>;
}

/** Takes the engine's place for everything that is constructed from now on. */
export class Recorder {
  readonly #registered = new Map<string, Registered>();
  readonly #byType = new Map<string, Registered>();
  readonly #answers = { ...answers };
  #finished: Promise<void> | undefined;

  async start(): Promise<void> {
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        const given = inputs as Record<string, unknown>;
        return { id: `${name}-id`, state: { ...given, ...this.#answers[type]?.(given) } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    });
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = async (request, callback) => {
      const described = describe(request);
      this.#registered.set(request.getName(), described);
      this.#byType.set(`${request.getType()} ${request.getName()}`, described);
      return register(request, callback);
    };
  }

  /** Everything registered, by name, once nothing more is under way. */
  async all(): Promise<ReadonlyMap<string, Registered>> {
    this.#finished ??= pulumi.runtime.disconnect(); // waits for every registration first
    await this.#finished;
    return this.#registered;
  }

  /** Sets what the provider of a type answers. */
  answer(type: string, answer: Answer): void {
    this.#answers[type] = answer;
  }

  /** @param type - where several types have the name; the last one is meant otherwise */
  async find(name: string, type?: string): Promise<Registered> {
    const all = await this.all();
    const found = type === undefined ? all.get(name) : this.#byType.get(`${type} ${name}`);
    if (found === undefined)
      throw new Error(`nothing is named ${name}; there are ${[...all.keys()].sort().join(", ")}`);
    return found;
  }
}

/** The value of an output. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve as (value: unknown) => void);
  });
}

function describe(request: RegisterResourceRequest): Registered {
  const parent = request.getParent().split("::")[2];
  return {
    type: request.getType(),
    path: parent === undefined ? request.getType() : `${parent}$${request.getType()}`,
    inputs: readable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    dependsOn: request.getDependenciesList().map(nameOf).sort(),
    provider: nameOf(request.getProvider().replace(/::[^:]*$/, "")),
    protect: request.getProtect() === true,
    secretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

function nameOf(urn: string): string {
  return urn.split("::")[3] ?? "";
}

const signature = "4dabf18193072939515e22adb298388d"; // Pulumi's mark on special values

function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value) return { secret: readable((value as { value?: unknown }).value) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}
