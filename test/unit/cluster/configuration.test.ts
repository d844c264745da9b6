import { configurationProblems, configurationSchema } from "../../../cluster/configuration";

const hostKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl root@web";
const advice =
  'expected the machine\'s public host key, "ssh-ed25519 AAAA…". On the machine itself: cat /etc/ssh/ssh_host_ed25519_key.pub';

function problems(value: object): string[] {
  const configuration = configurationSchema.parse(value);
  return configurationProblems(configuration).map(({ path, reason }) => `${path}: ${reason}`);
}

const host = { role: "manager", address: "192.0.2.1", hostKey, agent: "/run/agent" };

test.each([
  ["no hosts", {}, []],
  ["one host", { hosts: { a: host } }, []],
  ["a login for all", { ssh: { password: "x" }, hosts: { a: { ...host, agent: undefined } } }, []],
  [
    "one port of one address, said for all",
    { ssh: { port: 2222 }, hosts: { a: host, b: { ...host, port: 2222 } } },
    ['hosts.b.address: got "192.0.2.1", the address of a too; expected one of its own'],
  ],
  [
    "one address behind two jump hosts",
    {
      hosts: {
        a: { ...host, jump: { address: "a.example", hostKey, agent: "/run/agent" } },
        b: { ...host, jump: { address: "b.example", hostKey, agent: "/run/agent" } },
      },
    },
    [],
  ],
  ["two ports of one address", { hosts: { a: host, b: { ...host, port: 2222 } } }, []],
  ["a lab", { lab: {}, hosts: { a: { role: "manager" } } }, []],
  [
    "nothing to reach it by",
    { hosts: { a: { role: "manager" } } },
    [
      "hosts.a.address: missing; expected a name or an IP address (only a lab's hosts have none)",
      `hosts.a.hostKey: missing; ${advice}`,
      "hosts.a: no way to log in; expected privateKey, password or agent, here or in ssh",
    ],
  ],
  [
    "no manager, and one address twice",
    { hosts: { a: { ...host, role: "worker" }, b: { ...host, role: "worker" } } },
    [
      'hosts: got 2 hosts, none of them a manager; expected at least one with role "manager"',
      'hosts.b.address: got "192.0.2.1", the address of a too; expected one of its own',
    ],
  ],
  [
    "a lab with addresses",
    { lab: {}, hosts: { a: host } },
    ["address", "hostKey"].map(
      (key) =>
        `hosts.a.${key}: given, and so is lab; expected one of the two: a lab's hosts get theirs from it`,
    ),
  ],
])("%s", (_, value, expected) => {
  expect(problems(value)).toEqual(expected);
});

test.each([
  [hostKey, true],
  [`${hostKey}\n${hostKey} root@a\n`, true],
  [`${hostKey}\necdsa-sha2-nistp256 AAAAE2VjZHNh\n`, false],
  ["sk-ssh-ed25519@openssh.com AAAAGnNr", false],
  ["SHA256:abc", false],
  ["192.0.2.1 ssh-ed25519 AAAA", false],
  ["", false],
])("host key %j: %s", (text, expected) => {
  const value = { hosts: { a: { ...host, hostKey: text } } };
  expect(configurationSchema.safeParse(value).success).toBe(expected);
});
