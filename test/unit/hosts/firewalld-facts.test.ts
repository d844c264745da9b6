import factsScript from "../../../hosts/scripts/facts.sh";
import { parseFacts } from "../../../hosts/facts-parse";
import { FakeMachine } from "./fake-machine";

const machines: FakeMachine[] = [];

afterAll(() => {
  for (const made of machines) made.remove();
});

const dispatch = "-A PRE_public -j PRE_public_pre\n-A PRE_public_dispatch -j PRE_public";

/** A machine on which firewalld runs, with rules in the table nat. */
function walled(rules: string, backend: string): FakeMachine {
  const units = "MainPID=0\nLoadState=loaded\n\nMainPID=725\nId=firewalld.service\n";
  const made = new FakeMachine({
    ...{ ip: "", df: "", busctl: "", nsenter: "" },
    systemctl: `cat <<'END'\n${units}\nEND`,
    iptables: `echo '${rules}'`,
  });
  machines.push(made);
  const settings = `DefaultZone=public\nFirewallBackend=${backend}\n`;
  return made.file("etc/machine-id", "81ae\n").file("etc/firewalld/firewalld.conf", settings);
}

/** What the facts say of the firewall, and how often iptables was asked. */
function found(made: FakeMachine): { zone: string; takesAll: boolean; asked: number } {
  const { stdout, calls } = made.run(factsScript);
  const { zone, takesAll } = parseFacts(stdout, 0).firewall;
  return { zone, takesAll, asked: calls.filter((call) => call.startsWith("iptables")).length };
}

describe("firewalld with iptables behind it", () => {
  it.each([
    ["takes each packet, as 2.5.2 does", "-A PRE_public_dispatch -j ACCEPT", true],
    ["gives them back, as 2.5.0 does", "-A PRE_public_dispatch -j RETURN", false],
    ["takes some", "-A PRE_public_dispatch -i lo -j ACCEPT", false],
    ["takes none, as older ones do", "", false],
  ])("%s", (_, rule, takesAll) => {
    const made = walled(`${dispatch}\n${rule}`, "iptables");
    expect(found(made)).toEqual({ zone: "public", takesAll, asked: 1 });
  });

  it("is asked once where there is a mesh, too, and not at all where nftables is behind it", () => {
    const rules = `${dispatch}\n-A PRE_public_dispatch -j ACCEPT\n-A PREROUTING -j DOCKER`;
    const meshed = walled(rules, "iptables").file("run/docker/netns/ingress_sbox", "");
    expect(found(meshed)).toEqual({ zone: "public", takesAll: true, asked: 1 });
    const other = walled(rules, "nftables");
    expect(found(other)).toEqual({ zone: "public", takesAll: false, asked: 0 });
  });
});
