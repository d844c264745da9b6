import type { ContainerInspectResponse } from "@docker/node-sdk";
import { Readable } from "node:stream";
import { EngineError } from "../../../hosts/engine";
import { Registries } from "../../../cluster/registries";
import { Run } from "../../../cluster/run";
import type { Context } from "../../../provider/context";
import type { Tree } from "../../../provider/fields/paths";

interface Asked {
  readonly query?: Tree;
  readonly body?: Tree;
}

/** One container as the fake keeps it. */
interface Kept {
  readonly id: string;
  name: string;
  readonly body: Tree;
  readonly host: Tree;
  networks: Record<string, Tree>;
  state: Tree;
  restarts: number;
}

/** What the image of every container says. */
const imageConfig = {
  Env: ["A=image", "B=image", "PATH=/bin"],
  Cmd: ["sleep", "1000"],
  Labels: { from: "image" },
  WorkingDir: "/home",
  StopSignal: "SIGQUIT",
  ExposedPorts: { "80/tcp": {} },
  Volumes: { "/data": {} },
};

const repository = "docker.io/library/app";

/**
 * The engine of one host, in memory, which does what it is told at once. What it answers of a container has what the
 * image says and what an engine fills in, as Docker 26.1.5 does.
 */
export class FakeHost {
  readonly containers = new Map<string, Kept>();
  /** Every call that changes something: `POST /containers/c1/start`, with its query and body. */
  readonly writes: { readonly call: string; readonly query: Tree; readonly body: Tree }[] = [];
  readonly said: string[] = [];
  /** What a container does when it is started. */
  outcome: Tree = { Status: "running", Running: true };
  /** What a container has written. */
  log = "";
  digest = "sha256:2222";
  version = "26.1.5";
  /** Fails this call, once. */
  fails: RegExp | undefined;
  private pulled = new Set<string>();
  private count = 0;

  run(scrub: (text: string) => string = (text) => text): Context {
    const engine = {
      host: "h1",
      request: (...asked: Parameters<FakeHost["answer"]>) =>
        Promise.resolve().then(() => this.answer(...asked)),
      stream: (...asked: Parameters<FakeHost["answer"]>) =>
        Promise.resolve().then(() => this.stream(...asked)),
      version: () => Promise.resolve({ Version: this.version }),
    };
    const say = (text: string): void => {
      this.said.push(text);
    };
    return {
      machines: {
        names: ["h1"],
        has: (name: string) => name === "h1",
        get: () => ({ engine: () => engine }),
      },
      run: new Run(),
      registries: new Registries({}),
      isReplacement: false,
      scrub,
      signal: new AbortController().signal,
      progress: () => undefined,
      info: say,
      warn: say,
      warnOnce: say,
    } as unknown as Context;
  }

  calls(): string[] {
    return this.writes.map(({ call }) => call);
  }

  /** Makes a container as somebody else does. */
  add(name: string, body: Tree): Kept {
    this.count += 1;
    const id = String(this.count).repeat(64).slice(0, 64);
    const host = (body.HostConfig ?? {}) as Tree;
    const endpoints = (body.NetworkingConfig ?? {}) as { EndpointsConfig?: Record<string, Tree> };
    const mode = (host.NetworkMode ?? "bridge") as string;
    const kept: Kept = {
      id,
      name,
      body,
      host: { ...host },
      networks: endpoints.EndpointsConfig ?? { [mode]: {} },
      state: { Status: "created", Running: false, ExitCode: 0, StartedAt: "0001-01-01T00:00:00Z" },
      restarts: 0,
    };
    this.containers.set(id, kept);
    return kept;
  }

  start(kept: Kept): void {
    this.count += 1;
    kept.state = { ExitCode: 0, StartedAt: `2026-01-01T00:00:${this.count}Z`, ...this.outcome };
  }

  named(name: string): Kept {
    const found = [...this.containers.values()].find((one) => one.name === name);
    if (found === undefined) throw new Error(`no container ${name}`);
    return found;
  }

  private stream(method: string, path: string, asked: Asked = {}): Readable {
    if (path === "/images/create") {
      this.writes.push({ call: `${method} ${path}`, query: asked.query ?? {}, body: {} });
      this.pulled.add(String(asked.query?.fromImage));
      return Readable.from([Buffer.from('{"status":"Pulling"}\n')]);
    }
    return Readable.from([Buffer.from(this.log)]);
  }

