import dns, { type LookupAddress } from "node:dns";
import { HostKeyError, HostUnreachableError } from "../../../hosts/errors";
import { Machine } from "../../../hosts/machine";
import { keys, SshServer } from "./ssh-server";

// Names are looked up here, by nobody else.

type Answer = (error: Error | null, found?: string | readonly LookupAddress[]) => void;

/** What every name stands for; nothing where nobody knows it. */
function everyNameIs(...addresses: readonly string[]): void {
  const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  const unknown = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
  const forSockets = (_name: string, { all }: { all?: boolean }, answer: Answer): void => {
    if (found.length === 0) answer(unknown);
    else answer(null, all === true ? found : found[0]?.address);
  };
  jest.spyOn(dns, "lookup").mockImplementation(forSockets as unknown as typeof dns.lookup);
  const forOthers = async (): Promise<unknown> =>
    found.length === 0 ? Promise.reject(unknown) : Promise.resolve(found);
  jest.spyOn(dns.promises, "lookup").mockImplementation(forOthers as typeof dns.promises.lookup);
}

let server: SshServer;
let machine: Machine;

async function start(hostKey = keys.publicKey): Promise<void> {
  server = new SshServer({ authenticate: () => true });
  const port = await server.listen();
  const address = "web.example";
  const { privateKey } = keys;
  machine = new Machine("web-1", { name: "web-1", address, port, hostKey, privateKey });
}

afterEach(async () => {
  jest.restoreAllMocks();
  await machine.close();
  await server.close();
});

const note =
  "The name web.example stands for 127.0.0.1, 127.0.0.9; expected one machine's address. Give that of this one instead of the name";

describe("a machine that is reached by a name", () => {
  it("answers where the name stands for it", async () => {
    await start();
    everyNameIs("127.0.0.1");
    expect((await machine.run(["echo", "in"])).stdout).toBe("in\n");
  });

  it("is not found where nobody knows the name", async () => {
    await start();
    everyNameIs();
    const run = machine.run(["true"]);
    await expect(run).rejects.toBeInstanceOf(HostUnreachableError);
    await expect(run).rejects.toThrow(
      /^web-1: no connection to web-1 \(root@web\.example:\d+\): the name is not known\. Check the address$/,
    );
  });

  it("may be another one where the name stands for several", async () => {
    await start(keys.otherPublicKey);
    everyNameIs("127.0.0.9", "127.0.0.1");
    const run = machine.run(["true"]);
    await expect(run).rejects.toBeInstanceOf(HostKeyError);
    await expect(run).rejects.toThrow(`into hosts.web-1.hostKey. ${note}`);
  });

  it("may be there where the name stands for several and one is silent", async () => {
    await start();
    everyNameIs("127.0.0.1", "127.0.0.9");
    await server.close();
    const run = machine.run(["true"]);
    await expect(run).rejects.toBeInstanceOf(HostUnreachableError);
    await expect(run).rejects.toThrow(note);
  });

  it("may have an address of each family", async () => {
    await start(keys.otherPublicKey);
    everyNameIs("127.0.0.1", "::1");
    await expect(machine.run(["true"])).rejects.toThrow(/into hosts\.web-1\.hostKey$/);
  });
});
