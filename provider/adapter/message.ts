import { printable } from "../../hosts/printable";

/**
 * A text as the engine may print it. Beside what a terminal obeys, Pulumi's CLI has colours of its own (`<{%fg 1%}>`):
 * it takes them from any message, and one that it does not know, or half of one, ends it with a stack trace.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/diag/colors/colors.go
 */
export function shown(text: string): string {
  return printable(text).replaceAll("<{%", "<{ %").replaceAll("%}>", "% }>");
}
