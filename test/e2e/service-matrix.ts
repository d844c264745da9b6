import type { Case, Declared, Spec } from "../service-cases/case";
import {
  cases,
  common,
  declaration,
  neverKept,
  newerFields,
  newerSince,
} from "../service-cases/cases";
import { Restarts } from "../service-cases/restarts";
import { rowChanges, runningChanges } from "../service-cases/rows";
import { ServiceLab } from "./service-lab";
import type { Services } from "./service-lab";

interface Live {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: Spec & { readonly Name: string };
}

const minute = 60_000;
const entries = Object.entries(cases);
let lab: ServiceLab;
let ids: Record<string, string>;

/** Where the matrix is gone through. */
interface Place {
  /** Name of the clone. */
  readonly story: string;
  /** First digits of the engine's version. */
  readonly version: string;
}

function allCases(step: "from" | "to"): Record<string, Declared> {
  return Object.fromEntries(entries.map(([name, one]) => [name, declaration(one, step)]));
}

function opOf(changes: Readonly<Record<string, string>>): string {
  return Object.values(changes).some((kind) => kind.endsWith("-replace")) ? "replace" : "update";
}

/** Docker's own word on every service, by the name of its case. */
async function live(): Promise<Record<string, Live>> {
  const found = await lab.docker.ask<Live[]>("GET", "/services");
  const caseOf = (name: string): string => (/^(first|second)-name$/.test(name) ? "name" : name);
  return Object.fromEntries(found.map((one) => [caseOf(one.Spec.Name), one]));
}

async function idsByName(): Promise<Record<string, string>> {
  const lists = await Promise.all(
    ["/networks", "/secrets", "/configs"].map((path) =>
      lab.docker.ask<{ Id?: string; ID?: string; Name?: string; Spec?: { Name: string } }[]>(
        "GET",
        path,
      ),
    ),
  );
  const named = lists.flat().map((one) => [one.Name ?? one.Spec?.Name ?? "", one.Id ?? one.ID]);
  return Object.fromEntries(
    named.map(([name = "", id = ""]) => [name.replace(/^([SC]1)-[0-9a-f]{8}$/, "$1"), id]),
  );
}

/** The expectation with real ids, and with real names of secrets and configs. */
function resolved(expected: object, spec: Spec): object {
  const names = JSON.stringify(spec).match(/"[SC]1-[0-9a-f]{8}"/g) ?? [];
  const nameOf = (prefix: string): string =>
    names.find((name) => name.startsWith(`"${prefix}-`)) ?? `"${prefix}"`;
  const replaced = (value: unknown): unknown => {
    if (typeof value === "string") {
      if (value.startsWith("ID of ")) return ids[value.slice(6)];
      return /^[SC]1$/.test(value) ? JSON.parse(nameOf(value)) : value;
    }
    if (Array.isArray(value)) return value.map(replaced);
    const isPlain = typeof value === "object" && value !== null && !("asymmetricMatch" in value);
    if (!isPlain) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]));
  };
  return replaced(expected) as object;
}

/** Does to every service what its case says, with `docker service update` or through the API. */
async function changeByHand(): Promise<string[]> {
  const services = await live();
  const lines: string[] = [];
  const names: string[] = [];
  for (const [name, { hand }] of entries) {
    const service = services[name];
    if (hand === undefined || service === undefined) continue;
    names.push(name);
    if ("flags" in hand) {
      const words = hand.flags.map((word) => `'${realName(word, service.Spec)}'`).join(" ");
      lines.push(`docker service update --detach --quiet ${words} ${service.ID}`);
    } else {
      const spec = structuredClone(service.Spec);
      hand.spec(spec);
      const query = { version: service.Version.Index };
      await lab.docker.ask("POST", `/services/${service.ID}/update`, { query, body: spec });
    }
  }
  const script = ["set -e", ...lines].join("\n");
  await lab.clone.npmOk("lab", ["ssh", "manager-1", script], { minutes: 8 });
  return names;
}

