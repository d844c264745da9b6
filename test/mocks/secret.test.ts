import { Secret } from "../../resources/secret";
import { Recorder } from "./recorder";

let engine: Recorder;

beforeEach(async () => {
  engine = new Recorder();
  await engine.start();
});

describe("Secret", () => {
  it("marks its value", async () => {
    new Secret("plain", { value: "hidden" });
    expect((await engine.find("plain")).inputs).toEqual({ value: { secret: "hidden" } });
  });

  it("has no value beside a driver", async () => {
    new Secret("brought", { driver: "vault", driverOpts: { path: "db" } });
    const { inputs } = await engine.find("brought");
    expect(inputs).toEqual({ driver: "vault", driverOpts: { path: "db" } });
  });

  it("is one of value, file and driver", () => {
    expect(() => new Secret("none", {})).toThrow(
      "secret none: got neither of value and file; expected one of them.",
    );
  });
});
