import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { runStackCommand } from "../../../stack/command";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-stack-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a file and answers its path as a user would give it. */
function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return relative(process.cwd(), join(folder, name));
}

function run(...words: string[]): { code: number; out: string; err: string } {
  let out = "";
  let err = "";
  const code = runStackCommand(words, {
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

const good = "services: { web: { image: 'nginx:${TAG:-1.27}' } }\n";
const bad =
  "services:\n  web:\n    image: nginx\n    prots: []\n    container_name: web\n  api: {}\n";

describe("check", () => {
  it("says everything that is wrong, with its line, and ends with 1", () => {
    const file = written("bad.yml", bad);
    const { code, out, err } = run("check", file);
    expect([code, err]).toEqual([1, ""]);
    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => line.split(": ").slice(0, 2).join(": "))).toEqual([
      `error: ${file}:4:5 services.web.prots`,
      `warning: ${file}:5:5 services.web.container_name`,
      `error: ${file}:6:8 services.api`,
      "2 errors, 1 warning",
    ]);
  });

  it("says what is wrong with the text, and with what it means, at once and each thing once", () => {
    const deploy = "deploy: {placement: {constraints: [node.role = manager]}}";
    const file = written(
      "both.yml",
      `services:\n  web: {image: nginx, ${deploy}, prots: []}\n  my.api: {image: nginx}\n`,
    );
    const { out } = run("check", file);
    const found = out.trimEnd().split("\n");
    expect(found.map((line) => line.split(": ")[1])).toEqual([
      `${file}:2:58 services.web.deploy.placement.constraints[0]`,
      `${file}:2:82 services.web.prots`,
      `${file}:3:3 services."my.api"`,
      undefined,
    ]);
  });

  it("ends with 0 when there are warnings alone", () => {
    const file = written("warned.yml", "services: { web: { image: nginx, container_name: web } }");
    const { code, out } = run("check", file);
    expect(code).toBe(0);
    expect(out).toMatch(/^warning: .*\n0 errors, 1 warning\n$/);
  });

  it("speaks to scripts in JSON", () => {
    const file = written("bad.yml", bad);
    const { code, out } = run("check", "--json", file);
    expect(code).toBe(1);
    const { findings, fromProcess } = JSON.parse(out) as Record<string, Record<string, unknown>[]>;
    expect(fromProcess).toEqual([]);
    expect(findings).toHaveLength(3);
    expect(findings?.[0]).toEqual({
      severity: "error",
      file,
      line: 4,
      column: 5,
      path: "services.web.prots",
      message: expect.stringContaining("ports") as string,
    });
  });

  it("takes variables from the command line, an env file and the process, and says which are the process's", () => {
    const file = written(
      "shop.yml",
      "services: { web: { image: 'nginx:${ONE}-${TWO}-${THREE}' } }",
    );
    const env = written("shop.env", "TWO=2\n");
    expect(run("check", file).code).toBe(1);
    process.env.THREE = "3";
    try {
      const { code, out } = run("check", file, "--variable", "ONE=1", "--env-file", env);
      expect(code).toBe(0);
      expect(out).toContain("THREE was taken from the environment of this process\n");
    } finally {
      delete process.env.THREE;
    }
  });

  it("sends nothing to a terminal that it would act on", () => {
    const text = '"services":\n  web:\n    image: nginx\n    "pr\\e[31m\\u202eots": []\n';
    const file = written("hostile.yml", text);
    const [plain, json] = [run("check", file).out, run("check", "--json", file).out];
    for (const out of [plain, json]) {
      // eslint-disable-next-line no-control-regex -- that is what must not be there
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
    expect(plain).toContain("\\u001b[31m\\u202e");
    const { findings } = JSON.parse(json) as { findings: { path: string }[] };
    expect(findings[0]?.path).toContain("ots");
  });
});

describe("show", () => {
  const shop = () => {
    written("password.txt", "hidden");
    return written("shop.yml", `${good}secrets: { password: { file: ./password.txt } }\n`);
  };

  it("lists what will be declared, without what is in secrets", () => {
    const { code, out, err } = run("show", "--name", "shop", shop(), "--variable", "TAG=1.28");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^services:\n {2}web:\n {4}name: shop_web\n {4}image: nginx:1\.28$/m);
    expect(out).toMatch(/^ {2}password:\n {4}name: shop_password$/m);
    expect(out).not.toContain("hidden");
  });

  it("prints the calls to Docker in JSON and nothing else, without what is in secrets", () => {
    const { code, out, err } = run("show", "--json", "--name", "shop", shop());
    expect([code, err]).toEqual([0, ""]);
    const parsed = JSON.parse(out) as { calls: { call: string; name: string; body: object }[] };
    expect(Object.keys(parsed)).toEqual(["calls"]);
    expect(parsed.calls.map(({ call, name }) => `${call} ${name}`)).toEqual([
      "create network shop_default",
      "create secret shop_password",
      "create service shop_web",
    ]);
    expect(parsed.calls[1]?.body).toEqual({
      Name: "shop_password",
      Labels: { "com.docker.stack.namespace": "shop" },
    });
    for (const text of ["hidden", Buffer.from("hidden").toString("base64")])
      expect(out).not.toContain(text);
  });

  it("says warnings beside it, and errors instead of it", () => {
    const file = written("warned.yml", "services: { web: { image: nginx, container_name: web } }");
    const warned = run("show", "--json", "--name", "shop", file);
    expect(warned.code).toBe(0);
    expect(warned.err).toContain("services.web.container_name");
    expect(Object.keys(JSON.parse(warned.out) as object)).toEqual(["calls"]);
    const wrong = run("show", "--json", "--name", "shop", written("bad.yml", bad));
    expect([wrong.code, wrong.out]).toEqual([1, ""]);
    expect(wrong.err).toContain("2 errors, 1 warning");
  });

  it("leaves services out by their profiles", () => {
    const file = written(
      "profiles.yml",
      "services: { web: { image: nginx }, debug: { image: busybox, profiles: [debug] } }",
    );
    expect(run("show", "--name", "s", file).out).not.toContain("busybox");
    expect(run("show", "--name", "s", file, "--profile", "debug").out).toContain("busybox");
  });
});

describe("a command line that cannot be carried out", () => {
  it.each([
    [["chek", "a.yml"], 'got "chek"; expected check or show, as in npm run stack -- check FILE\n'],
    [["check"], "check: got no file; expected one at least, as in stacks/shop.yml\n"],
    [["show", "a.yml"], "--name: got nothing; expected the stack's name, as in --name shop\n"],
    [
      ["check", "a.yml", "--variable", "TAG"],
      '--variable: got "TAG"; expected NAME=VALUE, as in --variable TAG=1.4\n',
    ],
  ])("is said: %p", (words, message) => {
    expect(run(...words)).toEqual({ code: 2, out: "", err: message });
  });

  it("is said by what is not known of it", () => {
    const { code, err } = run("check", "--nmae", "x", "a.yml");
    expect(code).toBe(2);
    expect(err).toContain("--nmae");
  });
});

describe("the committed stack files", () => {
  it.each([["wordpress.dev.yml"], ["wordpress.prod.yml"]])("have nothing wrong: %s", (file) => {
    const { code, out } = run("check", "stacks/wordpress.yml", `stacks/${file}`);
    expect([code, out]).toEqual([0, "0 errors, 0 warnings\n"]);
  });
});
