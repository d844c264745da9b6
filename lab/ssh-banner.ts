import { connect } from "node:net";

/** Seconds for one try: a machine that is up answers within milliseconds, one that boots drops what it is sent. */
const TRY_SECONDS = 2;

/** First bytes that a server says on a port; an empty text when nobody answers. */
export function readBanner(address: string, port = 22): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const answer = (text: string): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(TRY_SECONDS * 1000, () => {
      answer("");
    });
    socket.once("data", (data) => {
      answer(data.toString("latin1"));
    });
    // Refused, unreachable, closed before a word: all of them are "not yet" to the one who waits.
    socket.once("error", () => {
      answer("");
    });
    socket.once("close", () => {
      answer("");
    });
  });
}
