import { version } from "../package.json";
import { startPlugin } from "../provider/adapter/process";
import { resourceTypes } from "../provider/types";
import { openComponents } from "./components";

/** The plugin as it is published: for machines that exist. */
startPlugin({ types: resourceTypes, components: openComponents(), version });
