/**
 * The life of a secret that two services share: made, rotated, a rotation that is cut off at either end, a rollback,
 * older versions, changes by hand, and that its value is nowhere to be read.
 *
 * Does not prove: what a manager's disk holds (Docker encrypts its raft log), Windows containers.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Secret } from "@docker/node-sdk";
import { LabEngine } from "../e2e/lab-engine";
import { nextName } from "../../provider/payload/names";
import { cloneOf, inside, minute, setProgram, untilOn, up } from "./story";

const clone = cloneOf("secret-rotation", {
  hosts: ["manager-1: { role: manager }", "worker-1: { role: worker }"],
});
const hosts = ["manager-1", "worker-1"];

interface Declared {
  readonly value: string;
  readonly keep?: number;
  readonly args?: string;
  readonly spare?: string;
}

/** Two services that read the same secret; it and the services are what the story changes. */
function declare({ value, keep, args = '["sleep", "infinity"]', spare = "" }: Declared): void {
  clone.write("story/token.txt", value);
  const kept = keep === undefined ? "" : `, keep: ${keep}`;
  setProgram(
    clone,
    `  const token = new Secret("token", { file: "story/token.txt", labels: { tier: "db" }${kept} }, onCluster(cluster));
  const service = (name: string, args: string[], constraint: string): void => {
    new Service(name, {
      image: "busybox", args, stopSignal: "SIGKILL", replicas: 1, convergeTimeout: "3m",
      secrets: [{ source: token.name, target: "token" }],
      placement: { constraints: [constraint] },
      updateConfig: { failureAction: "rollback", monitor: "10s" },
    }, onCluster(cluster));
  };
  service("one", ${args}, "node.role == manager");
  service("two", ["sleep", "infinity"], "node.role == worker");
${spare}`,
  );
}

/** Names in Docker, oldest first. */
async function tokens(): Promise<string[]> {
  const ids = await clone.on("manager-1", "docker secret ls -q --filter name=token-");
  const format = "{{.CreatedAt.UnixNano}} {{.Spec.Name}}";
  const lines = await clone.on(
    "manager-1",
    `docker secret inspect ${ids.split("\n").join(" ")} --format '${format}'`,
  );
  return lines
    .split("\n")
    .sort()
    .map((line) => line.split(" ")[1] ?? "");
}

/** The secret in Docker that a service is given. */
async function given(service: string): Promise<string> {
  const path = "{{(index .Spec.TaskTemplate.ContainerSpec.Secrets 0).SecretName}}";
  return clone.on("manager-1", "docker", "service", "inspect", service, "--format", path);
}

/** Gives a secret other labels, which Docker's command line cannot. */
async function label(secret: string, labels: Record<string, string>): Promise<void> {
  const docker = new LabEngine(clone, "manager-1", hosts);
  try {
    const { ID, Version, Spec } = await docker.ask<Secret>("GET", `/secrets/${secret}`);
    await docker.ask("POST", `/secrets/${ID ?? ""}/update`, {
      query: { version: Version?.Index },
      body: { ...Spec, Labels: labels },
    });
  } finally {
    await docker.close();
  }
}

async function read(): Promise<string[]> {
  return [
    await inside(clone, "one", "cat /run/secrets/token"),
    await inside(clone, "two", "cat /run/secrets/token"),
  ];
}

it(
  "reaches two services as a file, byte for byte",
  async () => {
    declare({ value: "the first value\n" });
    await up(clone);
    expect(await read()).toEqual(["the first value", "the first value"]);
    expect(await inside(clone, "one", "wc -c /run/secrets/token")).toMatch(/^16 /);
    expect(await tokens()).toEqual([expect.stringMatching(/^token-[0-9a-f]{8}$/)]);
    expect(await clone.planned()).toEqual([]);
  },
  30 * minute,
);

