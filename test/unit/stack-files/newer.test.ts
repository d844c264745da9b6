import { lines, modelOf, read, said, web } from "./sample";

describe("newer files mean what they mean to Compose", () => {
  it("services may be sized beside deploy", () => {
    expect(web("cpus: 0.5, mem_reservation: 64M, pids_limit: 100, scale: 3").deploy).toEqual({
      labels: {},
      replicas: 3,
      limits: { nanoCpus: 5e8, pids: 100 },
      reservations: { memory: 2 ** 26, genericResources: [] },
    });
    expect(
      web("cpus: 1, deploy: {resources: {limits: {cpus: '1', memory: 8M}}}").deploy.limits,
    ).toEqual({ nanoCpus: 1e9, memory: 2 ** 23 });
  });

  it("but not in two ways", () => {
    expect(said("scale: 3, deploy: {replicas: 2}")).toEqual([
      "error stacks/a.yml:1:35 services.web.scale: is not what deploy.replicas says; expected one of the two. Leave scale out.",
    ]);
  });

  it("networks have IPv6, gateways and ranges", () => {
    expect(
      modelOf(
        "services: {}\nnetworks: {n: {enable_ipv6: 'true', ipam: {driver: d, config: [{subnet: 10.0.0.0/24, ip_range: 10.0.0.0/25, aux_addresses: {a: 10.0.0.5}}]}}}",
      ).networks.n,
    ).toEqual({
      driverOpts: {},
      labels: {},
      enableIpv6: true,
      ipam: {
        driver: "d",
        options: {},
        config: [
          { subnet: "10.0.0.0/24", ipRange: "10.0.0.0/25", auxAddresses: { a: "10.0.0.5" } },
        ],
      },
    });
  });

  it("groups and options of the resolver", () => {
    expect(web("group_add: ['100', audio], dns_opt: [ndots:1]")).toMatchObject({
      groupAdd: ["100", "audio"],
      dnsOptions: ["ndots:1"],
    });
  });
});

describe("depends_on", () => {
  const file = (dependsOn: string, rest = ""): string =>
    `services: {web: {image: x, depends_on: ${dependsOn}}, db: {image: y${rest}}}`;

  it("is a list, or a map with conditions", () => {
    expect(modelOf(file("[db]")).services.web?.dependsOn).toEqual({ db: "service_started" });
    expect(
      modelOf(file("{db: {condition: service_healthy, required: true}}")).services.web?.dependsOn,
    ).toEqual({ db: "service_healthy" });
    expect(lines(file("{db: {restart: true}}"))).toEqual([
      expect.stringContaining("depends_on.db.restart: has no effect"),
    ]);
  });

  it("leads to services of the stack", () => {
    expect(lines(file("{bd: {condition: service_healthy}}"))).toEqual([
      'error stacks/a.yml:1:45 services.web.depends_on.bd: got "bd"; expected the key of a service of the stack. Known: db.',
    ]);
  });

  it("may name what is not there in a list, over which Docker reads", () => {
    expect(lines(file("[bd]"))).toEqual([
      'warning stacks/a.yml:1:40 services.web.depends_on.bd: got "bd"; expected the key of a service of the stack. It has no effect, as with Docker. Known: db.',
    ]);
    expect(modelOf(file("[bd, db]")).services.web?.dependsOn).toEqual({ db: "service_started" });
  });

  it("does not go round", () => {
    expect(lines(file("[db]", ", depends_on: [web]"))).toEqual([
      "error stacks/a.yml:1:40 services.web.depends_on: got a circle: web → db → web; expected services that can be made one after the other.",
    ]);
    expect(lines(file("[web]"))).toEqual([expect.stringContaining("got a circle: web → web")]);
  });

  it("finds circles behind other services and none in a diamond", () => {
    const services = (edges: Readonly<Record<string, string>>): readonly string[] =>
      lines(
        `services: {${Object.entries(edges)
          .map(([key, to]) => `${key}: {image: x, depends_on: [${to}]}`)
          .join(", ")}}`,
      );
    expect(services({ a: "b, c", b: "d", c: "d", d: "" })).toEqual([]);
    expect(services({ a: "b", b: "c", c: "d", d: "c" })).toEqual([
      expect.stringContaining("got a circle: c → d → c"),
    ]);
  });
});

describe("profiles", () => {
  const file =
    "services:\n  web: {image: x, depends_on: {debug: {required: false, condition: service_started}}}\n  debug: {image: y, profiles: [debug, dev]}\n";

  it("leave services out, which is said", () => {
    const { services } = modelOf(file);
    expect(Object.keys(services)).toEqual(["web"]);
    expect(services.web?.dependsOn).toEqual({});
    expect(lines(file)).toEqual([
      'warning stacks/a.yml:3:31 services.debug.profiles: debug is left out: none of its profiles ("debug", "dev") is chosen. Choose one with profiles of the stack, or --profile.',
    ]);
  });

  it("bring them in when one is chosen", () => {
    const { model, findings } = read(file, { profiles: ["dev"] });
    expect(Object.keys(model?.services ?? {})).toEqual(["debug", "web"]);
    expect(findings).toEqual([]);
  });

  it("must not take a service away that another needs", () => {
    expect(lines(file.replace("required: false, ", ""))).toEqual([
      expect.stringMatching(
        /^error .*depends_on\.debug: got "debug"; .*choose one of its profiles/,
      ),
      expect.stringMatching(/^warning .*debug is left out/),
    ]);
  });
});
