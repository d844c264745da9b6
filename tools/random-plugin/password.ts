import { randomInt } from "node:crypto";

/** Arguments of random.RandomPassword with every default filled in. */
export interface PasswordRules {
  readonly length: number;
  readonly lower: boolean;
  readonly upper: boolean;
  readonly numeric: boolean;
  readonly special: boolean;
  readonly minLower: number;
  readonly minUpper: number;
  readonly minNumeric: number;
  readonly minSpecial: number;
  /** Characters to use instead of the usual special ones; an empty string means the usual ones. */
  readonly overrideSpecial: string;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const NUMERIC = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface CharacterClass {
  readonly characters: readonly string[];
  readonly used: boolean;
  readonly minimum: number;
}

function characterClasses(rules: PasswordRules): CharacterClass[] {
  const special = rules.overrideSpecial === "" ? SPECIAL : rules.overrideSpecial;
  return [
    { characters: Array.from(UPPER), used: rules.upper, minimum: rules.minUpper },
    { characters: Array.from(LOWER), used: rules.lower, minimum: rules.minLower },
    { characters: Array.from(NUMERIC), used: rules.numeric, minimum: rules.minNumeric },
    { characters: Array.from(special), used: rules.special, minimum: rules.minSpecial },
  ];
}

/**
 * Makes a password by the rules of the official plugin: the minimum of each class first (also of a class that is
 * otherwise switched off, as there), the rest from all classes in use, then shuffled. Randomness is the system's.
 *
 * @see https://www.pulumi.com/registry/packages/random/api-docs/randompassword/
 */
export function makePassword(rules: PasswordRules): string {
  const classes = characterClasses(rules);
  const all = classes.filter(({ used }) => used).flatMap(({ characters }) => characters);
  const drawn = classes.flatMap(({ characters, minimum }) => draw(characters, minimum));
  drawn.push(...draw(all, rules.length - drawn.length));
  return shuffle(drawn).join("");
}

function draw(characters: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

/** Fisher-Yates, so that every order is equally likely. */
function shuffle(items: string[]): string[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other] ?? "", items[last] ?? ""];
  }
  return items;
}
