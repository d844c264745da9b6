import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Finding } from "../../../hosts/network-finding";
import { tryNetwork } from "../../../hosts/network-trial";
import type { Attempt, Peer } from "../../../hosts/network-trial";
import type { RunOptions, RunResult } from "../../../hosts/command";

// The scripts are the real ones, on loopback: each peer is an address of 127/8.

interface Changes {
  /** What it says of its routes. @default - as this machine has them */
  readonly routes?: string;
  /** Changes what a script is before it is run. */
  readonly script?: (text: string) => string;
  /** Changes what it says. */
  readonly line?: (line: string) => string;
}

const port = 47_893;

/** A peer whose ports are others than Docker's, which tests have no right to. Its addresses are all its own. */
function peer(
  host: string,
  address: string,
  { routes, script = same, line = same }: Changes = {},
): Peer {
  const own = (text: string): string => text.replaceAll("7946/", `${port + 2}/`);
  const back = (text: string): string => text.replaceAll(`${port + 2}/`, "7946/");
  return {
    ...{ host, address, ...(host.startsWith("m") ? { managerPort: port + 1 } : {}) },
    machine: {
      script: async (text, args, options) =>
        run(
          routes !== undefined && text.includes("routes.sh") ? `echo '${routes}'` : script(text),
          (args ?? []).map(own),
          {
            ...options,
            onLine: (said) => {
              options?.onLine?.(line(back(said)));
            },
          },
          (said) => back(said).split("\n").map(line).join("\n"),
        ),
    },
  };
}

const same = (text: string): string => text;

async function run(
  text: string,
  args: readonly string[],
  options: RunOptions,
  change: (text: string) => string,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-euo", "pipefail", "-s", "--", ...args]);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => {
      const said = data.toString();
      stdout += said;
      for (const line of said.split("\n")) if (line !== "") options.onLine?.(line);
    });
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    child.on("close", (code) => {
      if (code === 0) resolve({ code, stdout: change(stdout), stderr });
      else reject(new Error(stderr.trim()));
    });
    options.signal?.addEventListener("abort", () => child.kill());
    child.stdin.end(text);
  });
}

const onlyPerl = (text: string): string =>
  text.replace(/for python in .*; do/, "for python in no-python; do");

const attempt: Attempt = { dataPathPort: port, esp: "needed" };
const isRoot = process.getuid?.() === 0;
const loopback = (last: number): string => `127.0.7.${last}`;

/** Raw packets are root's, and what is said of a machine that is not allowed to is another test's. */
const withoutEsp = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ reason }) => isRoot || !reason.includes("protocol 50"));

/** The trial's findings. */
async function found(peers: readonly Peer[], changes: Partial<Attempt> = {}): Promise<Finding[]> {
  const { findings } = await tryNetwork(peers, { ...attempt, ...changes });
  return withoutEsp(findings);
}

