/**
 * A swarm that was built by hand comes under the program: three hosts, labels, settings, a drained worker, a service.
 * The preview says what is taken over, `up` changes nothing in Docker, and the next preview is empty.
 *
 * Does not prove: engines that were installed by hand; several managers.
 */
import { Clone } from "../e2e/clone";
import { configuration, isSettled, localState, minute, nodesSeenBy } from "./node-lab";

const clone = new Clone("swarm-adopt");
const hosts = ["manager-1", "worker-1", "worker-2"];
const lines = [
  "manager-1: { role: manager, labels: { site: a } }",
  "worker-1: { role: worker, labels: { site: b, tier: db } }",
  "worker-2: { role: worker, availability: drain }",
];
const settings =
  "  swarm:settings: { certExpiry: 720h, taskHistoryLimit: 3, labels: { stage: lab } }\n";

/** Everything up to the engines, and no swarm. */
const machinesOnly = ["", "-provider", "-lab", "-machine-*", "-host-*"].flatMap((name) => [
  "--target",
  `**::cluster${name}`,
]);

beforeAll(async () => {
  await clone.make();
  clone.write("Pulumi.dev.yaml", configuration(lines) + settings);
  await clone.npmOk("up", ["--yes", "--skip-preview", ...machinesOnly], { minutes: 30 });
  for (const host of hosts) expect(await localState(clone, host)).toBe("inactive");
  await buildByHand();
}, 40 * minute);

afterAll(() => clone.clear(), 15 * minute);

async function buildByHand(): Promise<void> {
  const address = (host: string): string => `$(getent ahostsv4 ${host} | awk '{ print $1; exit }')`;
  await clone.on("manager-1", `docker swarm init --advertise-addr ${address("manager-1")}`);
  const token = await clone.on("manager-1", "docker", "swarm", "join-token", "-q", "worker");
  for (const host of ["worker-1", "worker-2"])
    await clone.on(
      host,
      `docker swarm join --token ${token} --advertise-addr ${address(host)} ${address("manager-1")}:2377`,
    );
  await clone.on(
    "manager-1",
    "docker swarm update --cert-expiry 720h --task-history-limit 3 && " +
      "docker node update --label-add site=a manager-1 && " +
      "docker node update --label-add site=b --label-add tier=db worker-1 && " +
      "docker node update --availability drain worker-2 && " +
      "docker service create --quiet --name web --replicas 2 nginx",
  );
}

/** What must stay the very same. */
async function inventory(): Promise<Record<string, string>> {
  const ask = async (...words: readonly string[]): Promise<string> =>
    (await clone.on("manager-1", "docker", ...words)).split("\n").sort().join("\n");
  return {
    cluster: await ask("info", "--format", "{{.Swarm.Cluster.ID}}"),
    nodes: await ask("node", "ls", "--format", "{{.ID}} {{.Hostname}} {{.Availability}}"),
    services: await ask("service", "ls", "--format", "{{.ID}} {{.Name}} {{.Replicas}}"),
    tasks: await ask("service", "ps", "web", "--format", "{{.ID}} {{.Node}} {{.DesiredState}}"),
    token: await ask("swarm", "join-token", "--quiet", "worker"),
  };
}

describe("a swarm that was built by hand", () => {
  it(
    "is refused while it is declared as something that Docker cannot change any more",
    async () => {
      const wrong = settings.replace("{ certExpiry", "{ defaultAddrPoolMaskLength: 26, certExpiry");
      clone.write("Pulumi.dev.yaml", configuration(lines) + wrong);
      const before = await inventory();
      const { code, stdout, stderr } = await clone.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain(
        "Docker fixes some settings when a swarm is made. " +
          "defaultAddrPoolMaskLength: got 26; expected 24. Declare it as it is, or take the swarm apart",
      );
      expect(await inventory()).toEqual(before);
    },
    10 * minute,
  );

  it(
    "is taken over as it is: the preview names what changes, and nothing else does",
    async () => {
      clone.write("Pulumi.dev.yaml", configuration(lines) + settings);
      const before = await inventory();
      const preview = await clone.npmOk("preview");
      expect(preview).toMatch(
        /manager-1 manages a swarm already \(\w+\): it is taken over; this changes: labels\./,
      );
      for (const host of hosts)
        expect(preview).toMatch(
          new RegExp(
            `${host} is a node of the swarm already \\(\\w+\\): it is taken over; nothing changes\\.`,
          ),
        );
      await clone.npmOk("up", ["--yes"]);
      expect(await inventory()).toEqual(before);
      expect(await isSettled(clone)).toBe(true);
    },
    20 * minute,
  );

  it(
    "is kept as declared from then on",
    async () => {
      const format = "{{json .Swarm.Cluster.Spec.Labels}}";
      expect(await clone.on("manager-1", "docker", "info", "--format", format)).toBe(
        '{"stage":"lab"}',
      );
      await clone.on("manager-1", "docker node update --label-add by=hand worker-1");
      expect(await clone.planned()).toEqual(["update cluster-node-worker-1 labels.by"]);
      await clone.npmOk("up", ["--yes", "--skip-preview"]);
      const nodes = await nodesSeenBy(clone, "manager-1");
      expect(nodes["worker-1"]?.labels).toEqual({ site: "b", tier: "db" });
      expect(nodes["worker-2"]).toMatchObject({ availability: "drain", labels: {} });
    },
    15 * minute,
  );
});
