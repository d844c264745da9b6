import type { Service } from "@docker/node-sdk";
import type { Environment } from "../../../cluster/environment";
import type { Settings } from "../../../settings/schema";
import { answersOf } from "../../../status/gather";

describe("what a service answers", () => {
  it("is asked for once where machines share an address", async () => {
    // Nobody listens at port 1 of loopback.
    const ports = [{ PublishedPort: 1, PublishMode: "ingress", Protocol: "tcp", TargetPort: 80 }];
    const services = [{ Endpoint: { Ports: ports } }] as Service[];
    const host = (address: string) => ({ role: "worker", address });
    const hosts = { a: host("127.0.0.1"), b: host("127.0.0.1"), c: host("127.0.0.2") };
    const settings = { hosts } as unknown as Settings;
    const environment = { lab: undefined } as unknown as Environment;
    const answers = await answersOf({ settings, environment }, services);
    expect(answers.map(({ url }) => url)).toEqual(["http://127.0.0.1:1", "http://127.0.0.2:1"]);
  });
});
