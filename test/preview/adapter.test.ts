import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { plugin, Workspace } from "./harness";
import type { StoredResource } from "./harness";

// Proves what the provider's adapter does under the real engine, with a folder for a machine. It proves nothing about
// hosts, Docker or the nouns' own rules.

jest.setTimeout(180_000);

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.open();
});
afterAll(async () => workspace.close());

const note = (args: string, options = "{}"): string =>
  `new Note("note", { directory, name: "note", ${args} }, ${options});`;

test("a life: create with known outputs, empty preview, change, drift, repair, delete", async () => {
  const project = await workspace.project(
    `const n = ${note("size: 3")} exports.location = n.location; exports.checksum = n.checksum;`,
  );
  const first = await project.preview();
  expect(first.text).toContain(`location: "${project.notes}/note-plain.json"`);
  expect(first.text).toContain(`checksum: [unknown]`);
  expect((await project.up()).text).toContain(`checksum: "sum-3"`);
  expect((await project.preview("--expect-no-changes")).code).toBe(0);

  await project.rewrite(note("size: 4, labels: { tier: 'db' }"));
  const change = await project.preview();
  expect(change.text).toMatch(/\+ labels: \{\s+\+ tier: "db"\s+\}\s+~ size {2}: 3 => 4/);
  expect((await project.up()).code).toBe(0);
  expect(await project.done()).toEqual(["create note plain", "update note plain"]);

  const file = join(project.notes, "note-plain.json");
  const real = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...real, size: 9 }));
  expect((await project.preview()).text).toContain("~ size: 9 => 4");
  expect((await project.up()).code).toBe(0);
  expect((await project.preview("--expect-no-changes")).code).toBe(0);

  await rm(file);
  expect((await project.preview()).text).toContain("+ swarm:index:Note: (create)");
  expect((await project.up()).code).toBe(0);
  expect((await project.pulumi("destroy", "--yes", "--skip-preview")).code).toBe(0);
  expect((await project.done()).slice(2)).toEqual([
    "update note plain",
    "create note plain",
    "delete note plain",
  ]);
});

test("one up: what is changed by hand between its preview and its writing is seen, and repaired", async () => {
  const project = await workspace.project(note("size: 3"));
  await project.up();
  const file = join(project.notes, "note-plain.json");
  // Somebody's hand, when the preview has seen all that it looks at.
  await project.rewrite(`const { readFileSync, writeFileSync } = require("node:fs");
    const file = ${JSON.stringify(file)};
    const torn = { ...JSON.parse(readFileSync(file, "utf8")), size: 9 };
    if (pulumi.runtime.isDryRun())
      process.once("exit", () => writeFileSync(file, JSON.stringify(torn)));
    ${note("size: 3")}`);
  const { code, text } = await project.pulumi("up", "--yes");
  expect(code).toBe(0);
  expect(text).toContain("Previewing update");
  expect(await project.done()).toEqual(["create note plain", "update note plain"]);
  expect(await readFile(file, "utf8")).toContain('"size":3');
});

test("names: what a killed run may have made is looked for under the same one, and no other stack has it", async () => {
  const seedIn = (text: string): string => /seed ([0-9a-f]+)/.exec(text)?.[1] ?? "none";
  const program = note('size: 9, trouble: "refused"');
  const projects = [await workspace.project(program), await workspace.project(program)];
  const seeds: string[] = [];
  for (const project of projects) {
    // The provider's id, which the names follow from, is not known before there is one.
    expect(seedIn((await project.preview()).text)).not.toBe("none");
    const first = seedIn((await project.up()).text);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    // Nothing of it is in the state, as after a kill.
    expect(seedIn((await project.preview()).text)).toBe(first);
    expect(seedIn((await project.up()).text)).toBe(first);
    seeds.push(first);
  }
  expect(seeds[0]).not.toBe(seeds[1]);
});

