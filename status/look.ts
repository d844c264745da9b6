import { setTimeout } from "node:timers/promises";
import { printable } from "../hosts/printable";
import { NoManagerError } from "../cluster/managers";
import { answersOf, gather, historyIn, linesOf, type Subject } from "./gather";
import { report } from "./report";
import { sentence, wrongIn, type Sight } from "./sight";

/** Seconds that a web server has to give its first answer. */
const QUIET_SECONDS = 30;

/**
 * Looks again, once a second, until nothing is wrong or the time is over.
 *
 * @param service - the one that is asked about; without it, all
 * @throws NoManagerError when nobody can be asked to the end, NameError when there is no such service
 */
export async function lookUntilWell(
  subject: Subject,
  service: string | undefined,
  seconds: number,
): Promise<Sight> {
  const end = Date.now() + seconds * 1000;
  const quietEnd = Date.now() + Math.min(seconds, QUIET_SECONDS) * 1000;
  let said = "";
  for (;;) {
    const sight = await lookOnce(subject, service).catch((error: unknown) => {
      if (error instanceof NoManagerError && Date.now() < end) return error;
      throw error;
    });
    if (!(sight instanceof Error) && Date.now() >= end) return sight;
    // A URL that takes connections and says nothing: a web server that is just starting, or no web server at all.
    const quiet =
      sight instanceof Error || Date.now() >= quietEnd
        ? []
        : sight.urls.filter(({ answers, listens }) => listens && !answers).map(sentence);
    const wrong =
      sight instanceof Error ? [sight.message] : [...wrongIn(sight, Date.now()), ...quiet];
    if (!(sight instanceof Error) && wrong.length === 0) return sight;
    const waiting = `waiting for up to ${seconds} s: ${wrong.join("; ")}`;
    if (waiting !== said) process.stderr.write(`${printable(waiting)}\n`);
    said = waiting;
    await setTimeout(1000);
    subject.environment.managers.forget();
  }
}

async function lookOnce(subject: Subject, service: string | undefined): Promise<Sight> {
  const findings = await gather(subject);
  const found = report(findings);
  if (service === undefined) return { found, urls: await answersOf(subject, findings.services) };
  const lines = await linesOf(subject, findings, service);
  return { found, urls: [], history: historyIn(findings, service, lines) };
}