describe("the network between machines", () => {
  it.each([
    ["python", same],
    ["perl", onlyPerl],
  ] as const)("is open where everything gets through, answered by %s", async (_, script) => {
    const peers = ["m1", "w1", "w2"].map((host, at) => peer(host, loopback(at + 1), { script }));
    const { findings, ways, seconds } = await tryNetwork(peers, attempt);
    expect(withoutEsp(findings)).toEqual([]);
    expect(ways).toBe(6);
    expect(seconds).toBeGreaterThan(0);
  });

  it("is told way by way where something is in the way, with the rule that is missing", async () => {
    const closed = (text: string): string =>
      text.replace(/^yes (127\.0\.7\.1 7946\/udp 8)/, "no $1");
    const short = (text: string): string =>
      text.replace(`yes 127.0.7.2 ${port}/udp 1472`, `no 127.0.7.2 ${port}/udp 1472`);
    const peers = [
      peer("m1", loopback(1), { line: short, routes: "127.0.7.2 dev lo src 127.0.0.1 uid 0" }),
      peer("w1", loopback(2), { line: closed, routes: "127.0.7.1 dev lo src 127.0.7.9 uid 0" }),
    ];
    expect(await found(peers)).toEqual([
      {
        host: "m1",
        hosts: ["w1", "m1"],
        isBlocked: true,
        reason:
          "network: 7946/udp from w1 to m1 (127.0.7.1) does not get there; expected a rule that lets it in from 127.0.7.9. Look at what is between the two (security group, router), and at firewalls on m1 that are not looked after here; where 127.0.7.9 is translated on the way, name the address that arrives in firewall.sources.",
      },
      {
        host: "w1",
        hosts: ["m1", "w1"],
        isBlocked: false,
        reason: expect.stringMatching(
          /^network: a packet of 1500 bytes from m1 does not get to 127\.0\.7\.2 on \d+\/udp, and smaller ones do/,
        ) as string,
      },
    ]);
  });

  it("says so where a machine has no route to another", async () => {
    const closed = (text: string): string => text.replace(/^yes (127\.0\.7\.1 )/, "no $1");
    const peers = [
      peer("m1", loopback(1)),
      peer("w1", loopback(2), { line: closed, routes: "127.0.7.2 dev lo src 127.0.0.1" }),
    ];
    const [finding] = await found(peers);
    expect(finding?.reason).toBe(
      `network: ${port + 1}/tcp, 7946/tcp, 7946/udp, ${port}/udp from w1 to m1 (127.0.7.1) does not get there; expected a way, and w1 has no route to that address. Give it one, or give m1 an address that the others have a route to (advertiseAddr, dataPathAddr).`,
    );
  });

  it("is found closed where nobody answers", async () => {
    const deaf = (text: string): string =>
      text
        .replace("end = time", "streams_close = True\nend = time")
        .replace('print("ready', '[one.close() for one in streams]; streams = []\nprint("ready');
    const peers = [peer("m1", loopback(1), { script: deaf }), peer("w1", loopback(2))];
    expect((await found(peers)).map(({ host, reason }) => [host, reason.slice(0, 42)])).toEqual([
      ["m1", `network: ${port + 1}/tcp, 7946/tcp from w1 to m1`],
    ]);
  });

  it("is tried with an engine's own ports, too, as far as those answer", async () => {
    const server: Server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(port + 2, loopback(1), resolve));
    expect((server.address() as AddressInfo).port).toBe(port + 2);
    try {
      expect(await found([peer("m1", loopback(1)), peer("w1", loopback(2))])).toEqual([]);
      // One that nobody reaches from here says nothing itself.
      const w0 = { ...peer("w0", loopback(1)), machine: undefined };
      const { findings, ways } = await tryNetwork([w0, peer("w1", loopback(2))], attempt);
      expect([findings, ways]).toEqual([[], 1]);
    } finally {
      server.close();
    }
    const gone = { ...peer("w0", loopback(1)), machine: undefined };
    expect(await found([gone, peer("w1", loopback(2))])).toEqual([
      expect.objectContaining({
        hosts: ["w1", "w0"],
        isBlocked: true,
        reason: expect.stringMatching(/^network: 7946\/tcp from w1 to w0 /) as string,
      }),
    ]);
  });

  it("is not to blame where a node's own engine takes no part in the networks", async () => {
    const asked: string[] = [];
    const script = (text: string): string => (asked.push(text), text);
    const node = { ...peer("w1", loopback(2), { script }), isNode: true };
    const isMeant = (_: Peer, to: Peer): boolean => to === node;
    const peers = [peer("m1", loopback(1)), node, peer("w2", loopback(3))];
    const reasons = async (): Promise<readonly string[]> =>
      (await found(peers, { isMeant })).map(({ reason }) => reason);
    // Both have tried it. It is asked once, and named once.
    expect(await found(peers, { isMeant })).toEqual([
      {
        host: "w1",
        hosts: ["m1", "w2", "w1"],
        isBlocked: true,
        reason:
          "network: nothing listens on 7946/tcp of w1: its engine takes no part in the swarm's networks, as one may that has started without a leader. Start it anew (`systemctl restart docker` there), then run this again.",
      },
    ]);
    expect(asked.filter((text) => text.includes("listens.sh"))).toHaveLength(1);
    // As seen from m1 it is the same; on the machine somebody listens.
    const server: Server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(port + 2, loopback(9), resolve));
    try {
      expect(await reasons()).toEqual(
        ["m1", "w2"].map(
          (host) =>
            expect.stringMatching(
              `^network: 7946/tcp from ${host} to w1 \\(127\\.0\\.7\\.2\\) does not get there`,
            ) as string,
        ),
      );
    } finally {
      server.close();
    }
  });

  it("is not known where a machine can neither listen nor speak, and that hides no other", async () => {
    const broken = (): string => "echo broken >&2; exit 1";
    const peers = [
      peer("m1", loopback(1)),
      peer("w1", loopback(2), { script: broken }),
      peer("w2", loopback(3)),
    ];
    expect(await found(peers)).toEqual(
      [
        "network: whether the others reach w1 was not tried: broken",
        "network: whether w1 reaches the others was not tried: broken",
      ].map((reason) => ({ host: "w1", hosts: ["w1"], isBlocked: false, reason })),
    );
  });

  it("is tried with the ports of a node's engine, although that machine cannot listen for ESP", async () => {
    const broken = (): string => "echo broken >&2; exit 1";
    const node = { ...peer("w1", loopback(2), { script: broken }), isNode: true };
    const isMeant = (from: Peer): boolean => from.host === "m1";
    const trial = await tryNetwork([peer("m1", loopback(1)), node], { ...attempt, isMeant });
    expect(trial.findings.map(({ reason }) => reason)).toContain(
      "network: whether protocol 50 (ESP) gets to w1 was not tried: broken",
    );
  });

  it("is tried between those alone who are meant", async () => {
    const { findings, ways } = await tryNetwork(
      [peer("m1", loopback(1)), peer("w1", loopback(2)), peer("w2", loopback(3))],
      { ...attempt, isMeant: (from, to) => from.host === "w1" || to.host === "w1" },
    );
    expect([withoutEsp(findings), ways]).toEqual([[], 4]);
  });

  it("leaves the ports to the engine once it is over", async () => {
    await tryNetwork([peer("m1", loopback(1)), peer("w1", loopback(2))], attempt);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port + 1, loopback(1), resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("a machine that listens", () => {
  it.each([
    ["python", same],
    ["perl", onlyPerl],
  ] as const)("ends once nobody hears it any more, with %s", async (_, script) => {
    const words = ["60", "mark", loopback(1), `${port}/udp`];
    const child = spawn("bash", ["-euo", "pipefail", "-s", "--", ...words], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    child.stdin.end(script(readFileSync("hosts/scripts/listen.sh", "utf8")));
    const ended = once(child, "exit");
    // As the machine's sshd does when the connection breaks.
    let said = "";
    child.stdout.on("data", (more: Buffer) => {
      said += more.toString();
      // A line comes in parts: the number, and then its end.
      if (/\nready \d+\n/.test(said)) child.stdout.destroy();
    });
    expect(
      await Promise.race([ended.then(() => "ended"), delay(20_000, "listens", { ref: false })]),
    ).toBe("ended");
    expect(said).toMatch(/^open .*\nready \d+\n/);
  });
});

describe("a machine that speaks to many", () => {
  it("asks all of them at once, and without a program for any", async () => {
    const sockets = Array.from({ length: 250 }, () => createSocket("udp4"));
    const ports = await Promise.all(
      sockets.map(async (socket, index) => {
        // The last one hears, and never answers.
        if (index < 249)
          socket.on("message", (_, { port: sender, address }) => {
            socket.send("here", sender, address);
          });
        socket.bind(0, loopback(1));
        await once(socket, "listening");
        return socket.address().port;
      }),
    );
    try {
      const words = ports.flatMap((one) => [loopback(1), `${one}/udp`, "8"]);
      const script = `PATH=/nowhere\n${readFileSync("hosts/scripts/reach.sh", "utf8")}`;
      const { stdout } = await run(script, words, {}, same);
      const lines = stdout.trim().split("\n");
      const silent = `no ${loopback(1)} ${String(ports.at(-1))}/udp 8`;
      expect(lines).toHaveLength(250);
      expect(lines.filter((line) => !line.startsWith("yes "))).toEqual([silent]);
    } finally {
      for (const socket of sockets) socket.close();
    }
  });
});

describe("ESP between machines", () => {
  /** One who sends packets that never arrive. */
  const silent = (line: string): string => line.replace(/^came w1$/, "lost");
  const peers = (script: (text: string) => string = same): Peer[] => [
    peer("m1", loopback(1), { line: silent, script }),
    peer("w1", loopback(2), { script }),
  ];
  const ofEsp = (findings: readonly Finding[]): Finding[] =>
    findings.filter(({ reason }) => reason.includes("protocol 50"));

  const asRoot = isRoot ? it : it.skip;

  asRoot.each([
    ["python", same],
    ["perl", onlyPerl],
  ] as const)("is missed where an encrypted network needs it, sent by %s", async (_, script) => {
    expect(await found(peers(script))).toEqual([
      {
        host: "m1",
        hosts: ["w1", "m1"],
        isBlocked: true,
        reason: expect.stringMatching(
          /^network: protocol 50 \(ESP\) from w1 to m1 \(127\.0\.7\.1\) does not get there; expected a rule that lets it in from 127/,
        ) as string,
      },
    ]);
  });

  asRoot("is worth knowing where there is no such network", async () => {
    expect(await found(peers(), { esp: "worth knowing" })).toEqual([
      {
        host: "m1",
        hosts: ["w1", "m1"],
        isBlocked: false,
        reason:
          "network: protocol 50 (ESP) from w1 to m1 (127.0.7.1) does not get there, which only networks with `encrypted` need: let it in before you declare one.",
      },
    ]);
  });

  asRoot("is tried alone where only that is of interest", async () => {
    const { findings } = await tryNetwork(peers(), { ...attempt, isOnlyEsp: true });
    expect(findings.map(({ reason }) => reason.slice(0, 38))).toEqual([
      "network: protocol 50 (ESP) from w1 to ",
    ]);
  });

  asRoot("is sent to all others by one program", async () => {
    const folder = mkdtempSync(join(tmpdir(), "esp-"));
    const file = join(folder, "programs");
    const counted = (text: string): string =>
      text.replace(/^send\(\) \{$/m, (line) => `${line}\necho program >>${file}`);
    const all = ["m1", "w1", "w2"].map((host, at) =>
      peer(host, loopback(at + 1), { script: counted }),
    );
    expect(await found(all, { isOnlyEsp: true })).toEqual([]);
    expect(readFileSync(file, "utf8")).toBe("program\n".repeat(all.length));
    rmSync(folder, { recursive: true });
  });

  it("is not known where a machine cannot send it, or cannot hear it", async () => {
    const mute = (text: string): string => text.replace("$(send ", "$(false ");
    const one = [peer("m1", loopback(1)), peer("w1", loopback(2), { script: mute })];
    const { findings } = await tryNetwork(one, attempt);
    expect(ofEsp(findings).map(({ reason }) => reason)).toContain(
      "network: whether protocol 50 (ESP) from w1 gets to m1 was not tried: w1 cannot send it",
    );
    const deaf = (line: string): string => line.replace(/^open esp$/, "closed esp");
    const two = [peer("m1", loopback(1), { line: deaf }), peer("w1", loopback(2))];
    expect(ofEsp((await tryNetwork(two, attempt)).findings).map(({ reason }) => reason)).toContain(
      "network: whether protocol 50 (ESP) gets to m1 was not tried: the machine cannot answer there",
    );
  });
});
