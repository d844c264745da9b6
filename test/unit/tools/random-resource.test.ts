import { compare } from "bcryptjs";
import {
  changedArguments,
  checkArguments,
  passwordState,
  plannedState,
  UNKNOWN,
} from "../../../tools/random-plugin/resource";

describe("checkArguments", () => {
  it.each([
    [{ length: 24, overrideSpecial: "_", keepers: { a: "b" } }, []],
    [{ length: UNKNOWN, special: UNKNOWN }, []],
    [{ length: 1, minUpper: UNKNOWN }, []],
    [{ length: 4, number: false }, []],
    [{}, [["length", "missing; expected a whole number of at least 1"]]],
    [{ length: 0 }, [["length", "got 0; expected a whole number of at least 1"]]],
    [{ length: "9" }, [["length", 'got "9"; expected a whole number of at least 1']]],
    [
      { length: 2.5, upper: "yes", minLower: -1, lenght: 3 },
      [
        ["length", "got 2.5; expected a whole number of at least 1"],
        ["upper", 'got "yes"; expected true or false'],
        ["minLower", "got -1; expected a whole number of at least 0"],
        ["lenght", "unknown argument of RandomPassword; remove it"],
      ],
    ],
    [
      { length: 5, minUpper: 3, minSpecial: 3 },
      [
        [
          "length",
          "got 5; expected at least 6, the sum of minLower, minUpper, minNumeric and minSpecial",
        ],
      ],
    ],
    [
      { length: 5, number: true, numeric: false },
      [
        [
          "number",
          "got true beside a different numeric; leave number out, numeric has replaced it",
        ],
      ],
    ],
    [
      { length: 5, lower: false, upper: false, numeric: false, special: false },
      [
        [
          "",
          "lower, upper, numeric and special are all false; expected at least one of them to be true",
        ],
      ],
    ],
  ])("says what is wrong with %j", (args, expected) => {
    const found = checkArguments(args).map(({ property, reason }) => [property, reason]);
    expect(found).toEqual(expected);
  });
});

describe("passwordState", () => {
  it("holds every argument, the password and a hash that fits it", async () => {
    const { result, bcryptHash, ...rest } = await passwordState({ length: 12, number: false });
    expect(rest).toEqual({
      length: 12,
      lower: true,
      upper: true,
      special: true,
      numeric: false,
      number: false,
      minLower: 0,
      minUpper: 0,
      minNumeric: 0,
      minSpecial: 0,
    });
    expect(result).toMatch(/^[^0-9]{12}$/);
    expect(bcryptHash).toMatch(/^\$2[aby]\$10\$/);
    expect(await compare(String(result), String(bcryptHash))).toBe(true);
  });
});

describe("changedArguments", () => {
  const state = plannedState({ length: 24, keepers: { b: "2", a: "1" } });
  it.each([
    [{ length: 24, keepers: { a: "1", b: "2" } }, []],
    [{ length: 24, keepers: { a: "1", b: "2", c: null } }, []],
    [{ length: 24, keepers: { a: "1", b: "2" }, special: true, overrideSpecial: "" }, []],
    [{ length: 25, keepers: { a: "1", b: "2" } }, ["length"]],
    [{ length: 24, keepers: { a: "1" } }, ["keepers"]],
    [{ length: 24 }, ["keepers"]],
    [{ length: 24, keepers: { a: "1", b: "2" }, numeric: false }, ["number", "numeric"]],
    [{ length: UNKNOWN, keepers: { a: "1", b: "2" } }, ["length"]],
  ])("%j against 24 characters", (args, expected) => {
    expect(changedArguments(state, args)).toEqual(expected);
  });
});
