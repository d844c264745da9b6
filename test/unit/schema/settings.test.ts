import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { settingsJsonSchema } from "../../../schema/settings";

const root = join(__dirname, "../../..");
const schema = settingsJsonSchema(root, true);
const checked = z.fromJSONSchema(schema);

function accepts(config: object): boolean {
  return checked.safeParse({ config }).success;
}

const hosts = {
  "manager-1": { role: "manager", address: "192.0.2.1", hostKey: "ssh-ed25519 AAAA" },
};

describe("the configuration's JSON Schema", () => {
  const files = readdirSync(root).filter((name) => /^Pulumi\.\w+\.yaml$/.test(name));

  it.each(files)("is named by %s, and accepts it", (file) => {
    const text = readFileSync(join(root, file), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=schema/settings.json");
    expect(checked.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
  });

  it("refuses what the program would refuse", () => {
    expect(accepts({ "swarm:hosts": hosts })).toBe(true);
    expect(accepts({ "swarm:host": hosts })).toBe(false);
    expect(accepts({ "swarm:hosts": { a: { role: "boss" } } })).toBe(false);
    expect(accepts({ "swarm:hosts": { a: { role: "manager", adress: "192.0.2.1" } } })).toBe(false);
    expect(accepts({ "swarm:stacks": { shop: { files: ["shop.yml"], prune: "yes" } } })).toBe(
      false,
    );
  });

  it("leaves other namespaces alone, and lets every text be encrypted", () => {
    expect(accepts({ "aws:region": "eu-central-1" })).toBe(true);
    expect(accepts({ "swarm:ssh": { privateKey: { secure: "v1:abc" } } })).toBe(true);
    expect(accepts({ "swarm:ssh": { secure: "v1:abc" } })).toBe(true);
    expect(accepts({ "swarm:ssh": { privateKey: { insecure: "v1:abc" } } })).toBe(false);
  });

  it("says of a setting what its doc comment says", () => {
    const text = JSON.stringify(schema);
    expect(text).toContain("Validity of node certificates, as a Docker duration, at least 1h.");
    expect(text).toContain(
      "Services with one of these `profiles` are part of the stack. Default: [].",
    );
  });

  it("knows no lab where there is none", () => {
    const text = JSON.stringify(settingsJsonSchema(root, false));
    expect(text).not.toContain("swarm:lab");
    expect(text).not.toContain('"memory"');
  });
});
