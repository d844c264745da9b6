import { appendFile } from "node:fs/promises";
import { recordVariable } from "../consequences/record";
import type { Entry } from "../consequences/record";
import { messageOf } from "../hosts/errors";
import type { Traffic } from "../hosts/traffic";
import { shown } from "./adapter/message";

/** Keeps an entry for the end of the run, where somebody waits for one. */
export async function keep(entry: Entry): Promise<void> {
  const file = process.env[recordVariable];
  if (file === undefined || file === "") return;
  await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
}

/**
 * Keeps what was asked of machines since the last time: nobody says when a run is over. A file that cannot be written
 * changes nothing about the run.
 */
export async function keepCost(traffic: Traffic): Promise<void> {
  const cost = traffic.sinceLast();
  if (cost === undefined) return;
  await keep({ cost }).catch((error: unknown) => {
    console.error(`what the run cost is not kept: ${shown(messageOf(error))}`);
  });
}
