/**
 * A unique value in every place that takes a secret, then a search for them: in all that is printed, in the clone's
 * folder, in the state's clear text, and on the machine in files, journal, command lines and environments.
 *
 * Does not prove: what Docker itself keeps (the encrypted raft log, its own daemon.json, a container's own output).
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Authority } from "../authority";
import { Clone } from "./clone";

const minute = 60_000;
const clone = new Clone("canary");

/** Begins every canary; written so that what looks for it does not find itself. */
const anyCanary = /CaNaR[y][0-9a-f]{16}/;
/** The same for what a container makes up and logs before it dies: shown once, kept nowhere. */
const anyLogged = /LoGgE[d][0-9a-f]{16}/;

function canary(): string {
  return `CaNaRy${randomBytes(8).toString("hex")}`;
}

const configuration = `config:
  swarm:lab: { memory: 768MiB, image: debian }
  swarm:hosts: { manager-1: { role: manager } }
  swarm:registries: { registry.example.org: { username: deploy } }
  swarm:engine: { daemon: { proxies: { no-proxy: "*" } } }
  swarm:settings: { autolock: true }
  swarm:stacks: { canary: { program: canary } }
`;

const program = `
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../components/cluster";
import { onCluster } from "../components/on-cluster";
import { Config } from "../resources/config";
import { Secret } from "../resources/secret";
import { Service } from "../resources/service";

export function deploy(cluster: Cluster): undefined {
  const given = new pulumi.Config("canary");
  const at = onCluster(cluster);
  const text = new Secret("text", { value: given.requireSecret("text") }, at);
  const bytes = given.requireSecret("bytes").apply((value) => Buffer.from(value).toString("base64"));
  const binary = new Secret("binary", { value: bytes, encoding: "base64" }, at);
  const config = new Config("config", { value: given.requireSecret("config"), templateDriver: "golang" }, at);
  new Service("good", {
    image: "busybox",
    args: ["sleep", "100000"],
    stopSignal: "SIGKILL",
    secrets: [{ source: text.name, target: "text" }, { source: binary.name, target: "binary" }],
    configs: [{ source: config.name, target: "/config" }],
  }, at);
  // LOUD
  return undefined;
}
`;

/** Says a secret of the run, and a password that it made up, and dies. */
const loud = `
  new Service("loud", {
    image: "busybox",
    args: ["sh", "-c", "cat /run/secrets/text; echo GENERATED ROOT PASSWORD: LoGgE\${NOTHING}d$(head -c8 /dev/urandom | od -An -tx1 | tr -d ' \\\\n'); exit 1"],
    secrets: [{ source: text.name, target: "text" }],
    restartPolicy: { condition: "on-failure", maxAttempts: 1, delay: "1s" },
    convergeTimeout: "1m",
  }, at);
`;

/** Everything that was printed so far. */
const printed: { readonly what: string; readonly text: string }[] = [];

/** Sets an encrypted value of the configuration; it goes over standard input. */
function encrypt(path: string, value: string): void {
  const words = ["config", "set", "--stack", "dev", "--secret", "--path", path];
  execFileSync("npm", ["run", "--silent", "pulumi", "--", ...words], {
    cwd: clone.directory,
    env: { ...process.env, TMPDIR: clone.temporary },
    input: value,
  });
}

async function run(task: string, args: readonly string[] = []): Promise<number> {
  const { code, stdout, stderr } = await clone.npm(task, args);
  printed.push({ what: `npm run ${task} ${args.join(" ")}`, text: stdout + stderr });
  return code;
}

/** Texts of all files below a folder, but for the disks of machines and what clones share. */
function* filesBelow(folder: string): Generator<{ name: string; text: string }> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile() && statSync(path).size < 64 * 1024 * 1024)
      yield { name: path.slice(clone.directory.length), text: readFileSync(path, "latin1") };
  }
}

function findIn(texts: Iterable<{ name: string; text: string }>, pattern: RegExp): string[] {
  return [...texts].filter(({ text }) => pattern.test(text)).map(({ name }) => name);
}

/** To plugins Pulumi hands its configuration in the environment (PULUMI_CONFIG), for nobody but the same user to read. */
const handed = "/pulumi-resource-";

/** Command lines and environments of this machine's processes. */
function* processes(): Generator<{ name: string; text: string }> {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
      yield { name: `command line of ${pid}`, text: command };
      if (!command.includes(handed))
        yield {
          name: `environment of ${command}`,
          text: readFileSync(`/proc/${pid}/environ`, "latin1"),
        };
    } catch {
      // It ended meanwhile.
    }
  }
}

