import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/** What secrets and configs have in common. */
export interface PayloadArgs {
  /** First part of the name in Docker; eight characters follow, others for each value. @default - the resource's name */
  readonly name?: pulumi.Input<string>;
  /** The value itself; either this or `file`. */
  readonly value?: pulumi.Input<string>;
  /**
   * Path of a file whose content is the value, byte for byte (a line break at its end included), on the machine that
   * runs the program. Either this or `value`.
   */
  readonly file?: string;
  /** How `value` is written; base64 is for values that are no text. @default "text" */
  readonly encoding?: pulumi.Input<"text" | "base64">;
  /** Fills in templates in the value for each task: `golang`. @default - the value is taken as it is */
  readonly templateDriver?: pulumi.Input<string>;
  /** @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Older versions that stay in the swarm when the value changes, so that `docker service rollback` finds them; the
   * oldest go first. @default 0
   */
  readonly keep?: pulumi.Input<number>;
  /**
   * Takes a secret of exactly this name and of the same stack (label `com.docker.stack.namespace`) as it is, although
   * Docker does not say its value; without it services move to a new one. A config needs none: its value can be read.
   * @default false
   */
  readonly adopt?: pulumi.Input<boolean>;
}

/**
 * The arguments as the provider takes them: a file becomes its content.
 *
 * @throws pulumi.RunError when there is not exactly one of value and file, or when the file cannot be read
 */
export function withContent(
  noun: string,
  name: string,
  args: PayloadArgs,
): Record<string, unknown> {
  const { file, ...others } = args;
  if ((file === undefined) === (others.value === undefined)) {
    const got = file === undefined ? "neither" : "both";
    throw new pulumi.RunError(
      `${noun} ${name}: got ${got} of value and file; expected one of them.`,
    );
  }
  return file === undefined ? others : { ...others, ...contentOf(noun, name, file) };
}

function contentOf(noun: string, name: string, file: string): { value: string; encoding: string } {
  const bytes = read(noun, name, file);
  const text = bytes.toString("utf8");
  // As text where it is one, so that a preview shows what changes in it.
  return Buffer.from(text, "utf8").equals(bytes)
    ? { value: text, encoding: "text" }
    : { value: bytes.toString("base64"), encoding: "base64" };
}

function read(noun: string, name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new pulumi.RunError(
      `${noun} ${name}: file ${file} cannot be read (${reason}); expected a file on the machine that runs this program.`,
    );
  }
}
