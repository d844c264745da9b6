/** What machines were asked for, counted. */
export interface Cost {
  /** SSH connections that were opened, those that were refused included. */
  readonly connections: number;
  /** Commands and scripts that were run. */
  readonly sessions: number;
  /** Requests to Docker Engines. */
  readonly engineCalls: number;
  /** Bytes on the network, as SSH has made them: encrypted, with everything around them. */
  readonly sent: number;
  readonly received: number;
}

/** Costs nothing. */
export const noCost: Cost = {
  connections: 0,
  sessions: 0,
  engineCalls: 0,
  sent: 0,
  received: 0,
};

/** Adds up. */
export function sumOf(parts: readonly Cost[]): Cost {
  return parts.reduce((sum, part) => combine(sum, part, 1), noCost);
}

/** What is left of a cost without another one. */
export function without(whole: Cost, part: Cost): Cost {
  return combine(whole, part, -1);
}

function combine(a: Cost, b: Cost, sign: 1 | -1): Cost {
  return {
    connections: a.connections + sign * b.connections,
    sessions: a.sessions + sign * b.sessions,
    engineCalls: a.engineCalls + sign * b.engineCalls,
    sent: a.sent + sign * b.sent,
    received: a.received + sign * b.received,
  };
}
