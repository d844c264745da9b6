import { decimal, duration, flag, listOf, mismatch, text } from "./forms";
import { apply, type Form } from "./reading";
import { honoured, record } from "./record";
import { quote } from "./value";

/** The engine's shortest time between two checks. */
const shortest = 1e6;

const test: Form<readonly string[]> = (value, path, reading) => {
  if (value.kind === "list") {
    const words = listOf(text)(value, path, reading);
    const [first, ...others] = words ?? [];
    if (first === "CMD-SHELL" && others.length > 1)
      reading.report.warn(
        value.at,
        path,
        `the shell runs ${quote(others[0] ?? "")} alone: CMD-SHELL takes one text. Write the whole command in one, or CMD for single words.`,
      );
    if (first !== undefined && !["CMD", "CMD-SHELL", "NONE"].includes(first))
      reading.report.error(
        value.at,
        path,
        `got a list that begins with "${first}", which the engine does not run; expected "CMD", "CMD-SHELL" or "NONE" first.`,
      );
    return words;
  }
  const line = text(value, path, reading);
  if (line === undefined) return undefined;
  const [, word] = /^(NONE$|CMD(?:-SHELL)?\s)/.exec(line) ?? [];
  if (word !== undefined)
    reading.report.warn(
      value.at,
      path,
      `to Docker the text ${word.trim()} is a command that does not exist. ${word === "NONE" ? 'Write disable: true, or test: ["NONE"].' : "Leave the word out, or write a list."}`,
    );
  return ["CMD-SHELL", line];
};

const retries: Form<number> = (value, path, reading) => {
  const amount = decimal(0, Number.MAX_SAFE_INTEGER)(value, path, reading);
  if (amount === undefined || Number.isInteger(amount)) return amount;
  reading.report.warn(
    value.at,
    path,
    `got ${amount}, which Docker takes for ${Math.floor(amount)}; expected a whole number.`,
  );
  return Math.floor(amount);
};

const fields = record({
  test: honoured(test),
  interval: honoured(duration(shortest)),
  timeout: honoured(duration(shortest)),
  start_period: honoured(duration(shortest)),
  start_interval: honoured(duration(shortest)),
  retries: honoured(retries),
  disable: honoured(flag),
});

/** How Docker sees whether a task is healthy. */
export const healthcheck: typeof fields = (value, path, reading) => {
  if (value.kind === "null") {
    mismatch(value, path, reading, "a map");
    return undefined;
  }
  return apply(fields, value, path, reading);
};
