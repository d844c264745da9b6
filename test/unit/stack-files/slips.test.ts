import { lines, read, said } from "./sample";

// What people write who mean something else: they are told what it is, and what to write.

/** What is said of the service `web` that says this in lines of its own. */
function saidOf(...written: string[]): readonly string[] {
  const service = ["services:", "  web:", "    image: x", ...written.map((line) => `    ${line}`)];
  return lines(service.join("\n"));
}

describe("lists and maps", () => {
  it("want their dashes, and name the few keys that they have", () => {
    expect(saidOf('ports: "80:80"', "deploy: {restart_policy: always}")).toEqual([
      'error stacks/a.yml:4:12 services.web.ports: got "80:80"; expected a list, each item with "- " before it.',
      'error stacks/a.yml:5:30 services.web.deploy.restart_policy: got "always"; expected a map with condition, delay, max_attempts or window.',
    ]);
  });

  it("of environment are no maps in a list", () => {
    expect(saidOf("environment:", "  - A: b")).toEqual([
      "error stacks/a.yml:5:9 services.web.environment[0]: got a map; expected text. In a list write A=value.",
    ]);
  });

  it("of environment keep spaces and quotes, but for quotes of YAML's own", () => {
    expect(
      saidOf("environment:", "  - A = b", '  - B="b"', '  - "C=c"', "  - D='", '  - E={"a"}'),
    ).toEqual([
      'warning stacks/a.yml:5:9 services.web.environment[0]: the name "A " has its spaces as part of it. Write NAME=value without spaces around "=".',
      "warning stacks/a.yml:6:9 services.web.environment[1]: the quotes are part of the value, as Docker's stacks read it. Leave them out if they are not meant.",
    ]);
    expect(saidOf("environment:", "  A: '\"b\"'")).toEqual([]);
  });

  it("say which of their items Docker leaves out", () => {
    expect(
      saidOf("dns:", "  - 10.0.0.53", "  - ns1", "extra_hosts:", "  - db=10.0.0.5", "  - db"),
    ).toEqual([
      'warning stacks/a.yml:6:9 services.web.dns[1]: got "ns1", which Docker leaves out; expected an address such as "10.0.0.53".',
      'warning stacks/a.yml:9:9 services.web.extra_hosts[1]: got "db", which Docker leaves out; expected a name and an address, such as "db=10.0.0.5".',
    ]);
  });
});

describe("a service beside services", () => {
  it("is told where it belongs", () => {
    expect(lines("services:\nweb:\n  image: x\n")).toEqual([
      "error stacks/a.yml:1:1 services: got nothing; expected a map.",
      "error stacks/a.yml:2:1 web: unknown key. It looks like a service: write it below services, further in.",
    ]);
  });
});

