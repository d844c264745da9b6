import type { Context } from "../../../provider/context";
import { configType } from "../../../provider/config/config";
import { withoutReferences } from "../../../provider/fields/form";
import { argumentsOf, withArguments } from "../../../provider/fields/table";
import { encoded } from "../../../provider/payload/kind";
import { payloadTable } from "../../../provider/payload/table";
import type { PayloadInputs } from "../../../provider/payload/table";
import { secretType } from "../../../provider/secret/secret";
import { UNKNOWN } from "../../../provider/value";

const seed = new Uint8Array(32).fill(7);
const context = {} as Context;

function checked(news: PayloadInputs, olds?: PayloadInputs, type = secretType) {
  const result = type.check?.({ news, olds, name: "db-password", randomSeed: seed }, context);
  if (result === undefined) throw new Error("there is no check");
  return result;
}

function changes(old: PayloadInputs, news: PayloadInputs) {
  return secretType.diff({ id: "x", oldInputs: old, old, news }).changes;
}

describe("the name of a secret in Docker", () => {
  const first = checked({ value: "one" }).inputs;

  it("is that of the resource and eight digits", () => {
    expect(first.name).toMatch(/^db-password-[0-9a-f]{8}$/);
  });

  it("is the same in preview and up", () => {
    expect(checked({ value: "one" }).inputs.name).toBe(first.name);
  });

  it("does not come from the value", () => {
    expect(checked({ value: "two" }).inputs.name).toBe(first.name);
  });

  it("stays while the value stays", () => {
    expect(checked({ value: "one", labels: { a: "b" } }, first).inputs.name).toBe(first.name);
    expect(checked({ value: "b25l", encoding: "base64" }, first).inputs.name).toBe(first.name);
  });

  it("is another one for another value, and for a value that is not known yet", () => {
    const second = checked({ value: "two" }, first).inputs;
    const third = checked({ value: "one" }, second).inputs;
    const unknown = checked({ value: UNKNOWN }, first).inputs;
    expect(new Set([first.name, second.name, third.name]).size).toBe(3);
    expect(unknown.name).not.toBe(first.name);
  });

  it("comes to the same again when the run that chose it was cut off, whatever the value is by then", () => {
    const seeds = [1, 2].map((byte) => new Uint8Array(32).fill(byte));
    const names = seeds.map((randomSeed, value) => {
      const request = {
        news: { value: String(value) },
        olds: first,
        name: "db-password",
        randomSeed,
      };
      return secretType.check?.(request, context).inputs.name;
    });
    expect(names[0]).toBe(names[1]);
  });

  it("of the new one of a replacement follows from the old one, as before", () => {
    const replaced = first;
    const request = { olds: undefined, replaced, name: "db-password", randomSeed: seed };
    const second = secretType.check?.(
      { ...request, news: { value: "two", keep: 1 } },
      context,
    ).inputs;
    expect(second).toEqual(checked({ value: "two", keep: 1 }, first).inputs);
    // Replaced for another reason than its value.
    const same = secretType.check?.({ ...request, news: { value: "one" } }, context).inputs;
    expect(same?.name).toBe(second?.name);
  });

  it("is another one for another first part", () => {
    expect(checked({ name: "other", value: "one" }, first).inputs.name).toMatch(/^other-/);
  });
});

describe("older versions", () => {
  const rotate = (olds: PayloadInputs, news: PayloadInputs) => checked(news, olds).inputs;
  const first = checked({ value: "one" }).inputs;

  it("are not kept unless asked for", () => {
    expect(rotate(first, { value: "two" }).previous).toBeUndefined();
  });

  it("are kept by name, newest first, as many as asked for", () => {
    const second = rotate(first, { value: "two", keep: 2 });
    const third = rotate(second, { value: "three", keep: 2 });
    const fourth = rotate(third, { value: "four", keep: 2 });
    expect(second.previous).toEqual([first.name]);
    expect(third.previous).toEqual([second.name, first.name]);
    expect(fourth.previous).toEqual([third.name, second.name]);
    expect(rotate(fourth, { value: "four", keep: 2 })).toEqual(fourth);
  });

  it("go in place when fewer are asked for", () => {
    const second = rotate(first, { value: "two", keep: 1 });
    const fewer = rotate(second, { value: "two" });
    expect(fewer.previous).toBeUndefined();
    expect(changes(second, fewer)).toEqual({ keep: "delete", previous: "delete" });
  });

  it("are written beside the labels and never shown among them", () => {
    const declared = { labels: { tier: "db" }, previous: ["a-00000000", "a-11111111"] };
    const spec = withArguments(payloadTable, {}, declared, withoutReferences);
    expect(spec).toEqual({ Labels: { tier: "db", "swarm.previous": "a-00000000,a-11111111" } });
    expect(argumentsOf(payloadTable, spec, declared, withoutReferences)).toEqual(declared);
    const without = withArguments(
      payloadTable,
      spec,
      { previous: ["a-00000000"] },
      withoutReferences,
    );
    expect(without).toEqual({ Labels: { "swarm.previous": "a-00000000" } });
    expect(withArguments(payloadTable, without, {}, withoutReferences)).toEqual({});
  });
});