function realName(word: string, spec: Spec): string {
  if (!/^[SC]1$/.test(word)) return word;
  return new RegExp(`${word}-[0-9a-f]{8}`).exec(JSON.stringify(spec))?.[0] ?? word;
}

/**
 * Every property of a service through the real engine and a real swarm of one machine: declared, changed, changed by
 * hand with Docker's own means, repaired, declared no more. What Docker says is asked of Docker, past the program.
 */
export function tellServiceMatrix({ story, version }: Place): void {
  lab = new ServiceLab(story, ["manager-1"]);
  beforeAll(() => lab.make(`  swarm:engine: { version: "${version}" }\n`), 15 * minute);
  afterAll(() => lab.remove(), 15 * minute);
  describe(`every property of a service, with Docker ${version}`, () => {
    tellProperties(Number.parseInt(version, 10));
  });
  describe(`properties that not every engine knows, with Docker ${version}`, () => {
    tellNewer(version);
  });
}

function tellProperties(release: number): void {
  it(
    "is made as declared, and then there is nothing to do",
    async () => {
      lab.declare(allCases("from"));
      await lab.up();
      ids = await idsByName();
      expect(Object.keys(await live()).sort()).toEqual(Object.keys(cases).sort());
      expect(await lab.planned()).toEqual({});
    },
    25 * minute,
  );

  it(
    "costs a preview no call for any of fifty further services, however slow the machine is",
    async () => {
      const { connections, sessions, engineCalls, received } = await lab.clone.cost();
      const more = Array.from({ length: 50 }, (_, index) => [`more-${index}`, common]);
      lab.declare({ ...allCases("from"), ...(Object.fromEntries(more) as Services) });
      await lab.up();
      const cost = await lab.clone.cost();
      expect(cost).toMatchObject({ connections, sessions });
      // Which of the reads comes first decides who has to ask for the swarm's id and its managers: a call or three.
      expect(cost.engineCalls).toBeLessThanOrEqual(engineCalls + 3);
      // Bytes alone grow with what is there.
      expect(cost.received).toBeGreaterThan(received);
      lab.declare(allCases("from"));
      await lab.up();
    },
    10 * minute,
  );

  it(
    "shows its change at exactly its path, in place or as a replacement",
    async () => {
      lab.declare(allCases("to"));
      const expected = entries.map(([name, { changes }]) => [name, { op: opOf(changes), changes }]);
      expect(await lab.planned()).toEqual(Object.fromEntries(expected));
    },
    5 * minute,
  );

  it(
    "is changed to what Docker then says of it, and then there is nothing to do",
    async () => {
      const before = await live();
      await lab.up();
      const after = await live();
      for (const [name, one] of entries) {
        expect({ name, ...after[name]?.Spec }).toMatchObject(
          resolved(one.docker, after[name]?.Spec as Spec),
        );
        const isKept = before[name]?.ID === after[name]?.ID;
        expect([name, isKept]).toEqual([name, opOf(one.changes) === "update"]);
      }
      expect(await lab.planned()).toEqual({});
    },
    10 * minute,
  );

  it(
    "shows what was changed by hand, and nothing else",
    async () => {
      const changed = await changeByHand();
      const drifts = entries.filter(([name]) => changed.includes(name));
      expect(drifts.length).toBeGreaterThan(40);
      const shown = (one: Case) => ({ op: "update", changes: one.drift });
      expect(await lab.planned()).toEqual(
        Object.fromEntries(drifts.map(([name, one]) => [name, shown(one)])),
      );
    },
    10 * minute,
  );

  it(
    "is repaired, a deleted service too",
    async () => {
      await lab.clone.on("manager-1", "docker service rm labels");
      expect((await lab.planned()).labels).toEqual({ op: "create", changes: {} });
      await lab.up();
      const after = await live();
      for (const [name, one] of entries) {
        expect({ name, ...after[name]?.Spec }).toMatchObject(
          resolved(one.docker, after[name]?.Spec as Spec),
        );
      }
      expect(await lab.planned()).toEqual({});
    },
    10 * minute,
  );

  it(
    "goes back to Docker's default when it is declared no more",
    async () => {
      const kept = (one: Case): Declared =>
        "mode" in one.to || "name" in one.to ? declaration(one, "to") : common;
      lab.declare(Object.fromEntries(entries.map(([name, one]) => [name, kept(one)])));
      await lab.up();
      expect(await lab.planned()).toEqual({});
      const { user, mounts } = await live();
      expect(user?.Spec.TaskTemplate.ContainerSpec).not.toHaveProperty("User");
      expect(mounts?.Spec.TaskTemplate.ContainerSpec).not.toHaveProperty("Mounts");
    },
    10 * minute,
  );

  it(
    "has its tasks replaced, when one property alone changes, just where that is said beforehand",
    async () => {
      // The services of the other cases have given their ports back by now.
      const restarts = new Restarts(async (...call) => lab.docker.ask(...call));
      const networks = ["net-a", "net-b"];
      const verdicts = [
        ...(await restarts.of(rowChanges(release), networks)),
        ...(await restarts.of(runningChanges(), networks, 240)),
      ];
      const wrong = verdicts.filter(({ did, said }) => did !== said);
      console.log(`what is said of restarts: ${wrong.length} wrong of ${verdicts.length}`);
      expect(wrong).toEqual([]);
      expect(verdicts.length).toBeGreaterThan(100);
      expect(verdicts.filter(({ did }) => did > 0).length).toBeGreaterThan(60);
      expect(verdicts.filter(({ did }) => did === 0).length).toBeGreaterThan(20);
    },
    10 * minute,
  );

  it(
    "is refused at preview with its path where no engine keeps it",
    async () => {
      lab.declare({ never: { ...common, ...neverKept.declared } });
      const { code, stdout } = await lab.clone.npm("preview");
      expect(code).not.toBe(0);
      for (const path of neverKept.paths) expect(stdout).toContain(`${path}: `);
    },
    10 * minute,
  );
}

