import type { Resource } from "@pulumi/pulumi";

/** The URN of a resource, when the engine has taken note of it. */
export async function urnOf({ urn }: Resource): Promise<string> {
  return new Promise((resolve) => {
    urn.apply(resolve);
  });
}
