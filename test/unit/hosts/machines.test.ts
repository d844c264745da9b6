import { Machines } from "../../../hosts/machines";
import type { Target } from "../../../hosts/target";
import { keys, SshServer } from "./ssh-server";

// Twenty machines behind one jump host: it must see one connection, not twenty at the same moment.

const jumpHost = new SshServer({ authenticate: () => true });
const machine = new SshServer({ authenticate: () => true });
let target: (name: string, more?: Partial<Target>) => Target;

beforeAll(async () => {
  const [through, port] = [await jumpHost.listen(), await machine.listen()];
  const login = {
    address: "127.0.0.1",
    hostKey: keys.publicKey,
    privateKey: keys.privateKey,
  };
  target = (name, more) => ({
    ...login,
    name,
    port,
    jump: { ...login, name: `${name} (jump)`, port: through, ...more },
  });
});

beforeEach(() => {
  jumpHost.logins = 0;
  machine.logins = 0;
});

afterAll(async () => {
  await machine.close();
  await jumpHost.close();
});

test("twenty machines at once go through one connection", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `web-${index}`);
  const machines = new Machines(new Map(names.map((name) => [name, target(name)])));
  try {
    const said = await Promise.all(
      names.map(async (name) => machines.get(name).run(["echo", name])),
    );
    expect(said.map(({ stdout }) => stdout.trim())).toEqual(names);
    expect(jumpHost.logins).toBe(1);
    expect(machine.logins).toBe(20);
    expect(machines.traffic.cost).toMatchObject({ connections: 21, sessions: 20, engineCalls: 0 });
  } finally {
    await machines.close();
  }
});

test("what is asked of a machine is counted once, and its bytes as they are on the network", async () => {
  const machines = new Machines(new Map([["a", target("a")]]));
  try {
    await machines.get("a").run(["head", "-c", "1000000", "/dev/zero"]);
    const first = machines.traffic.sinceLast();
    expect(first).toMatchObject({ connections: 2, sessions: 1 });
    // The one connection is within the other: its bytes are not counted again.
    expect(first?.received).toBeGreaterThan(1_000_000);
    expect(first?.received).toBeLessThan(1_500_000);
    expect(machines.traffic.sinceLast()).toBeUndefined();
    await machines.get("a").run(["true"]);
    expect(machines.traffic.sinceLast()).toMatchObject({ connections: 0, sessions: 1 });
  } finally {
    await machines.close();
  }
  const { received, ...rest } = machines.traffic.cost;
  expect(rest).toMatchObject({ connections: 2, sessions: 2 });
  expect(received).toBeGreaterThan(1_000_000);
});

test("another account of the same jump host is another connection", async () => {
  const targets: [string, Target][] = [
    ["a", target("a")],
    ["b", target("b", { user: "other" })],
    ["c", target("c", { user: "other" })],
  ];
  const machines = new Machines(new Map(targets));
  try {
    await Promise.all(machines.names.map(async (name) => machines.get(name).run(["true"])));
    expect(jumpHost.logins).toBe(2);
  } finally {
    await machines.close();
  }
});

test("a jump host that was away is asked again when a machine is waited for", async () => {
  const machines = new Machines(new Map([["a", target("a")]]));
  try {
    await machines.get("a").run(["true"]);
    await machine.dropAll();
    await jumpHost.dropAll();
    await new Promise(setImmediate);
    await machines.get("a").waitUntilReachable({ deadlineSeconds: 10 });
    expect(jumpHost.logins).toBe(2);
  } finally {
    await machines.close();
  }
});
