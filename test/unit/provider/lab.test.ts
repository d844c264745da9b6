import type { Context } from "../../../provider/context";
import { labMachineType } from "../../../lab-provider/lab-machine";
import { labServicesType } from "../../../lab-provider/lab-services";

// The pure parts; what a boot, a power cut and a removal really do is shown by the story on the lab.

const machine = { host: "a", memory: "1536MiB", running: true, address: "198.18.0.11" };
const wanted = { host: "a", memory: "1536MiB", running: true };

test.each([
  ["nothing", machine, wanted, {}],
  ["the same memory in other words", machine, { ...wanted, memory: "1.5g" }, {}],
  ["more memory", machine, { ...wanted, memory: "2GiB" }, { memory: "update" }],
  ["not running", { ...machine, running: false }, wanted, { running: "update" }],
  ["another machine", machine, { ...wanted, host: "b" }, { host: "update-replace" }],
] as const)("LabMachine, %s", (_, old, news, changes) => {
  expect(labMachineType.diff({ id: "a", oldInputs: wanted, old, news })).toEqual({ changes });
});

const request = { name: "a", randomSeed: new Uint8Array(), olds: undefined };
const context = {} as Context;

test.each([
  ["lots", ['memory: got "lots"; expected at least 512MiB, with a unit']],
  ["256MiB", ['memory: got "256MiB"; expected at least 512MiB, with a unit']],
  ["1536", ['memory: got "1536"; expected at least 512MiB, with a unit']],
  ["512m", []],
])("LabMachine, memory %s", (memory, expected) => {
  const result = labMachineType.check?.({ ...request, news: { ...wanted, memory } }, context);
  expect(result?.failures.map(({ path, reason }) => `${path}: ${reason}`)).toEqual(expected);
});

test("LabServices: started when stopped, and no other image while machines exist", () => {
  const services = { image: "centos", running: true } as const;
  const outputs = { registryMirror: "", repository: "", gateway: "", subnet: "" };
  const old = { ...services, ...outputs, running: false };
  const diff = labServicesType.diff({ id: "lab", oldInputs: services, old, news: services });
  expect(diff).toEqual({ changes: { running: "update" } });
  const news = { ...services, image: "debian" } as const;
  expect(labServicesType.check?.({ ...request, olds: services, news }, context).failures).toEqual([
    {
      path: "image",
      reason:
        'got "debian", but the lab\'s machines were made with "centos". Destroy the stack first, then run up',
    },
  ]);
});

describe("LabServices with engines on demand", () => {
  const outputs = { registryMirror: "", repository: "", gateway: "", subnet: "" };
  const checked = (engines?: readonly string[]) =>
    labServicesType.check?.(
      { ...request, news: { image: "centos", running: true, ...(engines && { engines }) } },
      context,
    ).inputs;

  test("has those that hosts declare and no lab has by itself, as whole versions", () => {
    expect(checked(["26.1", "28.5"])).toEqual({
      image: "centos",
      running: true,
      engines: ["28.5.2"],
    });
    expect(checked(["26.1"])).toEqual({ image: "centos", running: true });
    expect(checked()).toEqual({ image: "centos", running: true });
  });

  test("is updated when others are declared, in place", () => {
    const news = { image: "centos", running: true } as const;
    const with28 = { ...news, engines: ["28.5.2"] };
    const diff = (old: object, wanted: typeof news) =>
      labServicesType.diff({
        ...{ id: "lab", oldInputs: news, news: wanted },
        old: { ...news, ...outputs, ...old },
      }).changes;
    expect(diff({}, with28)).toEqual({ engines: "update" });
    expect(diff(with28, with28)).toEqual({});
    expect(diff(with28, news)).toEqual({ engines: "update" });
  });
});
