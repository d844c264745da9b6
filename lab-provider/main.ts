import { version } from "../package.json";
import { openLab } from "../lab/open";
import { openComponents } from "../plugin/components";
import { startPlugin } from "../provider/adapter/process";
import { resourceTypes } from "../provider/types";
import { labMachineType } from "./lab-machine";
import { labServicesType } from "./lab-services";

/** The plugin of this project's own folder: the one that is published, and the lab. */
startPlugin({
  types: [...resourceTypes, labMachineType, labServicesType],
  components: openComponents(),
  version,
  openLab,
});