test("bad input: everything wrong is said at once, by path, and no secret with it", async () => {
  const project = await workspace.project(
    `new Note("note", { directory, name: "Bad\\nname", kind: "bulky", size: 99, sise: 1,
       ports: [{ target: "x", publish: 1 }], password: pulumi.secret(12345678) });`,
  );
  const { code, text } = await project.preview();
  expect(code).not.toBe(0);
  const problems = text.split("\n").filter((line) => line.includes("has a problem"));
  expect(problems.map((line) => line.replace(/.*has a problem: /, ""))).toEqual([
    'name: got "Bad\\nname"; expected a-z and hyphens',
    'kind: got "bulky"; expected "plain" or "rich"',
    "size: got 99; expected at most 10",
    'ports[0].target: got "x"; expected a whole number',
    "ports[0].publish: unknown key; expected published or target",
    "password: got [secret]; expected a string",
    "sise: unknown key; expected directory, kind, labels, name, password, ports, size or trouble",
  ]);
  expect(text).not.toContain("12345678");
});

test("a noun's own rules and warnings", async () => {
  const project = await workspace.project(note("labels: { size: '3' }"));
  expect((await project.preview()).text).toContain(
    "labels.size: got a label; expected the property size",
  );
  await project.rewrite(note("size: 10"));
  const { code, text } = await project.preview();
  expect(code).toBe(0);
  expect(text).toContain("size: 10 pages are many");
});

