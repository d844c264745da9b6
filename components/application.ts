import type * as pulumi from "@pulumi/pulumi";

/** An application on a cluster. */
export interface Application {
  /** URLs that it answers. */
  readonly endpoints: pulumi.Output<string[]>;
}

/** An application as the configuration declares it, checked before: one of the three, with its arguments. */
export interface ApplicationDeclaration {
  /** A component by name, with its arguments: `WordPress`. */
  readonly component?: string;
  /** Folder or file of this project that exports `deploy`, `examples/redis`. */
  readonly program?: string;
  /** A stack file, with what `Stack` takes. */
  readonly file?: string;
  /** Several stack files instead; a later one changes what the ones before say. */
  readonly files?: readonly string[];
  readonly [argument: string]: unknown;
}

/** Whether an application is a stack of files. */
export function isStack(application: object): boolean {
  return "file" in application || "files" in application;
}
