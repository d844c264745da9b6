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
  } finally {
    await machines.close();
  }
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
