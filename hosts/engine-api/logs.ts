import type { IncomingMessage } from "node:http";
import type { Engine } from "../engine";
import { segment } from "./call";
import type { CallOptions } from "./call";

/** Which lines are asked for, and how they come. */
export interface LogQuery {
  /** Goes on with what is written from now on. @default false */
  readonly follow?: boolean;
  /** Seconds since 1970, with up to nine decimals: nothing before that. */
  readonly since?: string;
  /** Lines of each task at most, counted from the end. @default "all" */
  readonly tail?: number | "all";
  /** Each message begins with the time of Docker, as RFC 3339 with nine decimals. @default false */
  readonly timestamps?: boolean;
  /** Then with where it comes from: `com.docker.swarm.task.id=…,…`. @default false */
  readonly details?: boolean;
}

/**
 * What all tasks of a service have written, in frames unless the service has a terminal; the tasks that it gets later
 * are followed, too.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Service/operation/ServiceLogs
 */
export async function serviceLogs(
  engine: Engine,
  id: string,
  query: LogQuery,
  options: CallOptions = {},
): Promise<IncomingMessage> {
  return logs(engine, `/services/${segment(id)}/logs`, query, options);
}

/** What one task has written, in frames unless it has a terminal. */
export async function taskLogs(
  engine: Engine,
  id: string,
  query: LogQuery,
  options: CallOptions = {},
): Promise<IncomingMessage> {
  return logs(engine, `/tasks/${segment(id)}/logs`, query, options);
}

/** What a path of logs answers. */
export async function logs(
  engine: Engine,
  path: string,
  query: LogQuery,
  options: CallOptions,
): Promise<IncomingMessage> {
  return engine.stream("GET", path, {
    ...options,
    query: { stdout: true, stderr: true, ...query },
  });
}