describe("the difference between two secrets", () => {
  const old = { name: "a-00000000", value: "one", labels: { x: "1" } };

  it("is nothing when nothing changed", () => {
    expect(changes(old, { ...old })).toEqual({});
  });

  it("is a new secret for a new value, template or name", () => {
    const renewed = { ...old, name: "a-11111111" };
    expect(changes(old, { ...renewed, value: "two" })).toEqual({ value: "update-replace" });
    expect(changes(old, { ...renewed, value: UNKNOWN })).toEqual({ value: "update-replace" });
    expect(changes(old, { ...renewed, templateDriver: "golang" })).toEqual({
      templateDriver: "add-replace",
    });
    expect(changes(old, { ...old, name: "b-11111111" })).toEqual({ name: "update-replace" });
  });

  it("is not told of a secret that was imported: Docker does not show its value", () => {
    const imported = { name: "mysql-pass" };
    const news = checked({ name: "mysql-pass", value: "one" }, imported).inputs;
    expect(news.name).toBe("mysql-pass");
    expect(changes(imported, news)).toEqual({});
  });

  it("is changed in place for labels", () => {
    expect(changes(old, { ...old, labels: { x: "2" } })).toEqual({ "labels.x": "update" });
  });
});

describe("a secret that a driver brings", () => {
  const news = { driver: "vault", driverOpts: { path: "db/password" } };
  const first = checked(news).inputs;

  it("has no value, and is handed over as Docker wants it", () => {
    expect(checked(news).failures).toEqual([]);
    const spec = withArguments(payloadTable, {}, first, withoutReferences);
    expect(spec).toEqual({ Driver: { Name: "vault", Options: { path: "db/password" } } });
    const found = argumentsOf(payloadTable, spec, first, withoutReferences);
    expect(changes({ ...first, ...found }, first)).toEqual({});
    expect(encoded(first)).toBe("");
  });

  it("is another one for another driver, other options, or a value in its place", () => {
    const others: [PayloadInputs, object][] = [
      [{ ...news, driver: "other" }, { driver: "update-replace" }],
      [{ ...news, driverOpts: { path: "x" } }, { "driverOpts.path": "update-replace" }],
      [{ value: "x" }, { driver: "delete-replace", driverOpts: "delete-replace" }],
    ];
    for (const [other, expected] of others) {
      const second = checked(other, first).inputs;
      expect(second.name).not.toBe(first.name);
      expect(changes(first, second)).toEqual(expected);
    }
    expect(checked({ ...news, labels: { a: "b" } }, first).inputs.name).toBe(first.name);
  });

  it("is a driver's or a value, and no config has one", () => {
    const told = (inputs: PayloadInputs, type = secretType) =>
      checked(inputs, undefined, type).failures.map(({ path, reason }) => `${path}: ${reason}`);
    expect(told({ ...news, value: "x" })).toEqual([
      "driver: got a driver beside a value; expected one of the two, because the driver brings the value. Remove one.",
    ]);
    expect(told({ driverOpts: { a: "b" } })).toEqual([
      "value: got nothing; expected the value, or the driver that brings it.",
      "driverOpts: got options without driver; expected both or none.",
    ]);
    expect(told({}, configType)).toEqual(["value: got nothing; expected the value."]);
    expect(configType.inputs.safeParse({ driver: "vault" }).success).toBe(false);
    expect(secretType.inputs.safeParse(news).success).toBe(true);
  });
});

describe("what Docker would refuse", () => {
  const told = (news: PayloadInputs, type = secretType) =>
    checked(news, undefined, type).failures.map(({ path, reason }) => `${path}: ${reason}`);

  it("fails with nothing, and with too much", () => {
    const advice = "Put larger files into an image or a volume.";
    expect(told({ value: "" })).toEqual([
      `value: got 0 bytes; expected 1 to 511999, which is what Docker takes for a secret. ${advice}`,
    ]);
    expect(told({ value: "ä".repeat(256_000) })).toEqual([
      `value: got 512000 bytes; expected 1 to 511999, which is what Docker takes for a secret. ${advice}`,
    ]);
    expect(told({ value: "x".repeat(1_024_000) }, configType)).toEqual([
      `value: got 1024000 bytes; expected 1 to 1023999, which is what Docker takes for a config. ${advice}`,
    ]);
    expect(told({ value: "x".repeat(511_999) })).toEqual([]);
  });

  it("fails with a name that leaves no room for the digits", () => {
    expect(told({ name: "n".repeat(56), value: "x" })).toEqual([
      'name: got 56 characters; expected at most 55, because Docker allows 64 and "-" with eight digits is added. Choose a shorter name.',
    ]);
  });
});