it(
  "moves both services to a new value, and the old secret goes last",
  async () => {
    const [before = ""] = await tokens();
    declare({ value: "the second value" });
    expect(await clone.planned()).toEqual([
      "replace token value",
      "update one secrets[0].source",
      "update two secrets[0].source",
    ]);
    await up(clone);
    expect(await read()).toEqual(["the second value", "the second value"]);
    expect(await tokens()).toEqual([nextName("token", before)]);
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "is finished by the next up when the rotation is killed between making the secret and moving the services",
  async () => {
    const [before = ""] = await tokens();
    declare({ value: "the third value" });
    const made = untilOn(
      clone,
      "manager-1",
      "[ $(docker secret ls -q --filter name=token- | wc -l) = 2 ]",
    );
    const run = clone.start("up", ["--yes", "--skip-preview"]);
    await made;
    run.kill();
    await run.outcome;
    expect(await tokens()).toHaveLength(2);
    await up(clone);
    expect(await read()).toEqual(["the third value", "the third value"]);
    expect(await tokens()).toEqual([nextName("token", before)]);
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "is finished, too, when the run was killed before it could note down what it had made",
  async () => {
    const [before = ""] = await tokens();
    // Exactly what such a run leaves: the object under the name that it had chosen, with the value of that time.
    const left = nextName("token", before);
    await clone.on("manager-1", `printf 'a value of that time' | docker secret create ${left} -`);
    declare({ value: "the fourth value" });
    const output = await up(clone);
    expect(output).toContain("is left from a run that was cut off");
    expect(await read()).toEqual(["the fourth value", "the fourth value"]);
    expect(await tokens()).toEqual([left]);
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "leaves the old secret to a service that Docker rolls back",
  async () => {
    const [before = ""] = await tokens();
    declare({ value: "the fifth value", args: '["false"]' });
    const { code, stdout } = await clone.npm("up", ["--yes"]);
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/one.*roll/s);
    await untilOn(
      clone,
      "manager-1",
      "docker service inspect one --format '{{.UpdateStatus.State}}' | grep -q rollback_completed",
    );
    expect(await given("one")).toBe(before);
    expect(await inside(clone, "one", "cat /run/secrets/token")).toBe("the fourth value");
    declare({ value: "the fifth value" });
    await up(clone);
    expect(await read()).toEqual(["the fifth value", "the fifth value"]);
    expect(await tokens()).toEqual([nextName("token", before)]);
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "keeps as many older versions as told, for a rollback by hand, which the next up sees",
  async () => {
    const [before = ""] = await tokens();
    declare({ value: "the sixth value", keep: 1 });
    await up(clone);
    const after = nextName("token", before);
    expect(await tokens()).toEqual([before, after]);
    await clone.on("manager-1", "docker", "service", "rollback", "one");
    expect(await inside(clone, "one", "cat /run/secrets/token")).toBe("the fifth value");
    expect(await clone.planned()).toEqual(["update one secrets[0].source"]);
    await up(clone);
    expect(await read()).toEqual(["the sixth value", "the sixth value"]);
    declare({ value: "the seventh value", keep: 1 });
    await up(clone);
    expect(await tokens()).toEqual([after, nextName("token", after)]);
    declare({ value: "the seventh value" });
    await up(clone);
    expect(await tokens()).toEqual([nextName("token", after)]);
    expect(await clone.planned()).toEqual([]);
  },
  30 * minute,
);

it(
  "shows what was changed by hand, and puts it right",
  async () => {
    const spare = `  new Secret("spare", { value: "c3BhcmU=", encoding: "base64" }, onCluster(cluster));
  new Config("page", { value: "{{ .Node.Hostname }}", templateDriver: "golang", labels: { a: "1" } }, onCluster(cluster));
`;
    declare({ value: "the seventh value", spare });
    await up(clone);
    const [token = ""] = await tokens();
    await label(token, { tier: "web", by: "hand" });
    await clone.on("manager-1", "docker secret rm $(docker secret ls -q --filter name=spare-)");
    await clone.on("manager-1", "docker config rm $(docker config ls -q --filter name=page-)");
    expect(await clone.planned()).toEqual([
      "create page",
      "create spare",
      "update token labels.by labels.tier",
    ]);
    await up(clone);
    expect(await clone.planned()).toEqual([]);
    const labels = await clone.on(
      "manager-1",
      "docker",
      "secret",
      "inspect",
      token,
      "--format",
      "{{json .Spec.Labels}}",
    );
    expect(JSON.parse(labels)).toEqual({ tier: "db" });
  },
  20 * minute,
);

it(
  "is refused over 500 KB before anything changes, without showing the value",
  async () => {
    declare({ value: "secretsauce ".repeat(43_000) });
    const { code, stdout, stderr } = await clone.npm("preview", ["--diff"]);
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain("value: got 516000 bytes; expected 1 to 511999");
    expect(`${stdout}${stderr}`).not.toContain("secretsauce");
  },
  10 * minute,
);

it(
  "takes bytes that are no text",
  async () => {
    declare({ value: "the seventh value" });
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));
    clone.write("story/token.txt", bytes);
    await up(clone);
    const sum = createHash("md5").update(bytes).digest("hex");
    expect(await inside(clone, "two", "md5sum /run/secrets/token")).toContain(sum);
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "is nowhere to be read but in the containers' memory",
  async () => {
    const value = "a-value-to-look-for-4711";
    declare({ value });
    // Every command line on both hosts, as often as the machine allows, while the secret is made and moved.
    const watch =
      "until [ -e /tmp/enough ]; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ >>/root/seen 2>/dev/null; sleep 0.5; done";
    const watchers = hosts.map((host) => clone.start("lab", ["ssh", host, watch]));
    const output = await up(clone);
    const shown = await clone.npmOk("preview", ["--diff"]);
    for (const host of hosts) await clone.on(host, "touch", "/tmp/enough");
    await Promise.all(watchers.map(async ({ outcome }) => outcome));
    expect(await read()).toEqual([value, value]);
    for (const text of [value, Buffer.from(value).toString("base64")]) {
      expect(output + shown).not.toContain(text);
      expect(await clone.npmOk("pulumi", ["stack", "export", "--stack", "dev"])).not.toContain(
        text,
      );
      for (const host of hosts) {
        const places =
          "/root /etc /home /tmp /var/tmp /var/log /run/docker /var/lib/docker/containers";
        const found = await clone.on(
          host,
          `grep -rlaF --exclude-dir=mounts -- ${text} ${places} 2>/dev/null; true`,
        );
        expect(found).toBe("");
        const said = await clone.on(
          host,
          "journalctl --no-pager -q; docker inspect $(docker ps -q)",
        );
        expect(said).not.toContain(text);
      }
      const state = join(clone.directory, ".swarm/state/.pulumi/stacks/swarm/dev.json");
      expect(readFileSync(state, "utf8")).not.toContain(text);
      const services = await clone.on("manager-1", "docker", "service", "inspect", "one", "two");
      expect(
        services + (await clone.on("manager-1", "docker secret inspect $(docker secret ls -q)")),
      ).not.toContain(text);
    }
  },
  20 * minute,
);
