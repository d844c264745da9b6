import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mergeEngine, mergeFirewall, mergeHost } from "../../../host-settings/merge";
import { engineTable, firewallTable, hostTable } from "../../../host-settings/table";
import type { Setting } from "../../../host-settings/table";
import { source } from "../../../host-settings/values";

describe("the settings of one host", () => {
  it("are those of all, with its own in their place, added or under their names", () => {
    const common = {
      packages: ["jq", "gcc"],
      sysctls: { "vm.swappiness": 1, "fs.file-max": 9 },
      users: { hadoop: { uid: 1500, groups: ["docker"] }, ops: {} },
      timeService: "chrony",
      swap: false,
    };
    const own = {
      packages: ["gcc", "make"],
      sysctls: { "vm.swappiness": 10 },
      users: { hadoop: { uid: 1600 } },
      swap: true,
      role: "worker",
    };
    expect(mergeHost<object>(common, own)).toEqual({
      packages: ["jq", "gcc", "make"],
      sysctls: { "vm.swappiness": 10, "fs.file-max": 9 },
      users: { hadoop: { uid: 1600 }, ops: {} },
      timeService: "chrony",
      swap: true,
      role: "worker",
    });
    expect(mergeHost(undefined, { swap: true })).toEqual({ swap: true });
    expect(mergeHost({ swap: true }, undefined)).toEqual({ swap: true });
  });

  it("take one version and one list of mirrors, and keys of daemon.json one by one", () => {
    const common = {
      version: "26.1",
      registryMirrors: ["https://a"],
      daemon: { debug: true, mtu: 1 },
    };
    const own = { version: "28", registryMirrors: ["https://b"], daemon: { mtu: 1400 } };
    expect(mergeEngine<object>(common, own)).toEqual({
      version: "28",
      registryMirrors: ["https://b"],
      daemon: { debug: true, mtu: 1400 },
    });
  });

  it("leave a firewall alone for all or for one", () => {
    const ports = { ports: ["1/tcp"] };
    expect(mergeFirewall<object>(ports, { ports: ["2/tcp"] })).toEqual({
      ports: ["1/tcp", "2/tcp"],
    });
    expect(mergeFirewall<object>(ports, false)).toBe(false);
    expect(mergeFirewall<object>(false, undefined)).toBe(false);
    expect(mergeFirewall<object>(false, ports)).toEqual(ports);
    expect(mergeFirewall<object>(undefined, undefined)).toEqual({});
  });
});

describe("an address or a subnet", () => {
  const said = (text: string) => source.safeParse(text).error?.issues.map(({ message }) => message);

  it.each(["10.0.0.1", "10.20.0.0/16", "0.0.0.0/0", "10.0.0.1/32", "fd00::/8", "::/0", "fd00::1"])(
    "may be %s",
    (text) => {
      expect(said(text)).toBeUndefined();
    },
  );

  it.each([
    ["10.20.0.5/16", "10.20.0.0/16, the subnet that the address lies in"],
    ["192.168.1.129/25", "192.168.1.128/25, the subnet that the address lies in"],
    ["2001:db8::ffff:5/112", "2001:db8::ffff:0/112, the subnet that the address lies in"],
    ["10.0.0.0/33", 'an IP address or a subnet, such as "10.20.0.0/16"'],
    ["10.0.0.0/8/8", 'an IP address or a subnet, such as "10.20.0.0/16"'],
    ["fe80::1%eth0/64", 'an IP address or a subnet, such as "10.20.0.0/16"'],
    ["example.org", 'an IP address or a subnet, such as "10.20.0.0/16"'],
  ])("may not be %s", (text, expected) => {
    expect(said(text)).toEqual([expected]);
  });
});

describe("docs/hosts.md", () => {
  const text = readFileSync(join(__dirname, "../../../docs/hosts.md"), "utf8");
  const cells = (line: string): string =>
    line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim())
      .join("|");
  const documented = new Set(
    text
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map(cells),
  );

  it.each(
    Object.entries({ hostTable, engineTable, firewallTable }).flatMap(([table, rows]) =>
      Object.entries<Setting>(rows).map(([key, row]) => [table, key, row] as const),
    ),
  )("has the row of %s: %s", (_, key, row) => {
    const line = ["", `\`${key}\``, row.says, row.default, row.merge, ""].join("|");
    expect([...documented].filter((other) => other.startsWith(`|\`${key}\`|`))).toContain(line);
  });
});
