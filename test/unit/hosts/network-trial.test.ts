import { spawn } from "node:child_process";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tryNetwork, type Peer } from "../../../hosts/network-trial";
import type { RunOptions, RunResult } from "../../../hosts/command";

// The scripts are the real ones, on loopback: each peer is an address of 127/8.

interface Changes {
  /** Changes what a script is before it is run. */
  readonly script?: (text: string) => string;
  /** Changes what it says. */
  readonly line?: (line: string) => string;
}

const port = 47_893;

/** A peer whose ports are others than Docker's, which tests have no right to. */
function peer(host: string, address: string, { script = same, line = same }: Changes = {}): Peer {
  const own = (text: string): string =>
    text.replaceAll("2377/", `${port + 1}/`).replaceAll("7946/", `${port + 2}/`);
  const back = (text: string): string =>
    text.replaceAll(`${port + 1}/`, "2377/").replaceAll(`${port + 2}/`, "7946/");
  return {
    ...{ host, address, isManager: host.startsWith("m") },
    machine: {
      script: async (text, args, options) =>
        run(
          // Each has its ports on its own address.
          script(text)
            .replace('"::"', `"::ffff:${address}"`)
            .replace('"0.0.0.0"', `"${address}"`)
            .replace("LocalPort", `LocalAddr => "${address}", LocalPort`),
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
  text.replace(
    "for python in python3 /usr/libexec/platform-python python2 python",
    "for python in no-python",
  );

describe("the network between machines", () => {
  it.each([
    ["python", same],
    ["perl", onlyPerl],
  ] as const)("is open where everything gets through, answered by %s", async (_, script) => {
    const peers = ["m1", "w1", "w2"].map((host, at) => peer(host, `127.0.7.${at + 1}`, { script }));
    expect(await tryNetwork(peers, { dataPathPort: port })).toEqual([]);
  });

  it("is told pair by pair and way by way where something is in the way", async () => {
    const closed = (text: string): string =>
      text.replace("yes 127.0.7.1 7946/udp 8", "no 127.0.7.1 7946/udp 8");
    const short = (text: string): string =>
      text.replace(`yes 127.0.7.2 ${port}/udp 1472`, `no 127.0.7.2 ${port}/udp 1472`);
    const peers = [
      peer("m1", "127.0.7.1", { line: short }),
      {
        ...peer("w1", "127.0.7.2", { line: closed }),
        sources: new Map([["127.0.7.1", "127.0.7.9"]]),
      },
    ];
    expect(await tryNetwork(peers, { dataPathPort: port })).toEqual([
      {
        host: "m1",
        isCertain: true,
        reason:
          "network: 7946/udp from w1 does not get to 127.0.7.1; expected a rule that lets 7946/udp in from 127.0.7.9. Look at what is between the two (security group, router), and at firewalls on m1 that are not looked after here; where 127.0.7.9 is translated on the way, name the address that arrives in firewall.sources.",
      },
      {
        host: "w1",
        isCertain: true,
        reason: expect.stringMatching(
          /^network: a packet of 1500 bytes from m1 does not get to 127\.0\.7\.2 on \d+\/udp, and smaller ones do/,
        ) as string,
      },
    ]);
  });

  it("is found closed where nobody answers", async () => {
    const deaf = (text: string): string =>
      text.includes("select")
        ? text.replaceAll(
            'print("ready")',
            'print("ready"); [one.close() for one in streams]; streams = []',
          )
        : text;
    const peers = [peer("m1", "127.0.7.1", { script: deaf }), peer("w1", "127.0.7.2")];
    const found = await tryNetwork(peers, { dataPathPort: port });
    expect(found.map(({ host, reason }) => [host, reason.slice(0, 27)])).toEqual([
      ["m1", "network: 2377/tcp from w1 d"],
      ["m1", "network: 7946/tcp from w1 d"],
    ]);
  });

  it("is tried with an engine's own ports, too, as far as those answer", async () => {
    const server: Server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(port + 2, "127.0.7.1", resolve));
    expect((server.address() as AddressInfo).port).toBe(port + 2);
    try {
      const peers = [peer("m1", "127.0.7.1"), peer("w1", "127.0.7.2")];
      expect(await tryNetwork(peers, { dataPathPort: port })).toEqual([]);
    } finally {
      server.close();
    }
  });

  it("is not known where a machine can neither listen nor speak, and that hides no other", async () => {
    const broken = (): string => "echo broken >&2; exit 1";
    const peers = [
      peer("m1", "127.0.7.1"),
      peer("w1", "127.0.7.2", { script: broken }),
      peer("w2", "127.0.7.3"),
    ];
    expect(await tryNetwork(peers, { dataPathPort: port })).toEqual([
      {
        host: "w1",
        isCertain: false,
        reason: "whether it reaches the others was not tried: broken",
      },
      { host: "w1", isCertain: false, reason: "whether the others reach it was not tried: broken" },
    ]);
  });
});
