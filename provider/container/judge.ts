import type { ContainerInspectResponse } from "@docker/node-sdk";
import { wordFor } from "./state";

/** What is to be said of a container that is to run, or to end well. */
export interface Judgement {
  readonly kind: "good" | "bad" | "waiting";
  /** How far it is, or what is wrong. */
  readonly line: string;
}

/** Times that Docker may start a container again before it is given up. */
const mostRestarts = 3;

/** Milliseconds that a container without a health check has to stay up. */
export const steadyMilliseconds = 3000;

/** What was seen so far. */
export interface Watch {
  readonly isJob: boolean;
  /** Restarts that were counted when it was started. */
  readonly restartsBefore: number;
  /** Milliseconds for which it has run since its last start. */
  readonly upFor: number;
}

const oneMore = "It has nothing more to do; for a program that is to end say job: true.";

/** Whether a container is what it was asked to be, will not be, or may still come to be. Pure. */
export function judge(container: ContainerInspectResponse, watch: Watch): Judgement {
  const { State: state, RestartCount: restarts = 0 } = container;
  const { ExitCode: code = 0, OOMKilled: wasKilled = false, Health: health } = state ?? {};
  const { isJob, restartsBefore } = watch;
  const word = wordFor(container, isJob);
  const memory = wasKilled ? "; the kernel killed it, out of memory" : "";
  if (word === "complete") return { kind: "good", line: "ended well" };
  if (/^(exited|dead)/.test(word)) {
    const advice = code === 0 && !isJob ? `. ${oneMore}` : memory;
    return { kind: "bad", line: `it ended with exit code ${code}${advice}` };
  }
  const again = restarts - restartsBefore;
  if (again >= mostRestarts) {
    // While it runs once more there is no code.
    const how = code === 0 ? memory : `, its last exit code is ${code}${memory}`;
    return { kind: "bad", line: `Docker has started it ${again} times again${how}` };
  }
  if (word !== "running") return { kind: "waiting", line: word };
  if (isJob) return { kind: "waiting", line: "running; waiting for its end" };
  return judgeRunning(health?.Status, watch);
}

function judgeRunning(health: string | undefined, { upFor }: Watch): Judgement {
  switch (health) {
    case "healthy":
      return { kind: "good", line: "running and healthy" };
    case "unhealthy":
      return { kind: "bad", line: "it runs, and its health check fails" };
    case "starting":
      return { kind: "waiting", line: "running; waiting for its health check" };
    default:
      return upFor >= steadyMilliseconds
        ? { kind: "good", line: "running" }
        : { kind: "waiting", line: "running" };
  }
}
