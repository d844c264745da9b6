import { Run } from "../../../cluster/run";
import { memberAddresses } from "../../../hosts/host-spec";
import { acceptRule } from "../../../hosts/firewall-rules";
import { plan } from "../../../hosts/preparation";
import { planRemoval } from "../../../hosts/removal";
import { hostInputs } from "../../../provider/host/arguments";
import type { HostInputs } from "../../../provider/host/arguments";
import { checkHost } from "../../../provider/host/check";
import { diffHost } from "../../../provider/host/diff";
import { hostType } from "../../../provider/host/host";
import { toSpec } from "../../../provider/host/spec";
import { stateOf } from "../../../provider/host/state";
import type { Context } from "../../../provider/context";
import { UNKNOWN } from "../../../provider/value";
import { facts } from "../hosts/facts-sample";

// m2 is known by .77, and speaks from .12.
const RAW = {
  host: "m1",
  addresses: { m1: "10.1.0.11", m2: "10.1.0.77" },
  engine: { repository: "https://10.1.0.1:8080" },
};
const ANSWERS = {
  m1: "local 10.1.0.11 dev lo src 10.1.0.11\n10.1.0.77 dev eth0 src 10.1.0.11",
  m2: "10.1.0.11 dev eth0 src 10.1.0.12\nlocal 10.1.0.77 dev lo src 10.1.0.77",
};
const FOUND = { m2: ["10.1.0.12"] };

function checked(changes: object = {}): HostInputs {
  return checkHost({ news: hostInputs.parse({ ...RAW, ...changes }) }).inputs;
}

/** What a run makes of arguments. @param answers - of the machines; one that has none is down */
async function resolved(
  changes: object = {},
  olds?: HostInputs,
  answers: Readonly<Record<string, string | undefined>> = ANSWERS,
): Promise<HostInputs> {
  const script = (host: string) => async () => {
    const stdout = answers[host];
    return stdout === undefined ? Promise.reject(new Error("down")) : Promise.resolve({ stdout });
  };
  const context = {
    machines: { get: (host: string) => ({ script: script(host) }) },
    roles: new Map(Object.keys(answers).map((host) => [host, "manager"])),
    run: new Run(),
  } as unknown as Context;
  const news = checked(changes);
  const request = { news, olds, name: "h", randomSeed: new Uint8Array() };
  const result = await hostType.resolve?.(request, context);
  return result?.inputs ?? news;
}

/** A run in which machines that are as they were are read, and then their arguments resolved. */
async function asked(resolvedWith: object = {}) {
  const scripts: string[] = [];
  const script = (host: "m1" | "m2") => async () => {
    scripts.push(host);
    const lines = ANSWERS[host].split("\n").map((line) => ` ${line}`);
    // What answers routes.sh alone has no sections.
    return Promise.resolve({ stdout: `addresses\n${lines.join("\n")}\n${ANSWERS[host]}` });
  };
  const context = {
    machines: { get: (host: "m1" | "m2") => ({ script: script(host) }) },
    roles: new Map(["m1", "m2"].map((host) => [host, "manager"])),
    run: new Run(),
  } as unknown as Context;
  for (const host of ["m1", "m2"]) {
    const inputs = checked({ host });
    await hostType.read(context, host, { inputs, state: stateOf(facts(), inputs, false) });
  }
  const news = checked(resolvedWith);
  const result = await hostType.resolve?.(
    { news, olds: undefined, name: "h", randomSeed: new Uint8Array() },
    context,
  );
  return { scripts, news: result?.inputs };
}

const rulesFor = (...sources: readonly string[]) => {
  const ports = ["2377/tcp", "4789/udp", "7946/tcp", "7946/udp", "esp"];
  return {
    openings: [],
    rules: sources.flatMap((source) => ports.map((port) => acceptRule("ipv4", source, port))),
  };
};
const open = (...sources: readonly string[]) => {
  const rules = rulesFor(...sources);
  return facts({ firewall: { ...facts().firewall, runtime: rules, permanent: rules } });
};

