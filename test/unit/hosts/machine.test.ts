import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import type { Algorithms, AuthContext } from "ssh2";
import { AuthenticationError, EncryptionError, HostKeyError } from "../../../hosts/errors";
import { Machine } from "../../../hosts/machine";
import type { Target } from "../../../hosts/target";
import { keys, runHere, SshServer } from "./ssh-server";
import type { ServerOptions } from "./ssh-server";

// Proves the client against an SSH server of its own library that runs commands here; sshd itself, sudo and reboots
// are left to the lab.

const open: { server: SshServer; machine: Machine }[] = [];

async function start(
  options: Partial<ServerOptions> = {},
  more: Partial<Target> = {},
): Promise<{ server: SshServer; machine: Machine; port: number }> {
  const server = new SshServer({ authenticate: () => true, ...options });
  const port = await server.listen();
  const machine = new Machine("web-1", {
    name: "web-1",
    address: "127.0.0.1",
    port,
    hostKey: keys.publicKey,
    privateKey: keys.privateKey,
    ...more,
  });
  open.push({ server, machine });
  return { server, machine, port };
}

afterEach(async () => {
  for (const { server, machine } of open.splice(0)) {
    await machine.close();
    await server.close();
  }
});

describe("Machine.run", () => {
  it("passes every word unchanged and answers both outputs", async () => {
    const { machine } = await start();
    const result = await machine.run([
      "sh",
      "-c",
      'printf "%s|" "$@"; echo warn >&2',
      "sh",
      "a b",
      "$HOME",
      "ü'",
    ]);
    expect(result).toEqual({ code: 0, stdout: "a b|$HOME|ü'|", stderr: "warn\n" });
  });

  it("keeps values of the input out of the command line", async () => {
    const { machine, server } = await start();
    const result = await machine.script("cat", [], { stdin: "top secret" });
    expect(result.stdout).toBe("top secret");
    expect(server.commands.join("\n")).not.toMatch(/secret|cat/);
  });

  it("fails with the last lines of what the command said", async () => {
    const { machine } = await start();
    await expect(machine.run(["sh", "-c", "echo one >&2; echo two >&2; exit 3"])).rejects.toThrow(
      new Error("web-1: sh failed with exit code 3:\n  one\n  two"),
    );
  });

  it("answers the code instead when asked to", async () => {
    const { machine } = await start();
    const result = await machine.run(["false"], { allowFailure: true });
    expect(result).toEqual({ code: 1, stdout: "", stderr: "" });
  });

  it("hands on whole lines as they come", async () => {
    const { machine } = await start();
    const lines: string[] = [];
    const onLine = (line: string) => lines.push(line);
    await machine.run(["printf", "1\n2\r\n\n3"], { onLine });
    expect(lines).toEqual(["1", "2", "", "3"]);
  });

  it("kills a command that takes too long and says its last line, not its input", async () => {
    const { machine } = await start();
    const run = machine.run(["sh", "-c", "echo half way; sleep 30"], {
      deadlineSeconds: 1,
      stdin: "secret",
      title: "the long job",
    });
    await expect(run).rejects.toThrow(
      new Error("web-1: the long job did not finish within 1 s; last seen: half way"),
    );
  });

  it("ends with the reason of its signal and kills the command", async () => {
    const { machine, server } = await start();
    const stop = new AbortController();
    const run = machine.run(["sh", "-c", "echo running; sleep 30"], {
      signal: stop.signal,
      onLine: () => {
        stop.abort(new Error("interrupted"));
      },
    });
    await expect(run).rejects.toThrow(new Error("interrupted"));
    await server.seen(/kill -TERM -- -\d+/);
  });

  it("kills a command that was interrupted before it had begun", async () => {
    const stop = new AbortController();
    const { machine, server } = await start({
      exec: (command, channel) => {
        if (command.includes("sleep")) stop.abort(new Error("interrupted"));
        runHere(command, channel);
      },
    });
    await expect(machine.run(["sleep", "30"], { signal: stop.signal })).rejects.toThrow(
      new Error("interrupted"),
    );
    await server.seen(/kill -TERM -- -\d+/);
  });

  it("shares one connection, and opens another after it dropped", async () => {
    const { machine, server } = await start();
    await Promise.all([machine.run(["true"]), machine.run(["true"]), machine.run(["true"])]);
    expect(server.connections).toHaveLength(1);
    await server.dropAll();
    // The client hears of it in the same turn of the loop.
    await new Promise(setImmediate);
    await machine.run(["true"]);
    expect(server.connections).toHaveLength(1);
  });

  it("fails when the connection breaks in the middle", async () => {
    const { machine, server } = await start();
    const run = machine.run(["sh", "-c", "echo started; sleep 2"], {
      onLine: () => {
        void server.dropAll();
      },
    });
    await expect(run).rejects.toThrow(new Error("web-1: the connection broke while sh ran"));
  });
});