test("a value that is not known yet is neither wrong nor missing", async () => {
  const project = await workspace.project(
    `const first = new Note("first", { directory, name: "first" });
     const size = first.checksum.apply((sum) => Number(sum.slice(4)));
     new Note("second", { directory, name: "second", size, labels: { sum: first.checksum } });`,
  );
  const before = await project.preview();
  expect(before.code).toBe(0);
  expect(before.text).toMatch(/size {5}: \[unknown\]/);
  expect((await project.up()).code).toBe(0);
  expect((await project.preview("--expect-no-changes")).code).toBe(0);
  await project.rewrite(
    `const first = new Note("first", { directory, name: "first", kind: "rich" });
     const size = first.checksum.apply((sum) => Number(sum.slice(4)));
     new Note("second", { directory, name: "second", size, labels: { sum: first.checksum } });`,
  );
  const after = await project.preview();
  expect(after.text).toMatch(/~ labels: \{\s+~ sum: "sum-3" => \[unknown\]/);
  expect(after.text).toMatch(/~ size {2}: 3 => \[unknown\]/);
});

test("replacement: the new one first, the old one first where two cannot stand side by side", async () => {
  const both = (kind: string): string =>
    `new Note("a", { directory, name: "pair", kind: "${kind}" });
     new Note("b", { directory, name: "single", kind: "${kind}" });`;
  const project = await workspace.project(both("plain"));
  await project.up();
  await project.rewrite(both("rich"));
  const { text } = await project.preview();
  expect(text).toContain('~ kind: "plain" => "rich"');
  expect(text).toContain("+-swarm:index:Note: (replace)");
  for (const name of ["pair", "single"]) expect(text).toContain(`takes the place of ${name}`);
  expect((await project.up()).code).toBe(0);
  const done = (await project.done()).slice(2);
  const order = (name: string): string[] => done.filter((line) => line.includes(name));
  expect(order("pair")).toEqual(["create pair rich", "delete pair plain"]);
  expect(order("single")).toEqual(["delete single plain", "create single rich"]);
});

test("secrets: clear neither in the state nor in any text, also when a command quotes them", async () => {
  const secret = "correct horse battery";
  const program = (trouble: string): string =>
    note(`password: pulumi.secret("${secret}"), ports: [], ${trouble}`);
  const project = await workspace.project(program(""));
  const up = await project.up();
  expect(up.code).toBe(0);
  expect(await project.state()).not.toContain(secret);
  expect((await project.preview("--expect-no-changes")).code).toBe(0);
  await project.rewrite(program('trouble: "leaks"'));
  const leak = await project.up();
  expect(leak.code).not.toBe(0);
  expect(leak.text).toContain("command failed: login --password [secret]");
  expect(leak.text + up.text + (await project.state())).not.toContain(secret);
});

test("a plain failure is a clean sentence, and a mistake of the provider says so", async () => {
  const project = await workspace.project(note('trouble: "refused"'));
  const { code, text } = await project.up();
  expect(code).not.toBe(0);
  expect(text).toMatch(/error: note: the disk is full; free some space\n/);
  expect(text).not.toMatch(/\n\s+at /);
  await project.rewrite(note('trouble: "defect"'));
  expect((await project.up()).text).toContain(
    "a defect of the provider (swarm:index:Note, create): undefined is not a note. --debug shows where",
  );
});

test("a partial failure is kept: the next run says why and updates instead of creating", async () => {
  const project = await workspace.project(note('trouble: "partial"'));
  const first = await project.up();
  expect(first.code).not.toBe(0);
  expect(first.text).toContain("page 2 is torn");
  await project.rewrite(note('trouble: "partial"'));
  const again = await project.preview();
  expect(again.text).toContain("page 2 is torn");
  expect(again.text).toContain("~ swarm:index:Note: (update)");
  expect(first.text).not.toContain("nothing of it is proven");
  expect(again.text).toContain("nothing of it is proven");
  await project.rewrite(note("size: 3"));
  expect((await project.up()).code).toBe(0);
  expect(await project.done()).toEqual(["create note plain", "update note plain"]);
  const steady = await project.preview("--expect-no-changes");
  expect(steady.code).toBe(0);
  expect(steady.text).not.toContain("nothing of it is proven");
});

test("what a program wrote is said once, without any secret of the run, and kept nowhere", async () => {
  const given =
    'const given = new Note("given", { directory, name: "given", password: pulumi.secret("correct horse battery") });';
  const project = await workspace.project(
    `${given} ${note('trouble: "partial"', "{ dependsOn: given }")}`,
  );
  const first = await project.up();
  expect(first.code).not.toBe(0);
  expect(first.text.match(/GENERATED PASSWORD: moonlight/g)).toHaveLength(1);
  expect(first.text).toContain("given: [secret]");
  const again = await project.preview();
  expect(again.text).toContain("page 2 is torn");
  for (const text of [again.text, await project.state()])
    expect(text).not.toMatch(/moonlight|correct horse|last lines/);
});

test("what far away was meant for the terminal is shown, not obeyed", async () => {
  const project = await workspace.project(note('trouble: "hostile"'));
  for (const { code, text } of [await project.up(), await project.preview()]) {
    expect(code).not.toBe(134);
    expect(text).toContain("\\u001b[2J\\u202enrut <{ %boom% }> % }> <{ % \\u009b31m end");
    // eslint-disable-next-line no-control-regex -- these are what must not come through
    expect(text).not.toMatch(/[\u001b\u009b\u202e]|panic|goroutine/);
  }
});

test("a timeout ends the wait, says which, and keeps what was made", async () => {
  const project = await workspace.project(
    note('trouble: "waits"', '{ customTimeouts: { create: "2s" } }'),
  );
  const { code, text } = await project.up();
  expect(code).not.toBe(0);
  expect(text).toContain("not done within 2 s (customTimeouts.create)");
  await project.rewrite(note("size: 3"));
  expect((await project.up()).code).toBe(0);
  expect(await project.done()).toEqual(["create note plain", "update note plain"]);
});

test("Ctrl-C: waiting ends, the state is kept, the next run goes on", async () => {
  const project = await workspace.project(note('trouble: "waits"'));
  const running = project.start("up", "--yes", "--skip-preview");
  await running.saw("writing note");
  running.interrupt();
  const { code, text } = await running.outcome;
  expect(code).not.toBe(0);
  expect(text).toContain("cancelled; the next run goes on from here");
  await project.rewrite(note("size: 3"));
  expect((await project.up()).code).toBe(0);
  expect(await project.done()).toEqual(["create note plain", "update note plain"]);
});

test("ignoreChanges: what was changed by hand stays, also while something else is updated", async () => {
  const program = (labels: string): string =>
    note(`size: 3, labels: { tier: "${labels}" }`, '{ ignoreChanges: ["size"] }');
  const project = await workspace.project(program("db"));
  await project.up();
  const file = join(project.notes, "note-plain.json");
  const scaled = { ...(JSON.parse(await readFile(file, "utf8")) as object), size: 7 };
  await writeFile(file, JSON.stringify(scaled));
  expect((await project.preview("--expect-no-changes")).code).toBe(0);
  await project.rewrite(program("web"));
  expect((await project.up()).code).toBe(0);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
    size: 7,
    labels: { tier: "web" },
  });
});

