/**
 * The swarm's state is saved, lost and brought back: a backup of a running swarm with autolock, onto an engine that
 * remembers nothing; and the loss of the quorum, after which one manager goes on.
 *
 * Does not prove: SELinux labels of the restored files; a machine that was made anew as a whole.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "../e2e/clone";
import { minute, SwarmStory } from "./swarm-story";

const clone = new Clone("swarm-restore");
const hosts = ["manager-1", "manager-2", "manager-3", "worker-1"];
const story = new SwarmStory(clone, hosts.slice(0, 3), hosts.slice(3));
const file = join(clone.directory, "swarm.age");

/** What has to survive, as a manager says. */
async function inventory(host = "manager-1"): Promise<Record<string, unknown>> {
  const names = async (...words: readonly string[]) =>
    (await story.docker(host, ...words)).split("\n").sort();
  return {
    cluster: await story.docker(host, "info", "--format", "{{.Swarm.Cluster.ID}}"),
    services: await names("service", "ls", "--format", "{{.ID}} {{.Name}}"),
    secrets: await names("secret", "ls", "--format", "{{.ID}} {{.Name}}"),
    configs: await names("config", "ls", "--format", "{{.ID}} {{.Name}}"),
    networks: await names("network", "ls", "-f", "scope=swarm", "--format", "{{.ID}} {{.Name}}"),
    key: await story.docker(host, "swarm", "unlock-key", "-q"),
    token: await story.docker(host, "swarm", "join-token", "-q", "worker"),
  };
}

beforeAll(async () => {
  await clone.make();
  story.configure({ autolock: true });
  await story.up();
  await clone.on(
    "manager-1",
    "echo hidden | docker secret create password -; echo shown | docker config create page -;" +
      "docker network create -d overlay back;" +
      "docker service create -d --name web --replicas 2 --secret password --config page --network back nginx",
  );
}, 50 * minute);

afterAll(() => clone.clear(), 15 * minute);

describe("a backup", () => {
  let before: Record<string, unknown>;
  let saved: string;

  it(
    "is an encrypted file, and leaves the swarm as strong as it was",
    async () => {
      before = await inventory();
      const said = await clone.npmOk("backup", ["--file", file]);
      console.log(said);
      saved = /bytes of (\S+)'s state/.exec(said)?.[1] ?? "";
      expect(statSync(file).mode & 0o077).toBe(0);
      const bytes = readFileSync(file);
      expect(bytes.subarray(0, 21).toString()).toBe("age-encryption.org/v1");
      expect(bytes.includes("clusterId")).toBe(false);
      const states = Object.values(await story.nodes("manager-1")).sort();
      expect(states).toEqual(["Ready", "Ready Leader", "Ready Reachable", "Ready Reachable"]);
      for (const host of hosts)
        expect(await clone.on(host, "ls /var/lib/docker")).not.toContain("swarm-state");
    },
    20 * minute,
  );

  it(
    "is not put onto a machine that is in a swarm, nor without a word",
    async () => {
      const busy = await clone.npm("restore", ["--file", file, "--yes"]);
      expect(busy.code).toBe(1);
      expect(busy.stderr).toContain(
        "expected it to be in none. A backup goes onto a fresh machine.",
      );
    },
    10 * minute,
  );

  it(
    "brings the same swarm back on an engine that remembers nothing, and the others join it again",
    async () => {
      for (const host of hosts.slice(0, 3))
        await clone.on(
          host,
          "systemctl stop docker.socket docker && rm -rf /var/lib/docker/* && systemctl start docker",
        );
      const other = hosts.find((host) => host !== saved) ?? "";
      const elsewhere = await clone.npm("restore", ["--file", file, "--host", other, "--yes"]);
      expect(elsewhere.stderr).toMatch(
        /it does not have the address 198\.1[89]\.\d+\.\d+, at which/,
      );
      const silent = await clone.npm("restore", ["--file", file]);
      expect(silent.stderr).toContain("--yes: got nothing, and there is no terminal to ask at");
      await clone.npmOk("restore", ["--file", file, "--yes"], { minutes: 15 });
      expect(await inventory(saved)).toEqual(before);
      // An engine that takes no part in the swarm's networks fails each task that has one.
      expect(await clone.on(saved, "ss -Htln 'sport = :7946'")).toContain(":7946");
      await story.up();
      const states = Object.values(await story.nodes("manager-1")).sort();
      expect(states).toEqual(["Ready", "Ready Leader", "Ready Reachable", "Ready Reachable"]);
      expect(await inventory()).toEqual(before);
      expect(await clone.planned()).toEqual([]);
    },
    45 * minute,
  );
});

describe("the loss of the quorum", () => {
  it(
    "is not recovered from while there is a leader",
    async () => {
      const { code, stderr } = await clone.npm("recover", ["--yes"]);
      expect(code).toBe(1);
      expect(stderr).toContain("nothing is to be recovered");
    },
    10 * minute,
  );

  it(
    "one manager goes on when told to, and the others come back as new members",
    async () => {
      const before = await inventory();
      await story.lab("kill", "manager-2");
      await story.lab("kill", "manager-3");
      console.log(await clone.npmOk("recover", ["--yes"], { minutes: 15 }));
      expect(await inventory()).toEqual(before);
      await story.up();
      const states = Object.values(await story.nodes("manager-1")).sort();
      expect(states).toEqual(["Ready", "Ready Leader", "Ready Reachable", "Ready Reachable"]);
      expect(await clone.planned()).toEqual([]);
    },
    45 * minute,
  );
});
