import type { Components } from "../provider/adapter/components";
import { Clusters } from "./clusters";
import schema from "./schema.json";

/** The components that programs in other languages have by one plugin. */
export function openComponents(): Components {
  const clusters = new Clusters();
  return {
    schema,
    construct: async (request, engineAddress) => {
      // Pulumi's SDK takes as long to load as all the rest, and most plugins of a run make no component.
      const { construct } = await import("./construct.js");
      return construct(request, engineAddress, clusters);
    },
  };
}
