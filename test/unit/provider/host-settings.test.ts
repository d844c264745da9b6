import type { Facts } from "../../../hosts/facts";
import { preflight } from "../../../hosts/preflight";
import { plan } from "../../../hosts/preparation";
import { hostInputs, type HostInputs, type HostState } from "../../../provider/host/arguments";
import { checkHost } from "../../../provider/host/check";
import { diffHost } from "../../../provider/host/diff";
import { toRequest, toSpec } from "../../../provider/host/spec";
import { stateOf } from "../../../provider/host/state";
import { facts, LAB_KEY } from "../hosts/facts-sample";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL ann";
const SUDO = "ALL=(ALL) NOPASSWD: ALL";

function inputs(changes: object = {}): HostInputs {
  const engine = {
    repository: "http://10.1.0.1:8080",
    repositoryKey: [LAB_KEY],
    registryMirrors: ["http://10.1.0.1:5000"],
  };
  const raw = {
    ...{ host: "m1", addresses: { m1: "10.1.0.11", m2: "10.1.0.12" }, engine, firewall: false },
    ...{ modules: ["overlay", "ip_vs"], sysctls: { "net.ipv4.ip_forward": 1 } },
    users: { alice: { uid: 1000, authorizedKeys: [KEY], sudo: SUDO } },
    ...{ services: ["sparkle"], timeService: "chrony", swap: false, dockerCompose: true },
    ...changes,
  };
  return checkHost({ news: hostInputs.parse(raw) }).inputs;
}

const on = { present: true, running: true, enabled: true };
const alice = { uid: 1000, groups: ["alice", "docker"], authorizedKeys: [KEY], sudo: SUDO };
const whole: Partial<Facts> = {
  hasSudo: true,
  users: { alice },
  units: { "sparkle.service": on, "chronyd.service": on },
  swapMasked: true,
  packages: { ...facts().packages, "docker-compose-plugin": "2.40" },
};
const diff = (found: Partial<Facts>, declared = inputs()) =>
  diffHost({ old: stateOf(facts({ ...whole, ...found }), declared, false), news: declared })
    .changes;

describe("the settings of a machine", () => {
  it("are nothing to do where it has them", () => {
    expect(diff({})).toEqual({});
    expect(plan(facts(whole), toSpec(inputs()))).toEqual([]);
  });

  it.each<[string, Partial<Facts>, Record<string, string>, string]>([
    [
      "a key",
      { users: { alice: { ...alice, authorizedKeys: [] } } },
      { "users.alice.authorizedKeys[0]": "add" },
      "letting a key log in as alice",
    ],
    [
      "a sudo rule",
      { users: { alice: { ...alice, sudo: "ALL=(ALL) ALL" } } },
      { "users.alice.sudo": "update" },
      "giving alice its rights with sudo",
    ],
    [
      "a service",
      { units: { ...whole.units, "sparkle.service": { ...on, enabled: false } } },
      { "services[0]": "add" },
      "turning on sparkle.service",
    ],
    [
      "the time service",
      { units: { "sparkle.service": on } },
      { timeService: "add" },
      "turning on the time service",
    ],
    ["swap", { swapMasked: false }, { swap: "update" }, "turning swap off"],
    [
      "docker compose",
      { packages: facts().packages },
      { dockerCompose: "update" },
      "installing docker-compose-plugin",
    ],
  ])("show %s that was changed by hand, and what will be done", (_, found, changes, title) => {
    expect(diff(found)).toEqual(changes);
    const titles = plan(facts({ ...whole, ...found }), toSpec(inputs())).map((step) => step.title);
    expect(titles).toContain(title);
  });

  it("leave the machine's name where it is to be kept", () => {
    const kept = inputs({ hostname: "keep" });
    const found = facts({ ...whole, hostname: "m1.example.org" });
    expect(diff({ hostname: "m1.example.org" }, kept)).toEqual({});
    expect(preflight(found, toSpec(kept))).toEqual([]);
    expect(preflight(facts({ ...whole, hostname: "db7" }), toSpec(kept))).toEqual([
      expect.objectContaining({ path: "hostname" }),
    ]);
    expect(diff({ hostname: "m1" }, inputs({ hostname: "m1.example.org" }))).toEqual({
      hostname: "update",
    });
  });

  it("ask the machine for what is declared and for what was", () => {
    const old = stateOf(facts(whole), inputs(), false);
    const { uids, units, users } = toRequest(inputs({ users: { bob: { uid: 7 } } }), old);
    expect({ uids, units, users }).toEqual({
      uids: [7],
      units: ["sparkle.service"],
      users: ["bob", "alice"],
    });
  });

  it("are taken back from a user who is declared no more", () => {
    const old = stateOf(facts(whole), inputs(), false);
    const steps = plan(facts(whole), toSpec(inputs({ users: {} }), old));
    expect(steps.map(({ title }) => title)).toEqual([
      "taking alice out of docker, sudo",
      "no longer letting a key log in as alice",
    ]);
  });

  it("understand a state in which users were a list of names", () => {
    const declared = inputs({ users: { alice: {} } });
    const state = stateOf(facts(whole), declared, false);
    const old = { ...state, users: ["alice"] } as unknown as HostState;
    expect(diffHost({ old, news: declared }).changes).toEqual({});
    expect(toSpec(declared, old).former?.users).toEqual({ alice: { groups: ["docker"] } });
  });

  it("say before anything is done what a machine cannot have", () => {
    const found = facts({
      ...whole,
      hasSudo: false,
      units: { "sparkle.service": { ...on, present: false } },
    });
    const declared = inputs({ timeService: undefined });
    expect(preflight(found, toSpec(declared)).map(({ path }) => path)).toEqual([
      "users.alice.sudo",
      "services[0]",
    ]);
    const packages = ["sudo", "sparkle"];
    expect(preflight(found, toSpec(inputs({ timeService: undefined, packages })))).toEqual([]);
  });
});
