import { inLab } from "./components/lab";
import { readConfiguration } from "./settings/read";
import type { ProgramSettings } from "./settings/program";

/**
 * The stack's configuration, checked as a whole with the stack files that it names; its machines are those of a lab on
 * this computer, where it says so.
 *
 * @throws pulumi.RunError that lists everything wrong with it, before anything is made
 */
export function readSettings(): ProgramSettings {
  const { stacks, ...cluster } = readConfiguration(true);
  return { ...inLab(cluster), ...(stacks === undefined ? {} : { stacks }) };
}
