import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serviceRows } from "../../../stack-files/service-table";

const page = readFileSync(join(__dirname, "../../../docs/stacks.md"), "utf8");

/** Keys in the row of the documentation's table that begins with a text, sorted. */
function documented(meaning: string): string[] {
  const row = page.split("\n").find((line) => line.startsWith(`| ${meaning}`)) ?? "";
  return [...row.matchAll(/`([a-z_]+)`/g)].map(([, key = ""]) => key).sort();
}

describe("the documentation of a service's keys", () => {
  it.each([
    ["honoured", "as Docker"],
    ["newer", "newer: as the Compose Specification"],
    ["ignored", "no effect: a warning says what to write instead"],
    ["refused", "an error that says what to write instead"],
  ])("says which are %s", (status, meaning) => {
    const keys = Object.entries(serviceRows).filter(([, row]) => row.status === status);
    expect(documented(meaning)).toEqual(keys.map(([key]) => key).sort());
  });
});
