import { once } from "node:events";
import type { ServerChannel } from "ssh2";
import { Machine } from "../../../hosts/machine";
import { Sessions } from "../../../hosts/sessions";
import { keys, SshServer } from "./ssh-server";

describe("sessions", () => {
  const take = async (sessions: Sessions, many: number): Promise<(() => void)[]> =>
    Promise.all(Array.from({ length: many }, async () => sessions.take({})));

  it("are waited for no longer than said", async () => {
    const sessions = new Sessions("web-1");
    const taken = await take(sessions, 8);
    await expect(sessions.take({ seconds: 0.01 })).rejects.toThrow(
      new Error(
        "web-1: all of its 8 SSH sessions are in use, and none came free within 0.01 s. A user that may not open " +
          "Docker's socket takes one for every call: log in as root or as a user of the group docker",
      ),
    );
    // The one that gave up takes none from those who come later.
    taken[0]?.();
    (await sessions.take({ seconds: 0.01 }))();
  });

  it("are not waited for by a call that is over", async () => {
    const sessions = new Sessions("web-1");
    await take(sessions, 8);
    const stop = new AbortController();
    const waiting = sessions.take({ signal: stop.signal });
    stop.abort(new Error("interrupted"));
    await expect(waiting).rejects.toThrow(new Error("interrupted"));
  });

  it("leaves the last to those who need it, and the next free one to who makes others free", async () => {
    const sessions = new Sessions("web-1");
    const [release] = await take(sessions, 7);
    await expect(sessions.take({ rank: "spare" })).rejects.toThrow(/in use/);
    const last = await sessions.take({});
    const order: string[] = [];
    const plain = sessions.take({}).then(() => order.push("plain"));
    const urgent = sessions.take({ rank: "urgent" }).then(() => order.push("urgent"));
    release?.();
    last();
    await Promise.all([plain, urgent]);
    expect(order).toEqual(["urgent", "plain"]);
  });
});

/** A machine whose sshd allows so many sessions at once; its commands end when they are told to. */
async function machineThatAllows(maxSessions: number): Promise<{
  readonly server: SshServer;
  readonly machine: Machine;
  readonly running: ServerChannel[];
}> {
  const running: ServerChannel[] = [];
  const exec = (_command: string, channel: ServerChannel): void => {
    channel.resume();
    channel.stderr.write("swarm-started 4711\n");
    running.push(channel);
  };
  const server = new SshServer({ authenticate: () => true, maxSessions, exec });
  const port = await server.listen();
  const login = { port, hostKey: keys.publicKey, privateKey: keys.privateKey };
  const machine = new Machine("web-1", { name: "web-1", address: "127.0.0.1", ...login });
  return { server, machine, running };
}

/** Ends so many commands one after the other, each when it is there, and waits until its session is over. */
async function end(count: number, running: ServerChannel[], server: SshServer): Promise<void> {
  for (let ended = 0; ended < count; ended++) {
    while (running.length === 0) await server.seenAnother();
    const channel = running.shift();
    if (channel === undefined) continue;
    const closed = once(channel, "close");
    channel.exit(0);
    channel.end();
    await closed;
  }
}

describe("an sshd that allows few sessions", () => {
  it("is given no more than it takes, and every command runs", async () => {
    const { server, machine, running } = await machineThatAllows(2);
    try {
      const commands = Array.from({ length: 8 }, async () => machine.run(["true"]));
      await Promise.all([end(commands.length, running, server), ...commands]);
      expect(server.mostSessions).toBe(2);
      expect(server.commands).toHaveLength(8);
      // It is remembered: the next ones ask for no more.
      const { refusals } = server;
      const more = Array.from({ length: 3 }, async () => machine.run(["true"]));
      await Promise.all([end(more.length, running, server), ...more]);
      expect(server.refusals).toBe(refusals);
    } finally {
      await machine.close();
      await server.close();
    }
  });

  it("is named where none comes free", async () => {
    const { server, machine, running } = await machineThatAllows(1);
    try {
      const first = machine.run(["sleep"]);
      while (running.length === 0) await server.seenAnother();
      await expect(machine.run(["true"], { deadlineSeconds: 0.2 })).rejects.toThrow(
        /^web-1: its sshd allows 1 sessions at once, and none came free within 0\.2 s\. Set MaxSessions there to 10, its default$/,
      );
      await end(1, running, server);
      await first;
    } finally {
      await machine.close();
      await server.close();
    }
  });

  it("is named where it allows none at all", async () => {
    const { server, machine } = await machineThatAllows(0);
    try {
      await expect(machine.run(["true"])).rejects.toThrow(
        /^web-1: no connection to .*: its sshd lets the user in and refuses every session\. Look at MaxSessions there: 0 allows none/,
      );
      expect(server.refusals).toBe(1);
    } finally {
      await machine.close();
      await server.close();
    }
  });
});
