import { words } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import { getAt, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { duration, flag, integer } from "../fields/scalars";

function testIn(wire: Tree, at: string): string[] | undefined {
  return getAt(wire, `${at}.Test`) as string[] | undefined;
}

/** Docker keeps "no healthcheck" as the test `NONE`. */
function noHealthcheck(at: string): Place<boolean> {
  return {
    read: (wire) => (testIn(wire, at)?.[0] === "NONE" ? true : undefined),
    write: (wire, value) => {
      if (value === true) setAt(wire, at, { Test: ["NONE"] });
      else if (testIn(wire, at)?.[0] === "NONE") setAt(wire, at, undefined);
    },
  };
}

function healthTest(at: string): Place<string[]> {
  return {
    read: (wire) => {
      const test = testIn(wire, at);
      return test === undefined || test[0] === "NONE" ? undefined : [...test];
    },
    write: (wire, value) => {
      setAt(wire, `${at}.Test`, value);
    },
  };
}

/** How Docker sees whether a container is healthy. @param at - where it keeps that */
export function healthRows(at: string) {
  return {
    "healthcheck.disable": field(flag, noHealthcheck(at), "Switches the image's health check off."),
    "healthcheck.test": field(
      words,
      healthTest(at),
      "The check: `CMD` and words, or `CMD-SHELL` and a command line. Default: the image's.",
    ),
    "healthcheck.interval": field(
      duration,
      `${at}.Interval`,
      "Time between two checks. Default: the image's, else 30s.",
    ),
    "healthcheck.timeout": field(
      duration,
      `${at}.Timeout`,
      "Time after which a check has failed. Default: the image's, else 30s.",
    ),
    "healthcheck.retries": field(
      integer(0),
      `${at}.Retries`,
      "Failures in a row that make the container unhealthy. Default: the image's, else 3.",
    ),
    "healthcheck.startPeriod": field(
      duration,
      `${at}.StartPeriod`,
      "Time to start in, during which failures do not count. Default: the image's, else none.",
    ),
    "healthcheck.startInterval": field(
      duration,
      `${at}.StartInterval`,
      "Time between checks during the start period. Default: 5s.",
      { since: 25 },
    ),
  };
}
