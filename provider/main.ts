import { version } from "../package.json";
import { startPlugin } from "./adapter/process";
import { resourceTypes } from "./types";

/** The plugin as it is published: for machines that exist. */
startPlugin({ types: resourceTypes, version });
