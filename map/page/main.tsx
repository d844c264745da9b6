import { render } from "preact";
import type { Picture } from "../picture";
import { App } from "./app";
import { Live } from "./live";

const place = document.getElementById("map");
const embedded = document.getElementById("picture")?.textContent;
if (place !== null) {
  const picture = embedded === undefined ? undefined : (JSON.parse(embedded) as Picture);
  render(<App live={new Live(picture)} />, place);
}
