import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { payloadSpec } from "../../../provider/payload/spec";
import type { PayloadInputs } from "../../../provider/payload/table";
import { callsOf } from "../../../stack/calls";
import { declare } from "../../../stack-files/convert";
import type { StackDeclaration } from "../../../stack-files/declaration";
import type { Finding } from "../../../stack-files/finding";
import { readStackFiles } from "../../../stack-files/read";
import { meaningOf } from "./meaning";
import type { AnyCall } from "./meaning";
import { refusalsOf } from "./refusals";

/** Stack files, and under `recorded/` what `docker stack deploy` really sent for each to an engine that took it all. */
const folder = join(__dirname, "..", "..", "stack-cases");

/** The recordings were made with these. */
const environment = {
  FROM_SHELL: "shell",
  FROM_SHELL_EMPTY: "shell-value",
  FROM_SHELL_BLANK: "",
};

/** What Docker's command sends though an engine would refuse it, or no task of it could run: an error for us. */
interface Refusal {
  readonly why: string;
  readonly errors: readonly string[];
  /** The file without it. */
  readonly file: readonly [string | RegExp, string][];
  /** The recording without it, as one line of JSON. */
  readonly sent: readonly [string | RegExp, string][];
}

const refusals: Readonly<Record<string, Refusal>> = {
  healthcheck: {
    why: "a check begins with no word that Docker knows",
    errors: ["services.bare.healthcheck.test"],
    file: [["{test: [a, b]}", "{test: [CMD, b]}"]],
    sent: [['"Test":["a","b"]', '"Test":["CMD","b"]']],
  },
  interpolation: {
    why: "three variables have no value",
    errors: ["services.web.labels.c", "services.web.labels.p", "services.web.environment.LIST"],
    file: [[/"\$\{(?:UNSET|from_shell)\}"/g, '""']],
    sent: [],
  },
  merge: {
    why: "two constraints compare nothing",
    errors: [
      "services.a.deploy.placement.constraints.0",
      "services.a.deploy.placement.constraints.1",
    ],
    file: [[/\[(c[12])\]/, "[node.labels.$1 == x]"]],
    sent: [['["c1","c2"]', '["node.labels.c1==x","node.labels.c2==x"]']],
  },
  volumes: {
    why: "no engine mounts images for services",
    errors: ["services.long.volumes.6.type"],
    file: [[/.*type: image.*\n/, ""]],
    sent: [[',{"Source":"nginx:1","Target":"/i","Type":"image"}', ""]],
  },
  ports: {
    why: "a port has no target",
    errors: ["services.long.ports.3"],
    file: [["      - {published: 9000}\n", ""]],
    sent: [[',{"PublishedPort":9000}', ""]],
  },
};

const cases = readdirSync(folder)
  .filter((name) => /^[a-z-]+\.yml$/.test(name))
  .map((name) => name.replace(".yml", ""));

/** A case, as it is or without what is refused. */
function readCase(name: string, changes: Refusal["file"] = []) {
  const all = readdirSync(folder);
  const files = [`${name}.yml`, `${name}+.yml`].filter((file) => all.includes(file));
  const { model, findings } = readStackFiles({
    files: files.map((file) => join(folder, file)),
    disk: {
      read: (path) => {
        const bytes = readFileSync(path);
        return path.endsWith(".yml")
          ? Buffer.from(replaced(bytes.toString("utf8"), changes), "utf8")
          : bytes;
      },
      home: "/home/me",
    },
    projectDirectory: folder,
    variables: {},
    environment,
    profiles: [],
  });
  const declared = model === undefined ? undefined : declare(model, { name: "shop" });
  return { declared, errors: errorsAmong([...findings, ...(declared?.findings ?? [])]) };
}

function replaced(text: string, changes: Refusal["file"]): string {
  return changes.reduce((before, [from, to]) => before.replace(from, to), text);
}

function errorsAmong(findings: readonly Finding[]): string[] {
  return findings.filter(({ severity }) => severity === "error").map(({ path }) => path.join("."));
}

/** What was sent, with the folders of this machine in it. */
function recorded(name: string, changes: Refusal["sent"] = []): AnyCall[] {
  const text = readFileSync(join(folder, "recorded", `${name}.json`), "utf8");
  const line = JSON.stringify(JSON.parse(text))
    .replaceAll("CASES", folder)
    .replaceAll("ORACLE", join(folder, ".."));
  return (JSON.parse(replaced(line, changes)) as { calls: AnyCall[] }).calls;
}

/** Names and values of the stack's own secrets, as Docker is given them; of which no call shows the value. */
function valuesIn(declaration: StackDeclaration | undefined): [string, string][] {
  return Object.values(declaration?.secrets ?? {})
    .flatMap((entry): [string, string][] =>
      "args" in entry && entry.args.value !== undefined
        ? [[entry.args.name, payloadSpec(entry.args as PayloadInputs).Data as string]]
        : [],
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

describe.each(cases)("%s.yml", (name) => {
  const refusal = refusals[name];

  it(`has nothing wrong with it${refusal === undefined ? "" : `, but that ${refusal.why}`}`, () => {
    expect(readCase(name).errors).toEqual(refusal?.errors ?? []);
  });

  it("is what the resources take", () => {
    const { declared } = readCase(name, refusal?.file);
    expect(declared === undefined ? ["nothing"] : refusalsOf(declared.declaration)).toEqual([]);
  });

  it("makes what docker stack deploy makes of it", () => {
    const { declared, errors } = readCase(name, refusal?.file);
    expect(errors).toEqual([]);
    const calls = declared === undefined ? [] : callsOf(declared.declaration);
    const sent = recorded(name, refusal?.sent);
    expect(meaningOf(calls)).toEqual(meaningOf(sent));
    expect(valuesIn(declared?.declaration)).toEqual(
      sent
        .filter(({ call, body }) => call === "create secret" && body.Data !== undefined)
        .map(({ body }) => [body.Name, body.Data]),
    );
  });
});
