import { printable } from "../hosts/printable";
import type { History } from "./history";
import type { Answer } from "./probe";
import { render, renderHistory, type Style } from "./render";
import { complaints, quorumSentence, warnings, type Report } from "./report";

/** What was seen at one moment. */
export interface Sight {
  readonly found: Report;
  readonly urls: readonly Answer[];
  /** Of the one service that was asked about. */
  readonly history?: History | undefined;
}

/** What is not as it should be: of the one service that was asked about, else of everything. Pure. */
export function wrongIn({ found, history, urls }: Sight, now: number): string[] {
  if (history === undefined)
    return [...complaints(found, now), ...urls.filter(({ listens }) => !listens).map(sentence)];
  const services = found.services.filter(({ name }) => name === history.service);
  return complaints({ ...found, nodes: [], services }, now);
}

/** What a URL says, or why it says nothing. */
export function sentence({ url, text }: Answer): string {
  return `${url}: ${text}`;
}

/** As a person reads it. Pure. */
export function asText(sight: Sight, style: Style): string {
  const { found, history, urls } = sight;
  const { colors, now } = style;
  const body =
    history === undefined ? render(found, urls, style) : renderHistory(found, history, style);
  const said = [
    ...wrongIn(sight, now).map((line) => colors.red(printable(line))),
    ...warnings(found, now).map((line) => colors.yellow(printable(line))),
  ];
  return said.length === 0 ? body : `${body}\n${said.join("\n")}\n`;
}

/** As a program reads it. Pure. */
export function asObject(sight: Sight, now: number): object {
  const { found, history, urls } = sight;
  return {
    ...{ ...found, quorumSentence: quorumSentence(found.quorum), urls },
    ...(history === undefined ? {} : { history }),
    ...{ complaints: wrongIn(sight, now), warnings: warnings(found, now) },
  };
}
