import fc from "fast-check";
import { makePassword, type PasswordRules } from "../../../tools/random-plugin/password";

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const small = fc.integer({ min: 0, max: 6 });

/** Any rules that the plugin accepts: at least one class, a length that holds the minimums. */
const rules: fc.Arbitrary<PasswordRules> = fc
  .record({
    lower: fc.boolean(),
    upper: fc.boolean(),
    numeric: fc.boolean(),
    special: fc.boolean(),
    minLower: small,
    minUpper: small,
    minNumeric: small,
    minSpecial: small,
    overrideSpecial: fc.constantFrom("", "_-", "é€"),
    more: fc.integer({ min: 1, max: 40 }),
  })
  .filter(({ lower, upper, numeric, special }) => lower || upper || numeric || special)
  .map(({ more, ...rest }) => ({
    ...rest,
    length: rest.minLower + rest.minUpper + rest.minNumeric + rest.minSpecial + more,
  }));

describe("makePassword", () => {
  it("has the length and the minimums, and nothing of a class that is off", () => {
    fc.assert(
      fc.property(rules, (wanted) => {
        const password = makePassword(wanted);
        const special = { "": /[!@#$%&*()\-_=+[\]{}<>:?]/g, "_-": /[_-]/g, "é€": /[é€]/g };
        const counts = [
          [count(password, /[a-z]/g), wanted.lower, wanted.minLower],
          [count(password, /[A-Z]/g), wanted.upper, wanted.minUpper],
          [count(password, /[0-9]/g), wanted.numeric, wanted.minNumeric],
          [
            count(password, special[wanted.overrideSpecial as keyof typeof special]),
            wanted.special,
            wanted.minSpecial,
          ],
        ] as const;
        expect(password).toHaveLength(wanted.length);
        expect(counts.reduce((sum, [found]) => sum + found, 0)).toBe(wanted.length);
        for (const [found, used, minimum] of counts) {
          if (used) expect(found).toBeGreaterThanOrEqual(minimum);
          else expect(found).toBe(minimum);
        }
      }),
    );
  });

  it("is another one each time", () => {
    const wanted: PasswordRules = {
      length: 24,
      lower: true,
      upper: true,
      numeric: true,
      special: true,
      minLower: 0,
      minUpper: 0,
      minNumeric: 0,
      minSpecial: 0,
      overrideSpecial: "",
    };
    expect(new Set(Array.from({ length: 50 }, () => makePassword(wanted))).size).toBe(50);
  });
});
