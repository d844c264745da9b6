import { containerCases } from "../../container-cases/cases";
import type { ContainerInputs, ContainerState } from "../../../provider/container/arguments";
import { findingOf } from "../../../provider/container/consequences";
import { containerType } from "../../../provider/container/container";
import type { Context } from "../../../provider/context";
import { lineOf } from "../../../consequences/lines";
import type { PartialFailure } from "../../../provider/resource";
import { UNKNOWN } from "../../../provider/value";
import { FakeHost } from "./fake-host";

/** What is slept has passed: a look comes after the other at once. */
let slept = 0;

jest.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) => {
    slept += milliseconds;
    return Promise.resolve();
  },
}));

const now = Date.now.bind(Date);

beforeAll(() => {
  jest.spyOn(Date, "now").mockImplementation(() => now() + slept);
});

const base: ContainerInputs = { name: "proxy", host: "h1", image: "app:1" };

/** The arguments as `check` and `resolve` leave them. */
async function asked(
  context: Context,
  news: ContainerInputs,
  olds?: ContainerInputs,
): Promise<ContainerInputs> {
  const request = { news, olds, name: "proxy", randomSeed: new Uint8Array() };
  const checked = containerType.check?.(request, context);
  const resolved = await containerType.resolve?.(
    { ...request, news: checked?.inputs ?? news },
    context,
  );
  expect([...(checked?.failures ?? []), ...(resolved?.failures ?? [])]).toEqual([]);
  return resolved?.inputs ?? news;
}

async function make(
  host: FakeHost,
  more: ContainerInputs = {},
): Promise<{ news: ContainerInputs; id: string; state: ContainerState; context: Context }> {
  const context = host.run();
  const news = await asked(context, { ...base, ...more });
  return { ...(await containerType.create(context, news)), news, context };
}

async function read(host: FakeHost, id: string, inputs: ContainerInputs): Promise<ContainerState> {
  const known = { inputs, state: {} as ContainerState };
  const found = await containerType.read(host.run(), id, known);
  if (found === undefined) throw new Error(`no container ${id}`);
  return found.state;
}

const diff = (old: ContainerState, news: ContainerInputs) =>
  containerType.diff({ id: "", oldInputs: {}, old, news }).changes;

const refused = async (act: Promise<unknown>): Promise<PartialFailure> =>
  act.then(
    () => {
      throw new Error("it was not refused");
    },
    (error: unknown) => error as PartialFailure,
  );

describe("every property of a container", () => {
  it.each(Object.entries(containerCases))(
    "%s: made as declared, shown where it changes, and then there is nothing to do",
    async (_name, { from, to, changes }) => {
      const host = new FakeHost();
      const { id, news, state } = await make(host, from);
      const old = await read(host, id, news);
      expect(diff(old, news)).toEqual({});
      const next = await asked(host.run(), { ...base, ...to }, news);
      expect(diff(old, next)).toEqual(changes);
      if (Object.values(changes).some((kind) => kind.endsWith("-replace"))) return;
      const before = host.named("proxy").state.StartedAt;
      const after = await containerType.update(host.run(), id, state, next);
      expect(diff(after, next)).toEqual({});
      expect(host.named("proxy").state.StartedAt).toBe(before);
    },
  );
});