describe("a machine that speaks from another address than it is known by", () => {
  it("is let in from there, which the preview shows", async () => {
    const news = await resolved();
    expect(news.memberSources).toEqual(FOUND);
    expect(memberAddresses(toSpec(news))).toEqual(["10.1.0.12", "10.1.0.77"]);
    const old = stateOf(open("10.1.0.77"), checked(), false);
    const { changes } = diffHost({ old, news });
    expect(changes).toMatchObject({ memberSources: "add" });
    const titles = plan(open("10.1.0.77"), toSpec(news, old)).map(({ title }) => title);
    expect(titles).toContain(
      "opening 2377/tcp, 4789/udp, 7946/tcp, 7946/udp, esp in firewalld between the nodes, for m2 from 10.1.0.12 too",
    );
  });

  it("is asked once for all, in one question with everything else about it", async () => {
    const { scripts, news } = await asked();
    expect(scripts).toEqual(["m1", "m2"]);
    expect(news?.memberSources).toEqual(FOUND);
  });

  it("is asked again for the way to an address that is new", async () => {
    const { scripts } = await asked({ addresses: { ...RAW.addresses, m3: "10.1.0.13" } });
    expect(scripts).toEqual(["m1", "m2", "m1", "m2"]);
  });

  it("is as declared once it is let in, and seen when it is not any more", async () => {
    const news = await resolved();
    const shown = (found: ReturnType<typeof open>) =>
      Object.keys(diffHost({ old: stateOf(found, news, false), news }).changes).filter((path) =>
        /^(firewall|members|memberSources)/.test(path),
      );
    expect(shown(open("10.1.0.12", "10.1.0.77"))).toEqual([]);
    expect(shown(open("10.1.0.77"))).toHaveLength(5);
    expect(await resolved({}, news)).toEqual(news);
  });

  it("is let in no more when it speaks from its own, or the host is taken out", async () => {
    const before = await resolved();
    const found = open("10.1.0.12", "10.1.0.77");
    const old = stateOf(found, before, false);
    const m2 = ANSWERS.m2.replace("src 10.1.0.12", "src 10.1.0.77");
    const after = await resolved({}, before, { ...ANSWERS, m2 });
    expect(after).not.toHaveProperty("memberSources");
    const closing = plan(found, toSpec(after, old)).find(({ id }) => id === "firewall-close");
    expect(closing?.args?.slice(1).every((rule) => rule.includes('"10.1.0.12"'))).toBe(true);
    expect(closing?.args).toHaveLength(6);
    const [removal] = planRemoval(found, toSpec(before), false);
    expect(removal?.args?.filter((rule) => rule.includes('"10.1.0.12"'))).toHaveLength(5);
  });

  it("stays let in while it is down, and not when it has left", async () => {
    const before = await resolved();
    const { m1 } = ANSWERS;
    expect(await resolved({}, before, { m1, m2: undefined })).toEqual(before);
    expect(await resolved({}, before, { m1: undefined, m2: undefined })).toEqual(before);
    expect(await resolved({}, before, { m1 })).not.toHaveProperty("memberSources");
  });

  it("stays let in while addresses are not known yet", async () => {
    const before = await resolved();
    const addresses = { ...RAW.addresses, m3: UNKNOWN };
    expect((await resolved({ addresses }, before)).memberSources).toEqual(FOUND);
    expect(await resolved({ addresses })).not.toHaveProperty("memberSources");
  });

  it.each([
    ["the firewall is left alone", { firewall: false }],
    ["everybody is let in", { firewall: { source: "any" } }],
    ["its subnet is let in", { firewall: { sources: ["10.1.0.0/28"] } }],
    ["its address is let in", { firewall: { sources: ["10.1.0.12"] } }],
  ])("needs nothing where %s", async (_, changes) => {
    const before = await resolved();
    expect(await resolved(changes, before)).not.toHaveProperty("memberSources");
  });

  it("is let in at what its interfaces have, where it is named by them", async () => {
    const ground = (address: string) => `3: eth1    inet ${address}/24 scope global eth1\n`;
    const m1 = `${ground("10.9.0.11")}local 10.9.0.11 dev lo src 10.9.0.11`;
    const m2 = `${ground("10.9.0.12")}10.9.0.11 dev eth1 src 10.9.0.12`;
    const interfaces = { m1: ["eth1"], m2: ["eth1"] };
    const news = await resolved({ interfaces }, undefined, { m1, m2 });
    expect(news.memberSources).toEqual({ m2: ["10.9.0.12"] });
    expect(memberAddresses(toSpec(news))).toEqual(["10.1.0.77", "10.9.0.12"]);
    expect(await resolved({ interfaces }, news, { m1, m2: undefined })).toEqual(news);
    expect(await resolved({ interfaces: { m1: [UNKNOWN] } }, news, { m1, m2 })).toMatchObject({
      memberSources: { m2: ["10.9.0.12"] },
    });
  });

  it("is never taken from what a program gives", async () => {
    const given = { memberSources: { m2: ["0.0.0.0"] } };
    expect((await resolved(given)).memberSources).toEqual(FOUND);
    expect(await resolved(given, undefined, {})).not.toHaveProperty("memberSources");
  });
});
