import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { decode, parseSettings } from "../../../settings/parse";
import { render } from "../../../settings/problem";
import { stackFileErrors } from "../../../settings/stack-files";

/** A committed configuration as Pulumi hands it to the program. */
function configuration(stack: string): Record<string, string> {
  const file = join(__dirname, "../../..", `Pulumi.${stack}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]),
  );
}

describe("the environments", () => {
  it.each(["dev", "test"])("%s is complete as it stands", (stack) => {
    const parsed = parseSettings(decode(configuration(stack)));
    expect("problems" in parsed ? parsed.problems.map(render) : parsed.warnings).toEqual([]);
  });

  it("prod asks for the host keys and the log-in that only its owner has, and for nothing else", () => {
    const parsed = parseSettings(decode(configuration("prod")));
    const paths = "problems" in parsed ? parsed.problems.map(({ path }) => path) : [];
    expect(paths).toEqual([
      "hosts.manager-1.hostKey",
      "hosts.manager-2.hostKey",
      "hosts.manager-3.hostKey",
      "hosts.worker-1.hostKey",
      "hosts.worker-2.hostKey",
      "hosts.worker-3.hostKey",
      "ssh",
    ]);
  });
});

describe("the stack files of the environments", () => {
  it.each(["dev", "test", "prod"])("of %s have nothing wrong", (stack) => {
    expect(stackFileErrors(decode(configuration(stack)).stacks)).toEqual([]);
  });
});
