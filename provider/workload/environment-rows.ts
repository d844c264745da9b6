import { assignments, wordSet } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import type { Form } from "../fields/form";
import { getAt, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";

const isAssignment = (line: string): boolean => line.includes("=");
const isNameAlone = (line: string): boolean => !isAssignment(line);

function linesOf(wire: Tree, at: string, which: (line: string) => boolean): string[] {
  return ((getAt(wire, at) ?? []) as string[]).filter(which);
}

/** Docker keeps in one list what sets a variable (`A=1`) and what takes the image's away (`A`). */
function linesPlace<User>(
  at: string,
  form: Form<User>,
  own: (line: string) => boolean,
): Place<User> {
  return {
    read: (wire, references) => {
      const lines = linesOf(wire, at, own);
      return lines.length === 0 ? undefined : form.toUser(lines, references);
    },
    write: (wire, value, references) => {
      const lines = value === undefined ? [] : (form.toWire(value, references) as string[]);
      const all = [...lines, ...linesOf(wire, at, (line) => !own(line))];
      setAt(wire, at, all.length === 0 ? undefined : all);
    },
  };
}

const names = wordSet();

/**
 * The environment of the container.
 *
 * @param at - where Docker keeps its lines
 * @param advice - what to do about passwords
 * @see https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Container/operation/ContainerCreate
 */
export function environmentRows(at: string, advice: string) {
  return {
    env: field(
      assignments,
      linesPlace(at, assignments, isAssignment),
      `Environment variables. ${advice}`,
    ),
    envUnset: field(
      names,
      linesPlace(at, names, isNameAlone),
      "Names of the image's environment variables that the container does not get. An empty text in `env` is another thing: the variable is there.",
    ),
  };
}
