import { missingExternals } from "../../../provider/namespace/externals";

const swarm = {
  networks: [
    { Name: "backbone", Scope: "swarm" },
    { Name: "near", Scope: "local" },
  ],
  secrets: [{ ID: "1", Spec: { Name: "token" } }],
  configs: [{ ID: "2", Spec: { Name: "page" } }],
};

describe("what a stack calls external", () => {
  it("may be there", () => {
    const externals = [
      { kind: "network", name: "backbone", key: "outside" },
      { kind: "secret", name: "token", key: "token" },
      { kind: "config", name: "page", key: "page" },
    ] as const;
    expect(missingExternals(swarm, externals)).toEqual([]);
  });

  it("is refused when it is not, with both ways out", () => {
    const externals = [
      { kind: "secret", name: "token", key: "token" },
      { kind: "secret", name: "page", key: "db" },
      { kind: "network", name: "near", key: "outside" },
    ] as const;
    expect(missingExternals(swarm, externals)).toEqual([
      {
        path: "externals[1]",
        reason:
          'got secret "page", which the files call external and which is not in the swarm; expected it there. ' +
          "Give it to the stack (secrets: { db: { generate: 32 } }), or make it by hand first (docker secret create page FILE).",
      },
      {
        path: "externals[2]",
        reason:
          'got network "near", which the files call external and which is not in the swarm; expected it there. ' +
          "Give it to the stack (networks: { outside: NAME }), or make it by hand first (docker network create --driver overlay near).",
      },
    ]);
  });

  it("is refused without being shown when a terminal would act on it", () => {
    const externals = [{ kind: "config", name: "a\u001b[31m", key: "page" }] as const;
    const [failure] = missingExternals(swarm, externals);
    expect(failure?.reason).toBe(
      "got a config whose name no config in Docker can have; expected letters, digits and . _ -",
    );
  });
});