test("import: what exists comes under the program without a change", async () => {
  const project = await workspace.project("");
  const file = join(project.notes, "note-plain.json");
  const real = { directory: project.notes, name: "note", kind: "plain", size: 5 };
  await writeFile(file, JSON.stringify({ ...real, location: file, checksum: "sum-5" }));
  await project.rewrite(note("size: 5", `{ import: ${JSON.stringify(file)} }`));
  const { code, text } = await project.up();
  expect(text).toContain("1 imported");
  expect(code).toBe(0);
  await project.rewrite(note("size: 5"));
  expect((await project.preview("--expect-no-changes")).code).toBe(0);
  expect(await project.done()).toEqual([]);
});

test("the provider's configuration: every problem by its path, no secret value, nothing replaced by a change", async () => {
  const provider = (hosts: string): string =>
    `const provider = new Provider("cluster", { hosts: ${hosts} });
     new Note("note", { directory, name: "note" }, { provider });`;
  const project = await workspace.project(
    provider(
      `{ "web-1": { role: "boss", port: 0 }, "web_2": { role: "worker" }, "web-3": { rolle: "worker" } }`,
    ),
  );
  const bad = await project.preview();
  expect(bad.code).not.toBe(0);
  const problems = bad.text.split("\n").filter((line) => line.includes("has a problem"));
  expect(problems.map((line) => line.replace(/.*has a problem: /, ""))).toEqual([
    'hosts.web-1.role: got "boss"; expected "manager" or "worker"',
    "hosts.web-1.port: got 0; expected at least 1",
    'hosts.web-3.role: missing; expected "manager" or "worker"',
    expect.stringMatching(/^hosts\.web-3\.rolle: unknown key; expected address, agent, /) as string,
    "hosts.web_2: got this key; expected a host name: a-z, 0-9 and hyphens",
  ]);

  await project.rewrite(
    provider(`{ a: { role: "worker", address: "192.0.2.1", privateKey: "/root/my-key" },
      b: { role: "worker", address: "192.0.2.1", hostKey: "sha256:abc", password: "12345678" } }`),
  );
  const worse = await project.preview();
  expect(worse.text).toContain(
    "hosts.a.privateKey: got [secret]; expected the text of a private key, not its path",
  );
  expect(worse.text).toContain(
    'hosts.b.hostKey: got "sha256:abc"; expected the machine\'s public host key',
  );

  await project.rewrite(
    provider(
      `{ a: { role: "worker", address: "192.0.2.1" }, b: { role: "worker", address: "192.0.2.1", password: "12345678" } }`,
    ),
  );
  const rules = await project.preview();
  for (const problem of [
    "hosts.a.hostKey: missing; expected the machine's public host key",
    "hosts.a: no way to log in; expected privateKey, password or agent, here or in ssh",
    'hosts: got 2 hosts, none of them a manager; expected at least one with role "manager"',
    'hosts.b.address: got "192.0.2.1", the address of a too; expected one of its own',
  ])
    expect(rules.text).toContain(problem);

  await project.rewrite(provider("{}"));
  expect((await project.up()).code).toBe(0);
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  await project.rewrite(
    provider(
      `{ a: { role: "manager", address: "192.0.2.1", hostKey: "${key}", password: pulumi.secret("12345678") } }`,
    ),
  );
  const moved = await project.preview();
  expect(moved.text).toContain("~ pulumi:providers:swarm: (update)");
  expect(moved.text).not.toMatch(/replace|12345678/);
});

