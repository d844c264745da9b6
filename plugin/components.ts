import type { Components } from "../provider/adapter/components";
import { clusterComponent } from "./cluster";
import { construct } from "./construct";
import schema from "./schema.json";
import { stackComponent } from "./stack";

const all = [clusterComponent, stackComponent];

/** The components that programs in other languages have by this plugin. */
export const components: Components = {
  schema,
  construct: async (request, engineAddress) => construct(all, request, engineAddress),
};
