import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { settingsSchema } from "../../../settings/schema";
import { blocksOf } from "../../drills/page";

const root = join(__dirname, "../../..");
const listed = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
const files = execFileSync("git", listed, { cwd: root, encoding: "utf8" }).trim().split("\n");

/** Configuration in the YAML of a Markdown file: the keys that begin with `swarm:`, without that. */
function configurationsIn(text: string): Record<string, unknown>[] {
  const blocks = blocksOf(text).filter(({ language }) => language === "yaml");
  return blocks.flatMap((block) => {
    const written = parse(block.text) as { readonly config?: object } | null;
    const entries = Object.entries(written?.config ?? written ?? {});
    const own = entries.filter(([key]) => key.startsWith("swarm:"));
    if (own.length === 0) return [];
    return [
      Object.fromEntries(own.map(([key, value]) => [key.slice("swarm:".length), opened(value)])),
    ];
  });
}

/** What `AAAA…` stands for. */
const key = Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0\x20${"k".repeat(32)}`).toString("base64");

/** The same with a text in the place of each one that Pulumi would have encrypted, and whole keys. */
function opened(value: unknown): unknown {
  if (typeof value === "string") return value.replace("AAAA…", key);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(opened);
  if ("secure" in value) return "opened";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item)]));
}

describe("configuration in Markdown files", () => {
  const all = files.flatMap((file) =>
    configurationsIn(readFileSync(join(root, file), "utf8")).map((settings) => ({
      file,
      settings,
    })),
  );

  it("is what the program takes, as far as it is written out", () => {
    expect(all.length).toBeGreaterThan(10);
    const refused = all.flatMap(({ file, settings }) => {
      const { error } = settingsSchema.partial().safeParse(settings);
      return (error?.issues ?? []).map(
        ({ path, message }) => `${file}: ${path.join(".")}: ${message}`,
      );
    });
    expect(refused).toEqual([]);
  });

  it("would be found wrong otherwise", () => {
    const [settings] = configurationsIn(
      "1. x\n   ```yaml\n   swarm:hosts: { a: { rle: worker } }\n   ```\n",
    );
    expect(settingsSchema.partial().safeParse(settings).success).toBe(false);
  });
});