describe("a container", () => {
  it("is made of the digest that its image's tag stands for, which its host fetches", async () => {
    const host = new FakeHost();
    const { state } = await make(host);
    expect(host.calls()).toEqual([
      "POST /images/create",
      "POST /containers/create",
      expect.stringMatching(/start$/),
    ]);
    expect(host.writes[0]?.query).toEqual({ fromImage: "app:1@sha256:2222" });
    expect(host.writes[1]?.query).toEqual({ name: "proxy" });
    expect(state).toMatchObject({ state: "running", imageDigest: "sha256:2222" });
  });

  it("is on one network when it is made, and on the others before it starts", async () => {
    const host = new FakeHost();
    await make(host, { networks: [{ target: "front", aliases: ["p"] }, { target: "back" }] });
    expect(host.writes[1]?.body).toMatchObject({
      HostConfig: { NetworkMode: "front" },
      NetworkingConfig: { EndpointsConfig: { front: { Aliases: ["p"] } } },
    });
    expect(host.calls().slice(2)).toEqual([
      "POST /networks/back/connect",
      expect.stringMatching(/start$/),
    ]);
  });

  it("that ended is started; one that somebody renamed gets its name back", async () => {
    const host = new FakeHost();
    const { id, news } = await make(host);
    const kept = host.named("proxy");
    kept.name = "other";
    kept.state = { Status: "exited", ExitCode: 137 };
    const old = await read(host, id, news);
    expect(old.state).toBe("exited (137)");
    expect(diff(old, news)).toEqual({ name: "update", state: "update" });
    const after = await containerType.update(host.run(), id, old, news);
    expect([after.name, after.state]).toEqual(["proxy", "running"]);
  });

  it("keeps the address that a manager gave it on a network of the swarm", async () => {
    const host = new FakeHost();
    const { id, news } = await make(host, { networks: [{ target: "front" }] });
    host.named("proxy").networks.front = { IPAMConfig: { IPv4Address: "10.0.1.5" } };
    expect(diff(await read(host, id, news), news)).toEqual({});
  });

  it("that was taken off its only network joins it again, and leaves none that it is not on", async () => {
    const host = new FakeHost();
    const { id, news } = await make(host, { networks: [{ target: "front" }] });
    host.named("proxy").networks = {};
    const old = await read(host, id, news);
    expect(diff(old, news)).toEqual({ networks: "add" });
    await containerType.update(host.run(), id, old, news);
    expect(host.calls().slice(3)).toEqual(["POST /networks/front/connect"]);
  });

  it("as a job is waited for, and not run again", async () => {
    const host = new FakeHost();
    host.outcome = { Status: "exited", ExitCode: 0 };
    const { id, news, state } = await make(host, { job: true });
    expect(state.state).toBe("complete");
    expect(diff(await read(host, id, news), news)).toEqual({});
    const next = { ...news, restartPolicy: { name: "on-failure" } };
    await containerType.update(host.run(), id, state, next);
    expect(host.calls().filter((call) => call.endsWith("/start"))).toHaveLength(1);
  });

  it("that fails is kept in the state, with the reason; its last lines are said once, without secrets", async () => {
    const host = new FakeHost();
    host.outcome = { Status: "exited", ExitCode: 3 };
    host.log = "one\nthe password is hunter22\u001b[2J\n";
    const context = host.run((text) => text.replaceAll("hunter22", "[secret]"));
    const news = await asked(context, base);
    const failure = await refused(containerType.create(context, news));
    expect(failure.id).toBe(`h1/${host.named("proxy").id}`);
    expect(failure.reasons.join()).toContain('container "proxy" on h1: it ended with exit code 3');
    expect(failure.reasons.join()).not.toContain("password");
    expect(failure.details).toContain("the password is [secret]");
    expect(failure.details).not.toContain("\u001b");
    expect(failure.state).toMatchObject({ state: "exited (3)" });
  });

  it("is sent both memory and swap, which Docker compares", async () => {
    const host = new FakeHost();
    const { id, news, state } = await make(host, { limits: { memory: "64M" } });
    await containerType.update(host.run(), id, state, { ...news, limits: { memory: "256M" } });
    const update = host.writes.find(({ call }) => call.endsWith("/update"));
    expect(update?.body).toEqual({ Memory: 256 * 1024 ** 2, MemorySwap: 512 * 1024 ** 2 });
  });

  it("goes after its stop signal, without its volumes, and says which stay", async () => {
    const host = new FakeHost();
    const { id, state, context } = await make(host);
    await containerType.delete(context, id, state);
    expect(host.writes.slice(-2).map(({ call }) => call.replace(/\/\d{64}/, ""))).toEqual([
      "POST /containers/stop",
      "DELETE /containers",
    ]);
    expect(host.writes.at(-1)?.query).toEqual({ v: false, force: false });
    expect(host.said.join()).toContain("f".repeat(64));
    await containerType.delete(host.run(), id, state);
  });

  it("is imported by its name, with what is not the image's", async () => {
    const host = new FakeHost();
    await make(host, { env: { C: "own" }, ports: [{ target: 80, published: 8080 }] });
    const found = await containerType.read(host.run(), "h1/proxy", undefined);
    expect(found?.id).toBe(`h1/${host.named("proxy").id}`);
    expect(found?.inputs).toEqual({
      name: "proxy",
      host: "h1",
      image: "app:1",
      env: { C: "own" },
      ports: [{ target: 80, published: 8080 }],
      state: "running",
    });
  });
});

describe("a run that was killed", () => {
  const networks = [{ target: "front" }, { target: "back" }];

  it.each([/start$/, /connect$/])("before %s is finished by the next", async (fails) => {
    const host = new FakeHost();
    host.fails = fails;
    await refused(make(host, { networks }));
    const { id, news } = await make(host, { networks });
    expect(host.containers.size).toBe(1);
    expect(diff(await read(host, id, news), news)).toEqual({});
  });
});

