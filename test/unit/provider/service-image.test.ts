import { EngineError } from "../../../hosts/engine";
import type { Context } from "../../../provider/context";
import { compareField } from "../../../provider/fields/field";
import type { Managers } from "../../../cluster/managers";
import { Run } from "../../../cluster/run";
import { NoManagerError } from "../../../cluster/managers";
import { Registries } from "../../../cluster/registries";
import { pinnedInputs } from "../../../provider/service/pinning";
import { imageToWrite } from "../../../provider/workload/pinning";
import { isSameTag, pinnedTo, registryOf, withoutPin } from "../../../provider/workload/image";
import { serviceTable } from "../../../provider/service/table";
import { UNKNOWN } from "../../../provider/value";

const one = "sha256:1111";
const two = "sha256:2222";

/** A cluster whose managers get a registry's answer, or an error, and what was asked and said. */
function cluster(
  answer: unknown,
  logins: Record<string, { username: string; password: string }> = {},
) {
  const asked: { path: string; headers: unknown }[] = [];
  const warnings: string[] = [];
  const request = async (_method: string, path: string, { headers }: { headers: unknown }) => {
    asked.push({ path, headers });
    if (answer instanceof Error) throw answer;
    return Promise.resolve(answer);
  };
  const managers = {
    use: async (call: (engine: unknown) => unknown) => Promise.resolve(call({ request })),
  };
  const context = {
    managers: managers as unknown as Managers,
    run: new Run(),
    registries: new Registries(logins),
    signal: new AbortController().signal,
    warnOnce: (text: string) => warnings.push(text),
  } as unknown as Context;
  return { context, asked, warnings };
}

const found = {
  Descriptor: { digest: two },
  Platforms: [
    { os: "linux", architecture: "amd64" },
    { os: "unknown", architecture: "unknown" },
  ],
};
const refuse = (status: number, reason: string) =>
  new EngineError("m", "GET /distribution", status, reason);

describe("in a lab", () => {
  it("an image that is made on demand is made before its registry is asked", async () => {
    const { context, asked } = cluster(found);
    const made: string[] = [];
    const provide = (image: string): Promise<void> => {
      expect(asked).toEqual([]);
      made.push(image);
      return Promise.resolve();
    };
    const lab = { services: { provide } } as unknown as Context["lab"];
    const { inputs } = await pinnedInputs(
      { ...context, lab },
      { image: "shop/user:1.0" },
      undefined,
    );
    expect([inputs.image, made]).toEqual([`shop/user:1.0@${two}`, ["shop/user:1.0"]]);
  });
});

describe("an image's name", () => {
  it.each([
    ["nginx", "docker.io"],
    ["acme/web:1", "docker.io"],
    ["index.docker.io/acme/web", "docker.io"],
    ["registry.local:5000/web:1", "registry.local:5000"],
    ["localhost/web@sha256:aa", "localhost"],
  ])("%s is of registry %s", (image, registry) => {
    expect(registryOf(image)).toBe(registry);
  });

  it.each([
    ["nginx", one, `nginx:latest@${one}`],
    ["nginx:1", one, `nginx:1@${one}`],
    ["nginx:1", undefined, "nginx:1"],
    [`nginx@${two}`, one, `nginx@${two}`],
  ])("%s pinned to %s is %s", (image, digest, pinned) => {
    expect(pinnedTo(image, digest)).toBe(pinned);
  });

  it.each([
    ["nginx", `docker.io/library/nginx:latest@${one}`, true],
    ["nginx:1", "nginx:2", false],
    [`nginx@${one}`, "nginx", false],
  ])("%s and %s are one tag: %s", (a, b, same) => {
    expect(isSameTag(a, b)).toBe(same);
    expect(isSameTag(b, a)).toBe(same);
  });

  it("comes back from its pin", () => {
    expect(withoutPin(pinnedTo("nginx:1", one))).toBe("nginx:1");
  });
});

describe("a change of image", () => {
  it.each<[string, string, object]>([
    [`nginx:1@${one}`, "nginx:1", {}],
    [`nginx:1@${one}`, `nginx:1@${two}`, { "": "update" }],
    ["nginx:1", `nginx:1@${one}`, { "": "update" }],
    [`nginx:1@${one}`, "nginx:2", { "": "update" }],
    [`nginx:1@${one}`, `docker.io/library/nginx:1@${one}`, {}],
  ])("from %s to %s", (old, news, changes) => {
    expect(compareField(serviceTable.image, old, news)).toEqual(changes);
  });
});