/** What a search on the machine says; the pattern does not match its own command line. */
async function onMachine(pattern: RegExp): Promise<string[]> {
  const places = "/etc /root /run/docker /tmp /var/lib/swarm-preparation /var/log /var/tmp";
  const script = [
    `grep -rlaE '${pattern.source}' ${places} 2>/dev/null | grep -vxF /etc/docker/daemon.json`,
    `grep -laE '${pattern.source}' /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null`,
    `journalctl --no-pager -q | grep -E '${pattern.source}' | sed 's/^/journal: /'`,
    "true",
  ].join("; ");
  return (await clone.on("manager-1", script)).split("\n").filter((line) => line !== "");
}

let authority: Authority;

/** Canaries, and a line of the authority's private key. */
function secrets(): RegExp {
  const [, line = ""] = authority.key.split("\n");
  const escaped = line.slice(1).replaceAll(/[+/]/g, "[$&]");
  return new RegExp(`${anyCanary.source}|[${line.slice(0, 1)}]${escaped}`);
}

beforeAll(async () => {
  authority = await Authority.make("canary");
  await clone.make();
  const certificate = JSON.stringify(authority.certificate);
  clone.write(
    "Pulumi.dev.yaml",
    configuration.replace("autolock: true", `autolock: true, caCert: ${certificate}, caKey: ""`),
  );
  clone.write("canary/index.ts", program);
  // Makes the stack, whose passphrase encrypts what follows. The configuration is not whole yet.
  await clone.npm("preview");
  encrypt('swarm:registries["registry.example.org"].password', canary());
  encrypt('swarm:engine.daemon.proxies["http-proxy"]', `http://proxy:${canary()}@192.0.2.1:3128`);
  encrypt("swarm:settings.caKey", authority.key);
  for (const name of ["text", "bytes", "config"]) encrypt(`canary:${name}`, canary());
}, 15 * minute);

afterAll(async () => {
  await clone.clear();
}, 10 * minute);

it(
  "goes through an up, and everything else that looks at it, with all secrets in use",
  async () => {
    const watch = watchProcesses();
    expect(await run("up", ["--yes"])).toBe(0);
    expect(await clone.planned()).toEqual([]);
    const seen = await clone.on(
      "manager-1",
      "docker exec $(docker ps -q --filter name=good) cat /run/secrets/text /run/secrets/binary /config",
    );
    expect(seen.match(new RegExp(anyCanary, "g"))).toHaveLength(3);
    await run("preview", ["--diff"]);
    await run("preview", ["--json"]);
    await run("refresh", ["--yes"]);
    await run("status");
    await run("status", ["--json"]);
    await run("backup", ["--yes", "--file", "backup.age"]);
    await run("pulumi", ["stack", "export", "--stack", "dev"]);
    expect(watch()).toEqual([]);
  },
  20 * minute,
);

it(
  "goes through an up that fails, whose container logs a secret and a password of its own",
  async () => {
    clone.edit("canary/index.ts", "  // LOUD\n", loud);
    const watch = watchProcesses();
    expect(await run("up", ["--yes"])).not.toBe(0);
    const failed = printed.at(-1)?.text ?? "";
    expect(failed).toContain("GENERATED ROOT PASSWORD");
    await run("preview", ["--diff"]);
    await run("refresh", ["--yes"]);
    await run("pulumi", ["stack", "export", "--stack", "dev"]);
    const later = printed.slice(printed.findIndex(({ text }) => text === failed) + 1);
    expect(findIn(named(later), anyLogged)).toEqual([]);
    expect(watch()).toEqual([]);
  },
  10 * minute,
);

it("printed none of them", () => {
  expect(findIn(named(printed), secrets())).toEqual([]);
});

it(
  "left none of them, nor what was logged, in the clone",
  () => {
    expect(findIn(filesBelow(clone.directory), secrets())).toEqual([]);
    expect(findIn(filesBelow(clone.directory), anyLogged)).toEqual([]);
    expect(statSync(join(clone.directory, ".swarm")).mode & 0o077).toBe(0);
  },
  2 * minute,
);

it(
  "left none of them on the machine but where Docker keeps them",
  async () => {
    expect(await onMachine(secrets())).toEqual([]);
    const mode = await clone.on("manager-1", "stat", "-c", "%a %U", "/etc/docker/daemon.json");
    expect(mode).toBe("600 root");
  },
  5 * minute,
);

function named(texts: readonly { what: string; text: string }[]): { name: string; text: string }[] {
  return texts.map(({ what, text }) => ({ name: what, text }));
}

/**
 * Looks at all processes of this machine until it is asked what it saw.
 *
 * @returns ends it, and answers where a secret stood
 */
function watchProcesses(): () => string[] {
  const pattern = secrets();
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const name of findIn(processes(), pattern)) seen.add(name);
  }, 500);
  return () => {
    clearInterval(timer);
    return [...seen];
  };
}
