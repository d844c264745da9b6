import type { Case } from "./case";
import { container, flags } from "./case";

const someId = { asymmetricMatch: (found: unknown) => typeof found === "string" && found !== "" };

const ofOneTarget = (published: number): object => ({ target: 7000, published });

/** What the tasks are connected to. */
export const attachmentCases: Record<string, Case> = {
  mounts: {
    from: {
      mounts: [
        { source: "v1", target: "/a" },
        { type: "tmpfs", target: "/t", tmpfsSize: "64M" },
      ],
    },
    to: {
      mounts: [
        { type: "tmpfs", target: "/t", tmpfsSize: "67108864", tmpfsMode: "1770" },
        {
          type: "volume",
          source: "v2",
          target: "/a",
          readOnly: true,
          volumeNoCopy: true,
          volumeLabels: { a: "b" },
          volumeDriver: "nfs",
          volumeOptions: { device: "x" },
          volumeSubpath: "s",
        },
        {
          type: "bind",
          source: "/tmp",
          target: "/b",
          readOnly: true,
          bindPropagation: "rslave",
          bindNonRecursive: true,
        },
      ],
    },
    changes: {
      "mounts[0]": "update",
      "mounts[1]": "update",
      "mounts[2]": "add",
    },
    docker: container({
      Mounts: [
        { Type: "tmpfs", Target: "/t", TmpfsOptions: { SizeBytes: 67108864, Mode: 0o1770 } },
        {
          Type: "volume",
          Source: "v2",
          Target: "/a",
          ReadOnly: true,
          VolumeOptions: {
            NoCopy: true,
            Labels: { a: "b" },
            Subpath: "s",
            DriverConfig: { Name: "nfs", Options: { device: "x" } },
          },
        },
        {
          Type: "bind",
          Source: "/tmp",
          Target: "/b",
          ReadOnly: true,
          BindOptions: {
            Propagation: "rslave",
            NonRecursive: true,
          },
        },
      ],
    }),
    hand: flags("--mount-rm", "/b", "--mount-add", "type=volume,source=z,target=/z"),
    drift: { "mounts[2]": "update" },
  },
  secrets: {
    from: { secrets: [{ source: "S1" }] },
    to: { secrets: [{ source: "S1", target: "x", uid: "5", gid: "6", mode: "0400" }] },
    changes: { "secrets[0]": "update" },
    docker: container({
      Secrets: [
        {
          SecretID: "ID of S1",
          SecretName: "S1",
          File: { Name: "x", UID: "5", GID: "6", Mode: 0o400 },
        },
      ],
    }),
    hand: flags("--secret-rm", "S1"),
    drift: { secrets: "add" },
  },
  configs: {
    from: { configs: [{ source: "C1", target: "/c" }] },
    to: { configs: [{ source: "C1", target: "/c", uid: "5", gid: "6", mode: "400" }] },
    changes: { "configs[0].uid": "add", "configs[0].gid": "add", "configs[0].mode": "add" },
    docker: container({
      Configs: [
        {
          ConfigID: "ID of C1",
          ConfigName: "C1",
          File: { Name: "/c", UID: "5", GID: "6", Mode: 0o400 },
        },
      ],
    }),
    hand: flags("--config-rm", "C1"),
    drift: { configs: "add" },
  },
  networks: {
    from: { networks: [{ target: "net-a" }] },
    to: {
      networks: [
        { target: "net-b" },
        { target: "net-a", aliases: ["y", "x"], driverOpts: { k: "v" } },
      ],
    },
    changes: { "networks[0]": "add", "networks[1]": "add" },
    docker: {
      TaskTemplate: {
        Networks: [
          { Target: "ID of net-b" },
          { Target: "ID of net-a", Aliases: ["x", "y"], DriverOpts: { k: "v" } },
        ],
      },
    },
    hand: flags("--network-rm", "net-b"),
    drift: { "networks[0]": "add" },
  },
  ports: {
    from: {
      ports: [
        { target: 80, published: 8080, mode: "host" },
        { target: 53, published: 5353, protocol: "udp" },
        { target: 53, published: 5353 },
      ],
    },
    to: {
      ports: [
        { target: 53, published: 5353, protocol: "udp" },
        { target: 53, published: 5353 },
        { target: 80, published: 8081, mode: "host" },
        { target: 81, published: 8082, protocol: "sctp", name: "signal" },
      ],
    },
    changes: { "ports[2]": "update", "ports[3]": "add" },
    docker: {
      EndpointSpec: {
        Ports: [
          { Protocol: "udp", TargetPort: 53, PublishedPort: 5353, PublishMode: "ingress" },
          { Protocol: "tcp", TargetPort: 53, PublishedPort: 5353, PublishMode: "ingress" },
          { Protocol: "tcp", TargetPort: 80, PublishedPort: 8081, PublishMode: "host" },
          { Name: "signal", Protocol: "sctp", TargetPort: 81, PublishedPort: 8082 },
        ],
      },
    },
    hand: flags("--publish-rm", "53/udp", "--publish-add", "mode=host,target=99,published=9999"),
    drift: { "ports[0]": "add", "ports[3]": "delete" },
  },
  "networks-host": {
    from: { networks: [{ target: "net-a" }] },
    to: { networks: [{ target: "host" }] },
    changes: { "networks[0]": "update" },
    // The swarm has an id of its own for the host's network.
    docker: { TaskTemplate: { Networks: [{ Target: someId }] } },
  },
  "ports-one-target": {
    from: { ports: [6000, 6001, 6002].map(ofOneTarget) },
    to: { ports: [6000, 6005, 6002].map(ofOneTarget) },
    changes: { "ports[1].published": "update" },
    docker: {
      EndpointSpec: {
        Ports: [6000, 6005, 6002].map((published) => ({
          Protocol: "tcp",
          TargetPort: 7000,
          PublishedPort: published,
          PublishMode: "ingress",
        })),
      },
    },
    hand: flags("--publish-add", "6007:7000"),
    drift: { "ports[3]": "delete" },
  },
  "endpoint-mode": {
    to: { endpointMode: "dnsrr" },
    changes: { endpointMode: "add" },
    docker: { EndpointSpec: { Mode: "dnsrr" } },
    hand: flags("--endpoint-mode", "vip"),
    drift: { endpointMode: "update" },
  },
};