describe("pinning at preview", () => {
  const missing = refuse(404, "manifest unknown");
  it.each<[string, object, string | undefined, unknown, string, number]>([
    ["a new service", {}, undefined, found, `web:1@${two}`, 1],
    ["another tag", {}, `web:0@${one}`, found, `web:1@${two}`, 1],
    ["the same tag", {}, `web:1@${one}`, found, `web:1@${one}`, 0],
    ["the same tag, always", { imageRefresh: "always" }, `web:1@${one}`, found, `web:1@${two}`, 1],
    ["never", { imageRefresh: "never" }, undefined, found, "web:1", 0],
    [
      "a tag gone from its registry",
      { imageRefresh: "always" },
      `web:1@${one}`,
      missing,
      `web:1@${one}`,
      1,
    ],
    ["no manager yet", {}, undefined, new NoManagerError("none"), "web:1", 1],
    ["a registry that is down", {}, undefined, refuse(500, "dial tcp: refused"), "web:1", 1],
  ])("%s", async (_what, more, was, answer, image, questions) => {
    const { context, asked } = cluster(answer);
    const result = await pinnedInputs(context, { name: "s", image: "web:1", ...more }, was);
    expect(result).toMatchObject({ inputs: { image }, failures: [] });
    expect(asked).toHaveLength(questions);
  });

  it.each<[string, object, unknown, string, number]>([
    ["is asked about again", {}, found, `web:1@${two}`, 1],
    ["stays as it is where nobody answers", {}, new NoManagerError("none"), `web:1@${one}`, 1],
    ["stays as it is once it is gone", {}, missing, `web:1@${one}`, 1],
    ["stays a tag where that was asked for", { imageRefresh: "never" }, found, "web:1", 0],
  ])("after a rollout that failed, its tag %s", async (_what, more, answer, image, questions) => {
    const { context, asked } = cluster(answer);
    const news = { name: "s", image: "web:1", ...more };
    const result = await pinnedInputs(context, news, `web:1@${one}`, true);
    expect(result).toMatchObject({ inputs: { image }, failures: [] });
    expect(asked).toHaveLength(questions);
  });

  it.each([
    [missing, /expected an image that docker\.io has\. It says: manifest unknown/],
    [
      refuse(401, "unauthorized: authentication required"),
      /an account that may read it: swarm:registries, key "docker\.io"/,
    ],
    [refuse(500, "errors: denied: requested access"), /does not hand out/],
  ])("refuses an image that is not to be had: %s", async (error, text) => {
    const { failures } = await pinnedInputs(cluster(error).context, { image: "web:1" }, undefined);
    expect(failures).toMatchObject([
      { path: "image", reason: expect.stringMatching(text) as string },
    ]);
  });

  it("says once that a registry is down", async () => {
    const { context, warnings } = cluster(refuse(500, "dial tcp: refused"));
    await pinnedInputs(context, { image: "web:1" }, undefined);
    expect(warnings).toEqual([expect.stringContaining('image: "web:1" stays a tag')]);
  });

  it("asks nothing about what is not known, or fixed", async () => {
    const { context, asked } = cluster(found);
    for (const image of [UNKNOWN, `web@${one}`]) {
      expect((await pinnedInputs(context, { image }, undefined)).inputs.image).toBe(image);
    }
    expect(asked).toEqual([]);
  });

  it("asks once for many services", async () => {
    const { context, asked } = cluster(found);
    await Promise.all(
      [1, 2, 3].map(async () => pinnedInputs(context, { image: "web" }, undefined)),
    );
    expect(asked.map(({ path }) => path)).toEqual(["/distribution/web:latest/json"]);
  });
});

describe("registry accounts", () => {
  const logins = { "https://registry.local:5000": { username: "deploy", password: "hunter22" } };

  it("go along with the question, and to no other registry", async () => {
    const { context, asked } = cluster(found, logins);
    const { inputs } = await pinnedInputs(
      context,
      { image: "registry.local:5000/web:1" },
      undefined,
    );
    await pinnedInputs(context, { image: "other.local/web:1" }, undefined);
    const [own, other] = asked as { headers: Record<string, string> }[];
    const header = Buffer.from(own?.headers["x-registry-auth"] ?? "", "base64url").toString();
    expect(JSON.parse(header)).toEqual({
      username: "deploy",
      password: "hunter22",
      serveraddress: "registry.local:5000",
    });
    expect(other?.headers).toEqual({});
    expect(inputs.registryLogin).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(inputs)).not.toContain("hunter22");
  });

  it("have another fingerprint when their password changes", () => {
    const of = (password: string) =>
      new Registries({ "docker.io": { username: "u", password } }).fingerprint("docker.io");
    expect(of("a")).not.toBe(of("b"));
    expect(of("a")).toBe(of("a"));
    expect(new Registries().fingerprint("docker.io")).toBeUndefined();
  });

  // As Go's base64.URLEncoding reads it: whole groups of four, from an alphabet without + and /.
  it.each(["p", "pä~", "pä~?", "pä~?>"])("are written as the nodes read them: %s", (password) => {
    const logins = { "docker.io": { username: "u", password } };
    const header = new Registries(logins).headers("docker.io")["x-registry-auth"] ?? "";
    expect(header).toMatch(/^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ password });
  });

  it("know Docker Hub by its other names", () => {
    const registries = new Registries({
      "https://index.docker.io/v1/": { username: "u", password: "p" },
    });
    const header = registries.headers("docker.io")["x-registry-auth"] ?? "";
    expect(Buffer.from(header, "base64url").toString()).toContain("https://index.docker.io/v1/");
  });
});

describe("the image to write", () => {
  it.each([
    ["web:1", {}, `web:1@${two}`, 1],
    [`web:1@${two}`, {}, `web:1@${two}`, 1],
    [`web:1@${one}`, {}, `web:1@${one}`, 0],
    ["web:1", { imageRefresh: "never" as const }, "web:1", 0],
    [`web@${one}`, {}, `web@${one}`, 0],
  ])("of %s with %j is %s", async (image, more, written, platforms) => {
    const answer = await imageToWrite(cluster(found).context, { image, ...more });
    expect(answer.image).toBe(written);
    expect(answer.platforms).toHaveLength(platforms);
  });
});
