import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings } from "../../../settings/parse";
import { render } from "../../../settings/problem";
import { declaresEncryption, stackFileErrors } from "../../../settings/stack-files";

function problems(stacks: Record<string, unknown>): string[] {
  const parsed = parseSettings({ lab: {}, hosts: { a: { role: "manager" } }, stacks });
  return "problems" in parsed ? parsed.problems.map(render) : [];
}

describe("a stack of files in the configuration", () => {
  it("may say everything", () => {
    const shop = {
      files: ["stacks/shop.yml", "stacks/shop.prod.yml"],
      variables: { TAG: "1.4" },
      envFile: ".env",
      profiles: ["debug"],
      projectDirectory: "/srv/shop",
      secrets: {
        a: "text",
        b: { value: "AQ==", encoding: "base64" },
        c: { file: "certs/key.pem" },
        d: { generate: 32 },
      },
      configs: { a: "text", b: { value: "text" }, c: { file: "page.html" } },
      networks: { front: "traefik-public" },
      imageRefresh: "always",
      adopt: { services: true, secrets: true },
      prune: true,
    };
    expect(problems({ shop, "My_Shop-2": { file: "shop.yml", adopt: true } })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      "unknown keys",
      { shop: { file: "a.yml", variable: {}, secrets: { a: { file: "x", fil: "y" } } } },
      [
        'stacks.shop.secrets.a.fil: unknown key. Did you mean "file"?',
        'stacks.shop.variable: unknown key. Did you mean "variables"?',
      ],
    ],
    [
      "more than one way to a value",
      { shop: { file: "a.yml", secrets: { a: { value: "x", generate: 8 }, b: {} } } },
      ["a", "b"].map(
        (key) =>
          `stacks.shop.secrets.${key}: got a map; expected one of value (with encoding, or without), file and generate`,
      ),
    ],
    [
      "another kind beside it",
      { shop: { file: "a.yml", files: ["b.yml"], component: "WordPress", program: "x" } },
      ["component", "files", "program"].map(
        (key) =>
          `stacks.shop.${key}: stands beside file; expected one of component, program, file and files. Remove the others.`,
      ),
    ],
    [
      "numbers where text is meant, which YAML would have changed already",
      { shop: { files: [], variables: { TAG: 1.1 }, projectDirectory: "shop" } },
      [
        "stacks.shop.files: got a list; expected one path at least",
        'stacks.shop.projectDirectory: got "shop"; expected a folder on the nodes, such as /srv/shop',
        "stacks.shop.variables.TAG: got 1.1; expected text, in quotes",
      ],
    ],
    [
      "names that services cannot begin with",
      { "my.shop": { file: "a.yml" }, Shop: { component: "WordPress" } },
      [
        'stacks."my.shop": got "my.shop"; expected a name of letters, digits, - and _, beginning with a letter or digit',
        "stacks.Shop: got hosts with the label tier=db: none; expected exactly one, which keeps the database's files. Give one host `labels: { tier: db }`.",
        'stacks.Shop: got "Shop"; expected a name of lower-case letters, digits and hyphens',
      ],
    ],
  ])("is refused with %s", (_, stacks, expected) => {
    expect(problems(stacks).sort()).toEqual([...expected].sort());
  });

  it("is refused without the values of its secrets in any message", () => {
    const secrets = { a: 4711, b: { value: 4711 }, c: { generate: 4711 }, d: ["4711"] };
    const said = problems({ shop: { file: "a.yml", secrets } });
    expect(said).toHaveLength(4);
    expect(said.join("\n")).not.toContain("4711");
  });
});

describe("the files that the configuration names", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "swarm-stacks-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const written = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it("are all read, and everything wrong with them has its line", () => {
    const good = written("good.yml", "services: { web: { image: nginx } }");
    const one = written(
      "one.yml",
      "services:\n  web:\n    image: nginx\n    ports: ['80:80:80']\n",
    );
    const two = written("two.yml", "services:\n  web: {}\n");
    const said = stackFileErrors({
      good: { file: good },
      one: { file: one },
      two: { files: [two] },
    });
    expect(said.map((line) => line.slice(folder.length + 1, line.indexOf(": ")))).toEqual([
      "one.yml:4:13 services.web.ports[0]",
      "two.yml:2:8 services.web",
    ]);
  });

  it("say whether what containers say to each other is to be encrypted", () => {
    const web = "services: { web: { image: nginx, networks: [back] } }\n";
    const plain = written("plain.yml", `${web}networks: { back: {} }`);
    const option = written(
      "option.yml",
      `${web}networks: { back: { driver_opts: { encrypted: "" } } }`,
    );
    const others = written("others.yml", `${web}networks: { back: { external: true } }`);
    const isEncrypted = (file: string): boolean => declaresEncryption({ shop: { file } });
    expect([plain, option, others].map(isEncrypted)).toEqual([false, true, false]);
    expect(declaresEncryption({ blog: { component: "WordPress" } })).toBe(false);
    expect(declaresEncryption()).toBe(false);
  });

  it("are not there, or what is bound is not theirs: that is the configuration's", () => {
    const none = join(folder, "none.yml");
    const good = written(
      "good.yml",
      `services: { web: { image: nginx } }\nsecrets: { own: { file: ${written("own.txt", "x")} } }`,
    );
    const said = stackFileErrors({
      good: { file: good, secrets: { own: "hidden" } },
      none: { file: none },
    });
    expect(said[0]).toMatch(
      /^stacks\.good\.secrets\.own: got a value for a secret that the files declare themselves;/,
    );
    expect(said[1]).toContain(none);
    expect(said.join()).not.toContain("hidden");
  });

  it("are not looked at where the configuration is wrong about them already", () => {
    expect(stackFileErrors({ shop: { file: join(folder, "none.yml"), prun: true } })).toEqual([]);
  });
});
