import { isEveryAddress } from "../../hosts/endpoint";
import { compareTable } from "../fields/table";
import type { Tree } from "../fields/paths";
import { parseDuration } from "../../units/units";
import type { Failure } from "../resource";
import { isUnknown } from "../value";
import { shown } from "./arguments";
import type { SwarmInputs } from "./arguments";
import { authorityProblems } from "./authority";
import { fixedTable, originTable } from "./table";

const HOUR = 3_600_000_000_000;

/** Rules that go beyond the shape of a property. */
export function problemsIn(news: SwarmInputs, olds: SwarmInputs | undefined): Failure[] {
  const wrong = [
    ...addressProblems(news),
    ...durationProblems(news),
    ...poolProblems(news),
    ...labelProblems(news),
    ...rotationProblems(news),
    ...authorityProblems(news, olds),
  ];
  const changed = olds === undefined ? [] : fixedProblems(news, olds);
  return [...wrong, ...changed.filter(({ path }) => wrong.every((one) => one.path !== path))];
}

function addressProblems({ advertiseAddr, dataPathAddr }: SwarmInputs): Failure[] {
  return Object.entries({ advertiseAddr, dataPathAddr }).flatMap(([path, value]) =>
    value === undefined || !isEveryAddress(value)
      ? []
      : [
          {
            path,
            reason: `got "${value}", which stands for every address; expected the one that the other nodes reach this host by.`,
          },
        ],
  );
}

function durationProblems({ certExpiry, dispatcherHeartbeat }: SwarmInputs): Failure[] {
  const failures: Failure[] = [];
  const expiry = certExpiry === undefined ? undefined : parseDuration(certExpiry);
  if (expiry !== undefined && expiry < HOUR) {
    failures.push({
      path: "certExpiry",
      reason: `got "${certExpiry ?? ""}"; expected at least 1h, because nodes renew their certificates in the second half of it.`,
    });
  }
  if (dispatcherHeartbeat !== undefined && parseDuration(dispatcherHeartbeat) === 0) {
    failures.push({
      path: "dispatcherHeartbeat",
      reason: `got "${dispatcherHeartbeat}"; expected more than none, such as "5s": a node that misses three is called down.`,
    });
  }
  return failures;
}

/** A network must fit into each range. @see https://docs.docker.com/reference/cli/docker/swarm/init/#default-addr-pool */
function poolProblems({ defaultAddrPool, defaultAddrPoolMaskLength = 24 }: SwarmInputs): Failure[] {
  if (!Array.isArray(defaultAddrPool) || isUnknown(defaultAddrPoolMaskLength)) return [];
  return defaultAddrPool.flatMap((range: string, index) => {
    const length = Number(range.split("/")[1]);
    if (isUnknown(range) || range.includes(":") || length <= defaultAddrPoolMaskLength) return [];
    return [
      {
        path: `defaultAddrPool[${index}]`,
        reason: `got "${range}"; expected a range that holds a network of prefix length ${defaultAddrPoolMaskLength}. Widen it, or raise defaultAddrPoolMaskLength.`,
      },
    ];
  });
}

function labelProblems({ labels }: SwarmInputs): Failure[] {
  return Object.keys(labels ?? {})
    .filter((key) => /\s|=/.test(key) || key === "")
    .map((key) => ({
      path: `labels[${JSON.stringify(key)}]`,
      reason: `got "${key}"; expected a label's name without spaces and "=".`,
    }));
}

function rotationProblems({ autolock, caCert, rotate }: SwarmInputs): Failure[] {
  const failures: Failure[] = [];
  if (rotate?.unlockKey !== undefined && autolock !== true && !isUnknown(autolock)) {
    failures.push({
      path: "rotate.unlockKey",
      reason: "got a word; expected autolock to be true: without it there is no key to rotate.",
    });
  }
  if (rotate?.ca !== undefined && caCert !== undefined) {
    failures.push({
      path: "rotate.ca",
      reason:
        "got a word, and caCert is declared; expected one of the two: a new caCert, with its caKey, rotates by itself.",
    });
  }
  return failures;
}

/** A declaration that changed although the swarm it describes cannot. */
function fixedProblems(news: SwarmInputs, olds: SwarmInputs): Failure[] {
  const { advertiseAddr, dataPathAddr, listenAddr } = originTable;
  // Another host brings addresses of its own; none of them matters to a swarm that exists.
  const isMoved = isUnknown(news.host) || news.host !== olds.host;
  const table = isMoved ? fixedTable : { ...fixedTable, advertiseAddr, dataPathAddr, listenAddr };
  return Object.keys(compareTable(table, olds, news))
    .filter((path) => !isUnknown((news as Tree)[path]))
    .map((path) => ({
      path,
      reason:
        `got ${shown(news, path)}; expected ${shown(olds, path)}, because Docker fixes it when the swarm is made. ` +
        `Put it back, or destroy the swarm and make it anew.`,
    }));
}