describe("YAML", () => {
  const indented = expect.stringContaining("Look at the indentation") as string;

  it.each([
    ["services:\n  web:\n    image: x\n     ports: []\n", "3:12", indented],
    [
      "services:\n\tweb: {image: x}\n",
      "2:1",
      expect.stringMatching(/indentation\. Write spaces\.$/),
    ],
    [
      "services: {web: {image: x}}\nx-a: {{ a }}:{{ b }}\n",
      "2:13",
      expect.stringMatching(/A text that begins with \{.* needs quotes\.$/),
    ],
  ])("%j says once what to look at", (text, place, message) => {
    const all = lines(text);
    expect(all).toEqual([message]);
    expect(all[0]).toContain(`error stacks/a.yml:${place}: this is no YAML: `);
  });

  it("takes a template without quotes for a map, and nothing else is said of it", () => {
    expect(saidOf("hostname: {{.Node.Hostname}}", "labels: {a: {{.Task.ID}}}")).toEqual([
      'error stacks/a.yml:4:15: got "{{" without quotes; expected text. Put it into quotes.',
      'error stacks/a.yml:5:17: got "{{" without quotes; expected text. Put it into quotes.',
    ]);
  });
});

describe("commands", () => {
  const shell = (word: string): string =>
    `"${word}" is a word like any other: no shell runs this. Write a list, ["sh", "-c", "…"], with the whole line as one text.`;

  it.each([
    ["command: a && b", [shell("&&")]],
    ["entrypoint: a | b", [shell("|")]],
    ["command: sh -c 'a && b'", []],
    ["command: [a, '&&', b]", []],
    ["command: find / -exec rm {} \\;", []],
  ])("%s", (written, messages) => {
    const key = written.slice(0, written.indexOf(":"));
    expect(saidOf(written)).toEqual(
      messages.map(
        (message) => `warning stacks/a.yml:4:${key.length + 7} services.web.${key}: ${message}`,
      ),
    );
  });

  it("of a health check are one text for a shell, and begin with no word of a list", () => {
    expect(said("healthcheck: {test: [CMD-SHELL, pg_isready, -U, me]}")).toEqual([
      expect.stringContaining('test: the shell runs "pg_isready" alone: CMD-SHELL takes one text.'),
    ]);
    expect(said("healthcheck: {test: [CMD-SHELL, pg_isready -U me]}")).toEqual([]);
    expect(said("healthcheck: {test: CMD curl localhost}")).toEqual([
      expect.stringContaining(
        "test: to Docker the text CMD is a command that does not exist. Leave",
      ),
    ]);
    expect(said("healthcheck: {test: CMDS localhost}")).toEqual([]);
  });
});

describe("what a swarm does not have", () => {
  it.each([
    ["tmpfs: /data", "{type: tmpfs, target: /data}."],
    [
      "tmpfs: ['/run:mode=755,size=64m', /tmp]",
      "{type: tmpfs, target: /run, tmpfs: {size: 67108864}}, and the others likewise.",
    ],
    ["shm_size: 256m", "{type: tmpfs, target: /dev/shm, tmpfs: {size: 268435456}}."],
    ["shm_size: 1024", "{type: tmpfs, target: /dev/shm, tmpfs: {size: 1024}}."],
  ])("%s is said with what to write", (written, volume) => {
    expect(said(written)).toEqual([expect.stringContaining(`Write a volume: ${volume}`)]);
  });

  it("a service that takes over another's image is not told that it has none", () => {
    expect(lines("services: {a: {extends: {service: b}}}")).toEqual([
      expect.stringContaining("services.a.extends: Docker refuses it in a stack. Of the same file"),
    ]);
  });

  it("a restart that is not to be, beside the words for it", () => {
    const no = 'restart: to a swarm "no" says nothing: a task that has ended is started again.';
    expect(said('restart: "no"')).toEqual([expect.stringContaining(no)]);
    expect(said('restart: "no", deploy: {mode: replicated-job}')).toEqual([]);
    expect(said('restart: "no", deploy: {restart_policy: {condition: none}}')).toEqual([
      expect.stringContaining("has no effect beside deploy.restart_policy"),
    ]);
  });

  it("a limit that the kernel does not know", () => {
    expect(said("ulimits: {nofiles: 5, nofile: 5, MEMLOCK: 1}")).toEqual([
      expect.stringMatching(/ulimits\.nofiles: is no limit .* Did you mean "nofile"\?$/),
      expect.stringContaining("ulimits.MEMLOCK: expected the name of a limit in lower case"),
    ]);
  });

  it("a path that ends with what was to be an option", () => {
    expect(said('volumes: ["/a:/b,ro"]')).toContainEqual(
      expect.stringContaining(
        'to Docker ",ro" is the end of the path in the container. Write ":ro".',
      ),
    );
    expect(said("volumes: ['/a:/b,ro:ro'], deploy: {mode: global}")).toEqual([]);
  });
});

it("a file with errors is read to its end, and all of what can be read is there", () => {
  const { model } = read("services: {web: {image: x, prots: [], hostname: h}, api: 5}");
  expect(model?.services.web?.hostname).toBe("h");
  expect(Object.keys(model?.services ?? {})).toEqual(["web"]);
});
