import { version } from "../package.json";
import { runPlugin } from "./adapter/process";
import { resourceTypes } from "./types";

runPlugin({ types: resourceTypes, version }).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
