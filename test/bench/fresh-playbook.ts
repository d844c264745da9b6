import type { Rack } from "../drills/rack";
import type { Playbook } from "./ansible";

/** A service with a published port. */
export interface Web {
  readonly image: string;
  readonly replicas: number;
  readonly published: number;
  readonly target: number;
}

/** From bare machines to a service, as roles for the engine and community.docker's modules do it. */
export function freshPlaybook(rack: Rack, hosts: readonly string[], web: Web): Playbook {
  const [manager = ""] = hosts;
  const at = (name: string): string => rack.addressOf(name);
  const { registryMirrors } = rack.engine as { registryMirrors: string[] };
  const repository = {
    name: "docker-ce-stable",
    description: "Docker CE Stable",
    baseurl: `${rack.repository}/centos/$releasever/$basearch/stable`,
    gpgcheck: true,
    gpgkey: `${rack.repository}/centos/gpg`,
  };
  const ports = ["2377/tcp", "7946/tcp", "7946/udp", "4789/udp", "8080/tcp"];
  const machines = {
    name: "Machines",
    hosts: "all",
    tasks: [
      { "ansible.builtin.hostname": { name: "{{ inventory_hostname }}" } },
      {
        "ansible.builtin.blockinfile": {
          path: "/etc/hosts",
          block: hosts.map((name) => `${at(name)} ${name}`).join("\n"),
        },
      },
      {
        "ansible.builtin.copy": {
          dest: "/etc/modules-load.d/docker.conf",
          content: "br_netfilter\noverlay\n",
        },
      },
      {
        "ansible.posix.sysctl": { name: "net.ipv4.ip_forward", value: "1", sysctl_set: true },
      },
      {
        "ansible.posix.firewalld": {
          port: "{{ item }}",
          permanent: true,
          immediate: true,
          state: "enabled",
        },
        loop: ports,
      },
      {
        "ansible.builtin.package": {
          name: ["docker", "docker-common", "docker-engine"],
          state: "absent",
        },
      },
      { "ansible.builtin.yum_repository": repository },
      {
        "ansible.builtin.package": {
          name: ["docker-ce", "docker-ce-cli", "containerd.io"],
          state: "present",
        },
        notify: "restart docker",
      },
      { "ansible.builtin.file": { path: "/etc/docker", state: "directory", mode: "0755" } },
      {
        "ansible.builtin.copy": {
          dest: "/etc/docker/daemon.json",
          content: JSON.stringify({
            "registry-mirrors": registryMirrors,
            "insecure-registries": registryMirrors.map((url) => new URL(url).host),
          }),
        },
        notify: "restart docker",
      },
      { "ansible.builtin.service": { name: "docker", state: "started", enabled: true } },
      { "ansible.builtin.meta": "flush_handlers" },
    ],
    handlers: [
      { name: "restart docker", "ansible.builtin.service": { name: "docker", state: "restarted" } },
    ],
  };
  const start = {
    name: "Swarm",
    hosts: "managers",
    tasks: [
      {
        "community.docker.docker_swarm": { state: "present", advertise_addr: at(manager) },
        register: "swarm",
      },
    ],
  };
  const join = {
    name: "Workers",
    hosts: "workers",
    tasks: [
      {
        "community.docker.docker_swarm": {
          state: "join",
          advertise_addr: "{{ ansible_host }}",
          join_token: `{{ hostvars['${manager}'].swarm.swarm_facts.JoinTokens.Worker }}`,
          remote_addrs: [`${at(manager)}:2377`],
        },
      },
    ],
  };
  const service = {
    name: "Labels and services",
    hosts: "managers",
    tasks: [
      {
        "community.docker.docker_node": {
          hostname: "{{ item }}",
          labels: { zone: "one" },
        },
        loop: hosts,
      },
      {
        "community.docker.docker_swarm_service": {
          name: "web",
          image: web.image,
          replicas: web.replicas,
          publish: [{ published_port: web.published, target_port: web.target }],
        },
      },
    ],
  };
  return [machines, start, join, service];
}