describe("Machine files", () => {
  const { username } = userInfo();

  it("writes atomically, with mode and owner, and reads the same back", async () => {
    const { machine } = await start();
    const folder = await mkdtemp(path.join(tmpdir(), "swarm-unit-"));
    const file = path.join(folder, "deep er", "it's.conf");
    try {
      const content = "Zeile ü\n$HOME 'x'\n";
      await machine.writeFile(file, content, { mode: "0600", owner: username });
      expect(await readFile(file, "utf8")).toBe(content);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await machine.readFile(file)).toBe(content);
      expect(await machine.readFile(`${file}.missing`)).toBeUndefined();
      // A folder is for everybody to read, and so are those that it lies in.
      await machine.writeFile(path.join(folder, "outer", "inner", "file"), "", { owner: username });
      const modes = [path.join(folder, "outer"), path.join(folder, "outer", "inner")].map(
        async (made) => (await stat(made)).mode & 0o777,
      );
      expect(await Promise.all(modes)).toEqual([0o755, 0o755]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("Machine login", () => {
  const isPassword = (context: AuthContext): boolean =>
    context.method === "password" && context.password === "right";

  it("stops at another host key before it logs in", async () => {
    let asked = 0;
    const authenticate = () => (asked += 1) > 0;
    const { machine } = await start({ authenticate }, { hostKey: keys.otherPublicKey });
    const run = machine.run(["true"]);
    await expect(run).rejects.toBeInstanceOf(HostKeyError);
    await expect(run).rejects.toThrow(
      /showed ecdsa-sha2-nistp256 SHA256:.{43}; expected ecdsa-sha2-nistp256 SHA256:.{43}\. Nothing/,
    );
    expect(asked).toBe(0);
  });

  it.each([
    ["hmac", "aes128-ctr", "message authentication", /hmac-sha2-256, .* \(MACs\)/],
    ["kex", undefined, "key exchange", /curve25519-sha256, .* \(KexAlgorithms\)/],
    ["cipher", undefined, "cipher", /aes128-ctr, .* \(Ciphers\)/],
  ] as const)("says nothing to a server whose %s is old", async (kind, cipher, what, advice) => {
    let asked = 0;
    const old = {
      hmac: { hmac: ["hmac-sha1", "hmac-sha1-etm@openssh.com"] },
      kex: { kex: ["diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1"] },
      cipher: { cipher: ["aes128-cbc", "3des-cbc"] },
    }[kind] as Algorithms;
    const algorithms = { ...(cipher === undefined ? {} : { cipher: [cipher] }), ...old };
    const authenticate = () => (asked += 1) > 0;
    const { machine } = await start({ authenticate, algorithms });
    const run = machine.run(["true"]);
    await expect(run).rejects.toBeInstanceOf(EncryptionError);
    await expect(run).rejects.toThrow(`offers no ${what} that is safe: got others`);
    await expect(run).rejects.toThrow(advice);
    expect(asked).toBe(0);
  });

  it("gets along with OpenSSH 7.4", async () => {
    // ssh -Q kex, cipher and mac of CentOS 7, as far as this server has them.
    const algorithms: Algorithms = {
      kex: ["curve25519-sha256", "ecdh-sha2-nistp256", "diffie-hellman-group14-sha1"],
      cipher: ["chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-gcm@openssh.com"],
      hmac: ["hmac-sha1-etm@openssh.com", "hmac-sha2-256-etm@openssh.com", "hmac-sha1"],
    };
    const { machine } = await start({ algorithms });
    expect((await machine.run(["echo", "in"])).stdout).toBe("in\n");
  });

  it("logs in by password where the key is refused", async () => {
    const { machine } = await start({ authenticate: isPassword }, { password: "right" });
    expect((await machine.run(["echo", "in"])).stdout).toBe("in\n");
  });

  it("names the user and what was tried when all is refused", async () => {
    const { machine } = await start(
      { authenticate: isPassword },
      { password: "wrong", user: "admin" },
    );
    const run = machine.run(["true"]);
    await expect(run).rejects.toBeInstanceOf(AuthenticationError);
    await expect(run).rejects.toThrow(
      new Error(
        "web-1: 127.0.0.1 refused user admin (tried: private key, password). Check that the user exists there and " +
          "that its authorized_keys or password fits hosts.web-1.ssh",
      ),
    );
  });

  it("says that nothing listens", async () => {
    const { machine, server } = await start();
    await server.close();
    await expect(machine.run(["true"])).rejects.toThrow(
      /^web-1: no connection to web-1 \(root@127\.0\.0\.1:\d+\): nothing listens on that port\. Check that the machine is up and sshd runs \(3 attempts\)$/,
    );
  });

  it.each([
    [
      { privateKey: "nonsense" },
      /^hosts\.web-1\.ssh\.privateKey: the private key cannot be read: .*; expected a private key in PEM or OpenSSH form$/,
    ],
    [{ hostKey: "nonsense" }, /^hosts\.web-1\.hostKey: got "nonsense"; expected a public host key/],
  ])("explains %j", async (more, message) => {
    const { machine } = await start({}, more);
    await expect(machine.run(["true"])).rejects.toThrow(message);
  });
});

describe("Machine sudo", () => {
  /** A sudo that asks with its prompt until it hears the password. */
  const askingSudo: NonNullable<ServerOptions["exec"]> = (_command, channel) => {
    let heard = "";
    let isIn = false;
    channel.stderr.write("swarm-asks-for-the-sudo-password:");
    channel.on("data", (chunk: Buffer) => {
      heard += chunk.toString();
      if (!isIn && heard === "geheim\n") {
        isIn = true;
        channel.stderr.write("swarm-started 99\n");
      }
    });
    channel.on("end", () => {
      channel.write(heard);
      channel.exit(isIn ? 0 : 1);
      channel.end();
    });
  };
  const sudoSaying =
    (text: string): NonNullable<ServerOptions["exec"]> =>
    (_command, channel) => {
      channel.stderr.write(text);
      channel.exit(1);
      channel.end();
    };

  it("answers sudo's question and sends the input only after that", async () => {
    const { machine } = await start(
      { exec: askingSudo },
      { user: "admin", sudoPassword: "geheim" },
    );
    const result = await machine.run(["cat"], { stdin: "the input" });
    expect(result.stdout).toBe("geheim\nthe input");
  });

  it.each([
    [
      "sudo: a password is required\n",
      "web-1: sudo asks admin for a password and none is given. Give hosts.web-1.ssh.sudoPassword, or allow admin sudo " +
        "without a password (NOPASSWD)",
    ],
    [
      "admin is not in the sudoers file.\n",
      "web-1: admin may not use sudo. Log in as root, or give admin the right to run every command with sudo",
    ],
    [
      "sudo: sorry, you must have a tty to run sudo\n",
      'web-1: sudo wants a terminal. Remove "Defaults requiretty" from /etc/sudoers, or exempt admin ("Defaults:admin !requiretty")',
    ],
    [
      "sh: 1: sudo: not found\n",
      "web-1: sudo is not installed and admin is not root. Install sudo, or log in as root",
    ],
    ["some new trouble\n", "web-1: sudo failed with exit code 1: some new trouble"],
  ])("explains %j", async (said, message) => {
    const { machine } = await start({ exec: sudoSaying(said) }, { user: "admin" });
    await expect(machine.run(["id"])).rejects.toThrow(new Error(message));
  });

  it("does not use sudo for what is meant for the login user", async () => {
    const { machine, server } = await start({}, { user: "admin" });
    await machine.run(["true"], { asUser: true });
    expect(server.commands.join()).not.toContain("sudo");
  });
});
