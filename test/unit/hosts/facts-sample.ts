import { parseFacts } from "../../../hosts/facts-parse";
import type { Facts } from "../../../hosts/facts";
import type { HostSpec } from "../../../hosts/host-spec";

/** What facts.sh printed on a prepared machine of a lab, shortened. */
export const SAMPLE = String.raw`os
 NAME="CentOS Stream"
 VERSION="9"
 ID="centos"
 ID_LIKE="rhel fedora"
 VERSION_ID="9"
 PRETTY_NAME="CentOS Stream 9 (lab)"
system
 clock=1000003
 architecture=x86_64
 kernel=6.1.176
 hostname=m1
 machine-id=81aecd5b46774cf4a3f111d1588c6576
 MemTotal=1017972
 SwapTotal=0
 selinux=permissive
disk
 Filesystem     1024-blocks   Used Available Capacity Mounted on
 /dev/root         12278920 586304  11676232       5% /
 /dev/root         12278920 586304  11676232       5% /
 /dev/sdb           4194304      0   2097152       0% /var/lib/docker
addresses
 1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
 2: vec0    inet 10.1.0.11/24 scope global vec0\       valid_lft forever preferred_lft forever
 2: vec0    inet6 fe80::c6ff:fe12:e20b/64 scope link proto kernel_ll \       valid_lft forever
modules
 br_netfilter loaded
 bridge loaded
 ip_vs loaded
 overlay loaded
 veth available
 vxlan loaded
 esp4 available
 xt_bpf available
packages
 installed docker-ce 26.1.5-1.el9
 installed docker-ce-cli 26.1.5-1.el9
 installed containerd.io 1.7.24-3.1.el9
 package docker is not installed
unfinished
services
 Path=/usr/bin/dockerd
 MainPID=2157
 ExecStart={ path=/usr/bin/dockerd ; argv[]=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock ; ignore_errors=no ; pid=2157 ; code=(null) ; status=0/0 }
 Id=docker.service
 ActiveState=active
 UnitFileState=enabled
 ----
 MainPID=725
 ExecStart={ path=/usr/sbin/firewalld ; argv[]=/usr/sbin/firewalld --nofork --nopid ; pid=0 }
 Id=firewalld.service
 ActiveState=active
 UnitFileState=enabled
daemon-json
 {
   "registry-mirrors": [
     "http://10.1.0.1:5000"
   ]
 }
hosts-file
 127.0.0.1 localhost
 # swarm nodes: begin (kept up to date by swarm, edits are lost)
 10.1.0.11 m1
 10.1.0.12 m2
 # swarm nodes: end
repository
 [docker-ce-stable]
 name=Docker CE Stable
 baseurl=http://10.1.0.1:8080/linux/centos/9/$basearch/stable
 enabled=1
 gpgcheck=1
 gpgkey=file:///etc/pki/rpm-gpg/docker-ce.asc
 # Holds the engine at its version when everything else is updated.
 exclude=docker-ce docker-ce-cli containerd.io
repository-key
 -----BEGIN PGP PUBLIC KEY BLOCK-----
modules-file
 ip_vs
 overlay
sysctl-file
 net.ipv4.ip_forward = 1
sysctls
 net.ipv4.ip_forward=1 
 net.ipv4.tcp_rmem=4096	131072	6291456 
users
 alice 1000 alice docker
 bob 1001 bob
authorized-keys
sudo-rules
firewall
 kind firewalld
 zone public
 runtime Settings a{sv} 5 "short" s "Public" "services" as 2 "ssh" "dhcpv6-client" "ports" a(ss) 2 "2377" "tcp" "7946" "udp" "protocols" as 1 "esp" "rules_str" as 1 "rule family=\"ipv4\" source address=\"10.1.0.12\" port port=\"9100\" protocol=\"tcp\" accept" "forward" b true
 permanent Xml <?xml version="1.0" encoding="utf-8"?> <zone>   <service name="ssh"/>   <port port="2377" protocol="tcp"/>   <port port="7946" protocol="udp"/>   <protocol value="esp"/>   <rule family="ipv4">     <source address="10.1.0.12"/>     <port port="9100" protocol="tcp"/>     <accept/>   </rule>   <forward/> </zone> 
`;

/** Fingerprint of the key that the sample's machine trusts. */
export const LAB_KEY = "778D318F597A42340C1F991111AE404D77618920";

/** Facts of a machine that is as `spec()` wants it, with parts of them replaced. */
export function facts(changes: Partial<Facts> = {}): Facts {
  const found = parseFacts(SAMPLE, 1000000);
  return { ...found, engine: { ...found.engine, repositoryKeys: [LAB_KEY] }, ...changes };
}

/** The same for the engine alone. */
export function factsWithEngine(changes: Partial<Facts["engine"]>): Facts {
  const present = facts();
  return { ...present, engine: { ...present.engine, ...changes } };
}

/** A specification that `facts()` fulfil, with parts of it replaced. */
export function spec(changes: Partial<HostSpec> = {}): HostSpec {
  return {
    host: "m1",
    hostname: "m1",
    addresses: { m1: "10.1.0.11", m2: "10.1.0.12" },
    engine: {
      version: "26.1",
      repository: "http://10.1.0.1:8080/linux",
      repositoryKey: false,
      registryMirrors: ["http://10.1.0.1:5000"],
    },
    firewall: { source: "any", ports: ["2377/tcp", "7946/udp", "esp"] },
    packages: [],
    users: { alice: { groups: ["docker"] } },
    modules: ["ip_vs", "overlay"],
    sysctls: { "net.ipv4.ip_forward": "1" },
    update: false,
    ...changes,
  };
}
