import { CreateRequest, ReadRequest, UpdateRequest } from "@pulumi/pulumi/proto/provider_pb";
import type { Environment } from "../../../../cluster/environment";
import { Traffic } from "../../../../hosts/traffic";
import { EngineLog } from "../../../../provider/adapter/engine-log";
import { create, read, update } from "../../../../provider/adapter/lifecycle";
import { Session } from "../../../../provider/adapter/session";
import { decode, encode } from "../../../../provider/adapter/wire";
import type { Properties } from "../../../../provider/adapter/wire";
import { configType } from "../../../../provider/config/config";
import { serviceType } from "../../../../provider/service/service";
import { FakeSwarm } from "../fake-swarm";

// What the swarm is asked for in one run, and what a run sees of changes by hand.

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const COUNT = 50;
const nameOf = (number: number): string => `web-${number}`;
const declared = (number: number): Properties => ({
  name: nameOf(number),
  image: "busybox:1",
  replicas: 1,
});
const urnOf = (token: string, name: string): string => `urn:pulumi:dev::shop::${token}::${name}`;

/** A swarm with services, a network and a config, and the plugin's process. */
function plugin() {
  const swarm = new FakeSwarm();
  swarm.addNetwork("front");
  swarm.addPayload("configs", "motd", "hello", {});
  for (let number = 0; number < COUNT; number++)
    swarm.addService({
      Name: nameOf(number),
      Mode: { Replicated: { Replicas: 1 } },
      TaskTemplate: { ContainerSpec: { Image: "busybox:1" } },
    });
  const session = new Session([serviceType, configType], new EngineLog(undefined));
  return { swarm, session };
}

/** What the engine does at the beginning of a preview, and again of an update. */
function configure(session: Session, swarm: FakeSwarm): void {
  const { machines, ...context } = swarm.run();
  Object.assign(machines, { traffic: new Traffic() });
  const environment = { ...context, machines, secrets: [], roles: new Map() };
  session.configure(environment as unknown as Environment, "id");
  swarm.lists.length = 0;
}

/** Replicas of a service, as the engine is told on its question. */
async function replicas(session: Session, number: number): Promise<unknown> {
  const request = new ReadRequest();
  request.setUrn(urnOf("swarm:index:Service", nameOf(number)));
  request.setId(`id-${nameOf(number)}`);
  request.setInputs(encode(declared(number)));
  request.setProperties(encode(declared(number)));
  return decode((await read(session, request)).getProperties()).value.replicas;
}

/** Somebody else's `docker service scale`. */
function scale(swarm: FakeSwarm, number: number, to: number): void {
  const spec = swarm.service(nameOf(number))?.Spec;
  if (spec !== undefined) spec.Mode = { Replicated: { Replicas: to } };
}

const motd = { name: "motd", value: "hello", keep: 0, previous: [] };

async function label(session: Session, options: { readonly preview: boolean }): Promise<void> {
  const request = new UpdateRequest();
  request.setUrn(urnOf("swarm:index:Config", "motd"));
  request.setId("id-motd");
  request.setPreview(options.preview);
  request.setOlds(encode(motd));
  request.setNews(encode({ ...motd, labels: { team: "shop" } }));
  await update(session, request);
}

async function previewCreation(session: Session): Promise<void> {
  const request = new CreateRequest();
  request.setUrn(urnOf("swarm:index:Service", "new"));
  request.setPreview(true);
  request.setProperties(encode({ name: "new", image: "busybox:1" }));
  await create(session, request);
}

function passMinutes(minutes: number): void {
  jest.setSystemTime(Date.now() + minutes * 60_000);
}

test("a preview asks once for each list, however many services and however slow it is", async () => {
  const { swarm, session } = plugin();
  configure(session, swarm);
  for (let number = 0; number < COUNT; number++) {
    expect(await replicas(session, number)).toBe(1);
    passMinutes(10);
  }
  await previewCreation(session);
  await label(session, { preview: true });
  passMinutes(10);
  await replicas(session, 0);
  expect(swarm.lists.filter((path) => path === "/services")).toHaveLength(1);
  expect(swarm.lists.filter((path) => path === "/networks")).toHaveLength(1);
  expect(swarm.lists.filter((path) => path.startsWith("/services/"))).toEqual([]);
  expect(swarm.writes).toEqual([]);
});

test("a change by hand between two runs shows in the second", async () => {
  const { swarm, session } = plugin();
  configure(session, swarm);
  expect(await replicas(session, 7)).toBe(1);
  scale(swarm, 7, 3);
  const { session: next } = plugin();
  configure(next, swarm);
  expect(await replicas(next, 7)).toBe(3);
});

test("a change by hand between the preview and the writing shows, also where one process serves both", async () => {
  const { swarm, session } = plugin();
  configure(session, swarm);
  expect(await replicas(session, 7)).toBe(1);
  scale(swarm, 7, 3);
  // All of a preview is of one moment.
  expect(await replicas(session, 7)).toBe(1);
  configure(session, swarm);
  expect(await replicas(session, 7)).toBe(3);
});

test("once something is written, of whatever noun, all is asked for anew, and again 3 s later", async () => {
  const { swarm, session } = plugin();
  configure(session, swarm);
  expect(await replicas(session, 7)).toBe(1);
  scale(swarm, 7, 3);
  await label(session, { preview: false });
  expect(swarm.writes).toEqual(["POST /configs/id-motd/update"]);
  expect(await replicas(session, 7)).toBe(3);
  scale(swarm, 7, 5);
  passMinutes(1);
  expect(await replicas(session, 7)).toBe(5);
});
