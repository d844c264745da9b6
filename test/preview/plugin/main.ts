import { openLab } from "../../../lab/open";
import { openComponents } from "../../../plugin/components";
import { runPlugin } from "../../../provider/adapter/process";
import { resourceTypes } from "../../../provider/types";
import { noteType } from "./note";

// The provider as it is, with one more type.
void runPlugin({
  types: [...resourceTypes, noteType],
  components: openComponents(),
  version: "0.0.0",
  openLab,
});