describe("a container of the same name", () => {
  const other = { Image: "app:1", Cmd: ["other"], HostConfig: {} };

  it("is refused where it differs, before anything is changed", async () => {
    const host = new FakeHost();
    host.add("proxy", other);
    const context = host.run();
    const request = { news: base, olds: undefined, name: "proxy", randomSeed: new Uint8Array() };
    const resolved = await containerType.resolve?.(request, context);
    expect(resolved?.failures).toEqual([
      {
        path: "name",
        reason: expect.stringMatching(/free on h1: .* differs in command/) as string,
      },
    ]);
    expect((await refused(containerType.create(context, base))).message).toContain("adopt: true");
    expect(host.calls()).toEqual([]);
  });

  it("is taken over where it is as declared, whatever started it", async () => {
    const host = new FakeHost();
    host.add("proxy", { Image: "app:1", HostConfig: {} });
    const request = { news: base, olds: undefined, name: "proxy", randomSeed: new Uint8Array() };
    expect((await containerType.resolve?.(request, host.run()))?.failures).toEqual([]);
    expect(host.said).toEqual(['container "proxy" on h1 exists already: taken over as it is']);
    const { id } = await make(host);
    expect(id).toBe(`h1/${host.named("proxy").id}`);
    expect(host.said).toContain('container "proxy" on h1 exists already: taken over.');
  });

  it("with adopt stops, and a new one starts", async () => {
    const host = new FakeHost();
    const first = host.add("proxy", other);
    const { id } = await make(host, { adopt: true });
    expect(id).not.toBe(`h1/${first.id}`);
    expect(host.containers.size).toBe(1);
    expect(host.said[0]).toMatch(
      /taken over; changes: .*command.*; it stops, and a new one starts$/,
    );
  });
});

describe("arguments that cannot work", () => {
  const told = (news: ContainerInputs): string[] => {
    const request = {
      news: { ...base, ...news },
      olds: undefined,
      name: "x",
      randomSeed: new Uint8Array(),
    };
    const { failures = [] } = containerType.check?.(request, new FakeHost().run()) ?? {};
    return failures.map(({ path }) => path);
  };

  it.each<[string, ContainerInputs]>([
    ["host", { host: "h9" }],
    ["restartPolicy.name", { job: true, restartPolicy: { name: "always" } }],
    [
      "restartPolicy.maximumRetryCount",
      { restartPolicy: { name: "always", maximumRetryCount: 3 } },
    ],
    ["stopGracePeriod", { stopGracePeriod: "1500ms" }],
    ["networks[0].target", { networks: [{ target: "host" }, { target: "front" }] }],
    ["ports", { networks: [{ target: "host" }], ports: [{ target: 80, published: 80 }] }],
    ["networks[0].aliases", { networks: [{ target: "bridge", aliases: ["x"] }] }],
    ["limits.memory", { limits: { memory: "5M" } }],
    ["limits.memorySwap", { limits: { memorySwap: "1G" } }],
    ["mounts[0].source", { mounts: [{ type: "bind", source: "data", target: "/data" }] }],
    [
      "ports[1]",
      {
        ports: [
          { target: 80, published: 80 },
          { target: 81, published: 80 },
        ],
      },
    ],
    ["envUnset[0]", { env: { A: "1" }, envUnset: ["A"] }],
  ])("%s is refused", (path, news) => {
    expect(told(news)).toEqual([path]);
  });

  it("is refused where the host's engine is too old for it", async () => {
    const news: ContainerInputs = {
      ...base,
      mounts: [{ type: "image", source: "app", target: "/a" }],
    };
    const request = { news, olds: undefined, name: "x", randomSeed: new Uint8Array() };
    const resolved = await containerType.resolve?.(request, new FakeHost().run());
    expect(resolved?.failures.map(({ path }) => path)).toEqual(["mounts[0].type"]);
  });

  it("may be unknown yet", () => {
    expect(told({ host: UNKNOWN, stopGracePeriod: UNKNOWN, networks: UNKNOWN as never })).toEqual(
      [],
    );
  });
});

describe("what a preview says", () => {
  const old: ContainerState = { ...base, state: "running", containerId: "c", publishedPorts: [] };
  const said = (news: ContainerInputs, before?: ContainerState, isReplacement = false) => {
    const finding = findingOf({ ...base, state: "running", ...news }, before, isReplacement);
    return finding === undefined ? undefined : lineOf(finding);
  };

  it("is what happens to the container", () => {
    expect(said({})).toBeUndefined();
    expect(said({}, undefined, true)).toBe(
      "container proxy on h1 is replaced: it stops and starts",
    );
    expect(said({ limits: { memory: "64M" } }, old)).toBe(
      "container proxy on h1: nothing restarts (limits.memory only)",
    );
    expect(said({}, { ...old, state: "exited (1)" })).toBe("container proxy on h1 is started");
    expect(said({ networks: [{ target: "front" }] }, old)).toBe(
      "container proxy on h1 leaves bridge and joins front, and goes on running",
    );
  });

  it("is that it comes back where its network is replaced under it", () => {
    const on = { ...old, networks: [{ target: "front" }] };
    const news = { ...base, state: "running" as const, networks: UNKNOWN as never };
    expect(diff(on, news)).toEqual({ networks: "update-replace" });
  });
});
