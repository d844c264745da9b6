import fc from "fast-check";
import {
  chooseEngine,
  compareVersions,
  dockerVersion,
  isTooOld,
  type Offer,
} from "../../../hosts/engine-versions";

const offers = (name: string, versions: readonly string[]): Offer[] =>
  versions.map((version) => ({ name, version }));

// As the repositories of Docker list them.
const EL7 = [
  "18.03.1.ce-1.el7.centos",
  "18.06.3.ce-3.el7",
  "3:18.09.9-3.el7",
  "3:20.10.24-3.el7",
  "3:26.1.4-1.el7",
];
const DEBIAN = [
  "5:20.10.24~3-0~debian-bookworm",
  "5:24.0.9-1~debian.12~bookworm",
  "5:26.1.4-1~debian.12~bookworm",
  "5:26.1.10-1~debian.12~bookworm",
  "18.06.3~ce~3-0~debian",
];

describe("dockerVersion", () => {
  it.each([
    ["26.1.5-1.el9", "26.1.5"],
    ["3:26.1.5-1.el9", "26.1.5"],
    ["5:26.1.5-1~debian.13~trixie", "26.1.5"],
    ["5:20.10.24~3-0~debian-bullseye", "20.10.24"],
    ["18.03.1.ce-1.el7.centos", "18.03.1"],
    ["18.03.1~ce-0~debian", "18.03.1"],
    ["18.06.3~ce~3-0~debian", "18.06.3"],
  ])("%s is %s", (version, written) => {
    expect(dockerVersion(version)).toBe(written);
  });
});

describe("chooseEngine", () => {
  it.each([
    ["the newest by its epoch", EL7, "", "3:26.1.4-1.el7"],
    ["the newest by its numbers", DEBIAN, "", "5:26.1.10-1~debian.12~bookworm"],
    ["the newest of the first digits", DEBIAN, "26.1", "5:26.1.10-1~debian.12~bookworm"],
    ["the very version", DEBIAN, "26.1.4", "5:26.1.4-1~debian.12~bookworm"],
    ["a version with a build number", DEBIAN, "20.10.24", "5:20.10.24~3-0~debian-bookworm"],
    [
      "the newest build of one version",
      ["3:26.1.4-1.el9", "3:26.1.4-10.el9", "3:26.1.4-9.el9"],
      "26.1.4",
      "3:26.1.4-10.el9",
    ],
  ])("takes %s, in whatever order they are listed", (_, versions, wanted, chosen) => {
    for (const order of [versions, [...versions].reverse()])
      expect(chooseEngine(offers("docker-ce", order), wanted).engine.version).toBe(chosen);
  });

  it("takes the client of the same version, which has another epoch, and none where there is none", () => {
    const engines = offers("docker-ce", EL7);
    const clients = offers("docker-ce-cli", ["1:26.1.4-1.el7", "1:20.10.24-3.el7"]);
    expect(chooseEngine([...engines, ...clients], "20.10").client?.version).toBe(
      "1:20.10.24-3.el7",
    );
    expect(chooseEngine(engines, "26.1").client).toBeUndefined();
  });

  it("names what is there, the newest first, where the wanted one is not", () => {
    expect(() => chooseEngine(offers("docker-ce", EL7), "26.2")).toThrow(
      "the repository has no docker-ce 26.2; it has 26.1.4, 20.10.24, 18.09.9, 18.06.3, 18.03.1. Declare one of them.",
    );
    expect(() => chooseEngine(offers("docker-ce", EL7), "26.1.40")).toThrow("no docker-ce 26.1.40");
    expect(() => chooseEngine(offers("docker-ce-cli", EL7), "")).toThrow(
      "has no docker-ce for this system",
    );
    expect(() => chooseEngine(offers("docker-ce", EL7.slice(0, 3)), "")).toThrow(
      "the newest docker-ce of the repository is 18.09.9; expected 20.10 or newer.",
    );
  });
});

describe("compareVersions", () => {
  it.each([
    ["18.06.3.ce-3.el7", "3:18.09.0-3.el7"],
    ["9.9.9-1", "10.0.0-1"],
    ["26.0.0~rc.1-1", "26.0.0-1"],
    ["26.1-1", "26.1.1-1"],
    ["26.1.4-1.el9", "26.1.4-2.el9"],
  ])("%s is older than %s", (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });

  it("orders any versions the same way round", () => {
    const version = fc.stringMatching(
      /^([0-9]:)?[0-9]{1,2}(\.[0-9]{1,2}){0,2}(~(rc|ce)?[0-9]?)?(-[0-9](\.el[789])?)?$/,
    );
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, a)).toBe(0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe("isTooOld", () => {
  it.each([
    ["18.03.1", true],
    ["19.03", true],
    ["19", true],
    ["20", false],
    ["20.10", false],
    ["29.8.1", false],
  ])("%s: %s", (version, answer) => {
    expect(isTooOld(version)).toBe(answer);
  });
});