  private answer(method: string, path: string, asked: Asked = {}): unknown {
    const call = `${method} ${path}`;
    if (method !== "GET") {
      if (this.fails?.test(call) === true) {
        this.fails = undefined;
        throw new EngineError("h1", call, 500, "the call was cut");
      }
      this.writes.push({ call, query: asked.query ?? {}, body: asked.body ?? {} });
    }
    const [, kind = "", id = "", verb] = path.split("/").map(decodeURIComponent);
    if (kind === "distribution") return { Descriptor: { digest: this.digest }, Platforms: [] };
    if (kind === "images") return this.answerImage(id);
    if (kind === "networks") {
      this.answerNetwork(id, verb, asked.body ?? {});
      return undefined;
    }
    if (path === "/containers/json")
      return [...this.containers.values()].map((one) => ({ Id: one.id, Names: [`/${one.name}`] }));
    if (path === "/containers/create")
      return { Id: this.add(String(asked.query?.name), asked.body ?? {}).id, Warnings: null };
    const kept = this.containers.get(id);
    if (kept === undefined) throw new EngineError("h1", call, 404, `No such container: ${id}`);
    return this.answerContainer(method, kept, verb, asked);
  }

  private answerImage(name: string): unknown {
    const isKnown = name === "sha256:image" || this.pulled.has(name);
    if (!isKnown) throw new EngineError("h1", "GET /images", 404, `No such image: ${name}`);
    return structuredClone({
      Id: "sha256:image",
      Config: imageConfig,
      RepoDigests: [`${repository}@${this.digest}`],
    });
  }

  private answerNetwork(name: string, verb: string | undefined, body: Tree): void {
    const kept = this.containers.get(String(body.Container));
    if (kept === undefined) throw new EngineError("h1", "POST /networks", 404, "No such container");
    if (verb === "connect") kept.networks[name] = (body.EndpointConfig ?? {}) as Tree;
    else Reflect.deleteProperty(kept.networks, name);
  }

  private answerContainer(
    method: string,
    kept: Kept,
    verb: string | undefined,
    { query = {}, body = {} }: Asked,
  ): unknown {
    if (method === "DELETE") {
      this.containers.delete(kept.id);
      return undefined;
    }
    if (verb === "json") return structuredClone(this.inspected(kept));
    if (verb === "start") this.start(kept);
    if (verb === "stop") kept.state = { ...kept.state, Status: "exited", Running: false };
    if (verb === "rename") kept.name = String(query.name);
    if (verb === "update") {
      const said = Object.entries(body).filter(
        ([key, value]) => key === "PidsLimit" || value !== 0,
      );
      Object.assign(kept.host, Object.fromEntries(said));
      return { Warnings: null };
    }
    return undefined;
  }

  /** @see https://github.com/moby/moby/blob/v26.1.5/daemon/commit.go (`merge`) */
  private inspected(kept: Kept): ContainerInspectResponse {
    const { body, host, id } = kept;
    const config = { ...body, HostConfig: undefined, NetworkingConfig: undefined } as Tree;
    const own = new Set(((config.Env ?? []) as string[]).map((line) => line.split("=", 1)[0]));
    const env = imageConfig.Env.filter((line) => !own.has(line.split("=", 1)[0]));
    const memory = Number(host.Memory ?? 0);
    return {
      Id: id,
      Name: `/${kept.name}`,
      Image: "sha256:image",
      RestartCount: kept.restarts,
      State: kept.state,
      Config: {
        Hostname: id.slice(0, 12),
        ...imageConfig,
        ...config,
        Cmd: config.Cmd ?? (config.Entrypoint === undefined ? imageConfig.Cmd : null),
        Env: [...((config.Env ?? []) as string[]), ...env],
        Labels: { ...imageConfig.Labels, ...(config.Labels ?? {}) },
      },
      HostConfig: {
        NetworkMode: "bridge",
        ShmSize: 67108864,
        Runtime: "runc",
        IpcMode: "private",
        CgroupnsMode: "host",
        CapAdd: null,
        PidsLimit: null,
        MemorySwappiness: null,
        ...host,
        MemorySwap: host.MemorySwap ?? 2 * memory,
        LogConfig: { Type: "json-file", Config: {}, ...(host.LogConfig ?? {}) },
        RestartPolicy: {
          Name: "no",
          MaximumRetryCount: 0,
          ...(host.RestartPolicy ?? {}),
        },
      },
      NetworkSettings: { Ports: {}, Networks: kept.networks },
      Mounts: [{ Type: "volume", Name: "f".repeat(64), Destination: "/data" }],
    } as unknown as ContainerInspectResponse;
  }
}
