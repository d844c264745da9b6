import type * as pulumi from "@pulumi/pulumi";

/** An application on a cluster. */
export interface Application {
  /** URLs that it answers. */
  readonly endpoints: pulumi.Output<string[]>;
}
