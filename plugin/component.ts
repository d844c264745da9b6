import type * as pulumi from "@pulumi/pulumi";
import type { Clusters } from "./clusters";
import type { ComponentInputs } from "./inputs";

/** A component as this plugin makes it. */
export interface Component {
  /** `swarm:index:Cluster`. */
  readonly token: string;
  /**
   * Makes it with all that belongs to it.
   *
   * @param clusters - those of the plugin: a new one is noted there, and a stack finds its own
   * @throws Error that lists everything wrong with the inputs, before anything is made
   */
  make(
    name: string,
    inputs: ComponentInputs,
    options: pulumi.ComponentResourceOptions,
    clusters: Clusters,
  ): MadeComponent | Promise<MadeComponent>;
}

/** A component that was made. */
export interface MadeComponent {
  readonly resource: pulumi.Resource;
  /** What the program sees of it: the schema's `properties`. */
  readonly outputs: Readonly<Record<string, unknown>>;
}
