import { ask } from "./stack-lab";
import { cloneOf, minute, setProgram, untilOn, up } from "./story";
import { urls, versions } from "./upgrade-story";

/** An engine and what it has of its own. */
interface Engine {
  /** Name of the clone. */
  readonly story: string;
  /** Whole version, and its first digits as a user declares them. */
  readonly version: string;
  readonly declared: string;
  /** Where a fresh engine keeps images: `overlay2`, or `overlayfs` of containerd. */
  readonly storage: string;
}

const service = (replicas: number): string => `  const at = onCluster(cluster);
  const front = new Network("front", { encrypted: true }, at);
  const word = new Secret("word", { value: "a secret" }, at);
  const page = new Config("page", { value: "told by a config" }, at);
  new Service("web", {
    image: "nginx", replicas: ${replicas}, networks: [{ target: front.name }], env: { BY: "the program" },
    ports: [{ target: 80, published: 8080 }], secrets: [{ source: word.name, target: "word" }],
    configs: [{ source: page.name, target: "/etc/page" }], placement: { maxReplicasPerNode: 1 },
    healthcheck: { test: ["CMD-SHELL", "true"], interval: "2s" },
    updateConfig: { order: "stop-first" },
  }, at);
`;

/**
 * Bare machines like Enterprise Linux become a swarm of one engine; a service answers on each; what is changed by hand
 * is seen, property by property, and repaired; then it goes, and Docker has nothing of it left.
 */
export function tellEngine({ story, version, declared, storage }: Engine): void {
  const hosts = ["manager-1", "worker-1"];
  const clone = cloneOf(story, {
    hosts: ["manager-1: { role: manager }", "worker-1: { role: worker }"],
    lab: "{ memory: 640MiB, image: centos }",
    settings: [`swarm:engine: { version: "${declared}" }`],
  });

  it(
    `is on bare machines, and a service answers on each of them`,
    async () => {
      setProgram(clone, service(2));
      await up(clone);
      expect(await versions(clone, hosts)).toEqual([version, version]);
      for (const host of hosts)
        expect(await clone.on(host, "docker", "info", "--format", "{{.Driver}}")).toBe(storage);
      for (const url of await urls(clone, 8080)) expect((await ask(url)).text).toContain("nginx");
      const inside = "docker exec $(docker ps -q --filter name=web. | head -1) cat";
      for (const host of hosts)
        expect(await clone.on(host, `${inside} /etc/page /run/secrets/word`)).toBe(
          "told by a configa secret",
        );
      expect(await clone.planned()).toEqual([]);
    },
    40 * minute,
  );

  it(
    "shows what was changed by hand, and repairs it",
    async () => {
      await clone.on(
        "manager-1",
        "docker service update --quiet --env-add HAND=1 --replicas 1 web && " +
          "docker node update --label-add hand=1 --availability drain worker-1",
      );
      expect(await clone.planned()).toEqual([
        "update cluster-node-worker-1 availability labels",
        "update web env.HAND replicas",
      ]);
      await up(clone);
      const format =
        "{{json .Spec.TaskTemplate.ContainerSpec.Env}} {{.Spec.Mode.Replicated.Replicas}}";
      expect(
        await clone.on("manager-1", "docker", "service", "inspect", "web", "--format", format),
      ).toBe('["BY=the program"] 2');
      expect(await clone.planned()).toEqual([]);
    },
    30 * minute,
  );

  it(
    "gives no network an IPv6 range, and that is said at preview",
    async () => {
      const network = `new Network("six", { ipv6: true,
        subnets: [{ subnet: "10.65.0.0/24" }, { subnet: "fd00:65::/64" }] }, onCluster(cluster));`;
      setProgram(clone, `${service(2)}\n${network}`);
      const { code, stdout } = await clone.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout).toContain('subnets[1].subnet: got the IPv6 range "fd00:65::/64"');
      // What would have come of it, in the managers' own words.
      const flags = "--driver overlay --ipv6 --subnet 10.65.0.0/24 --subnet fd00:65::/64";
      await clone.on("manager-1", `docker network create ${flags} six`);
      const words = "cannot find address pool for poolID:fd00:65::/64";
      await untilOn(clone, "manager-1", `journalctl -u docker | grep -qF '${words}'`);
      await clone.on("manager-1", "docker", "network", "rm", "six");
    },
    20 * minute,
  );

  it(
    "has nothing left of a service that is declared no more",
    async () => {
      setProgram(clone, "");
      await up(clone);
      const kinds = ["service", "network", "secret", "config"];
      const lists = kinds.map((kind) => `docker ${kind} ls --format '{{.Name}}'`).join("; ");
      expect(await clone.on("manager-1", `(${lists}) | sort | tr '\\n' ' '`)).toBe(
        "bridge docker_gwbridge host ingress none",
      );
      expect(await clone.planned()).toEqual([]);
    },
    20 * minute,
  );
}