test("a preview with every host down shows the state and says so once; acting says why", async () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  const host = (port: number): string =>
    `{ role: "manager", address: "127.0.0.1", port: ${port}, hostKey: "${key}", agent: "/nowhere" }`;
  const note = `const provider = new Provider("cluster", { hosts: { a: ${host(1)}, b: ${host(2)} } });
     new Note("note", { directory, name: "note" }, { provider });`;
  const project = await workspace.project(note);
  expect((await project.up()).code).toBe(0);
  const networks = (resources: StoredResource[]): StoredResource[] => {
    const stored = resources.find(({ type }) => type === "swarm:index:Note");
    if (stored === undefined) throw new Error("no note in the state");
    const made = ["front", "back"].map((name) => {
      const inputs = { name, driver: "overlay" };
      const urn = stored.urn.replace("swarm:index:Note::note", `swarm:index:Network::${name}`);
      return { ...stored, urn, type: "swarm:index:Network", id: name, inputs, outputs: inputs };
    });
    return [...resources, ...made];
  };
  await project.editState(networks);
  await project.rewrite(
    `${note}
     for (const name of ["front", "back"]) {
       const args = { name, driver: "overlay", labels: { tier: "web" } };
       new Other("swarm:index:Network", name, args, { provider });
     }`,
  );
  const preview = await project.preview();
  expect(preview.code).toBe(0);
  expect(preview.text.match(/shown from state/g)).toHaveLength(1);
  expect(preview.text).toContain("no manager of the swarm can be used:");
  expect(preview.text).toContain('+ tier: "web"');
  const up = await project.up();
  expect(up.code).not.toBe(0);
  expect(up.text).toContain("error: no manager of the swarm can be used:");
});

test("a lab that this machine cannot hold is refused before anything is made", async () => {
  const project = await workspace.project(
    `const provider = new Provider("lab", {
       lab: { memory: "9000GiB" }, hosts: { a: { role: "manager" }, b: { role: "worker" } } });
     new Other("swarm:index:LabServices", "services", { image: "centos" }, { provider });`,
  );
  const { code, text } = await project.up();
  expect(code).not.toBe(0);
  expect(text).toMatch(
    /pulumi:providers:swarm resource 'lab' has a problem: lab: .*at least 18432128 MiB/,
  );
  await project.rewrite(`new Provider("lab", { lab: { memory: "lots" }, hosts: {} });`);
  expect((await project.preview()).text).toContain(
    'lab.memory: got "lots"; expected a size with a unit, such as "1536MiB"',
  );
});

test("a served schema that Pulumi accepts", async () => {
  const project = await workspace.project("");
  const { code, text } = await project.pulumi("package", "get-schema", plugin);
  expect(code).toBe(0);
  const schema = JSON.parse(text.slice(text.indexOf("{"))) as {
    resources: Record<string, { inputProperties: object; properties: object }>;
    types: Record<string, object>;
  };
  expect(schema.resources["swarm:index:Note"]).toMatchObject({
    description: "A file in a folder.",
    inputProperties: {
      size: { type: "integer", default: 3, description: "Size in pages." },
      labels: { type: "object", additionalProperties: { type: "string" } },
      ports: { type: "array", items: { $ref: "#/types/swarm:index:NotePort" } },
    },
    requiredInputs: ["directory", "name"],
    properties: { checksum: { type: "string" } },
  });
  expect(schema.types["swarm:index:NotePort"]).toMatchObject({
    properties: { published: { type: "integer", default: 80 } },
    required: ["target"],
  });
});

test("an unknown type names those there are", async () => {
  const project = await workspace.project(`new Other("swarm:index:Noot", "x", {});`);
  expect((await project.preview()).text).toContain(
    'resource type: got "swarm:index:Noot"; expected one of ',
  );
});