function tellNewer(version: string): void {
  const release = Number.parseInt(version, 10);
  const paths = Object.entries(newerSince);
  const kept = paths.filter(([, since]) => since <= release).map(([path]) => path);
  const tooNew = paths.filter(([, since]) => since > release);

  // An engine that knows all of them refuses none, and the other way round.
  if (tooNew.length > 0)
    it(
      "are refused at preview with their paths where the engine is too old for them",
      async () => {
        lab.declare({ newer: { ...common, ...newerFields.declared } });
        const { code, stdout } = await lab.clone.npm("preview");
        expect(code).not.toBe(0);
        for (const [path, since] of tooNew)
          expect(stdout).toMatch(refusal(path, version, `expected Docker ${since} or newer`));
        for (const path of kept) expect(stdout).not.toMatch(refusal(path, version, ""));
      },
      10 * minute,
    );

  if (kept.length > 0)
    it(
      `are kept where it knows them: ${kept.join(", ")}`,
      async () => {
        const { limits, ...known } = newerFields.declared;
        const { TaskTemplate } = newerFields.docker as { TaskTemplate: { Resources: object } };
        const { Resources, ...others } = TaskTemplate;
        const knowsSwap = kept.includes("limits.memorySwap");
        lab.declare({ newer: { ...common, ...known, ...(knowsSwap ? { limits } : {}) } });
        await lab.up();
        const expected = knowsSwap ? { ...others, Resources } : others;
        expect((await live()).newer?.Spec.TaskTemplate).toMatchObject(expected);
        expect(await lab.planned()).toEqual({});
      },
      10 * minute,
    );
}

function refusal(path: string, version: string, expected: string): RegExp {
  const [name = "", digits = ""] = [path, version].map((text) =>
    text.replaceAll(/[[\].]/g, "\\$&"),
  );
  return new RegExp(
    `${name}: got a value, which Docker ${digits}\\S* on manager-1 does not know; ${expected}`,
  );
}
