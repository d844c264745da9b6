import { version } from "../package.json";
import { runPlugin } from "./adapter/process";
import { resourceTypes } from "./types";

// The engine hands a plugin the program's whole configuration, decrypted. It has no use for it, and what it starts (the
// lab's tools) would inherit it.
delete process.env.PULUMI_CONFIG;

runPlugin({ types: resourceTypes, version }).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
