/**
 * What two tasks on different hosts say to each other, as it goes over the wire: in the clear on a plain network, as
 * ESP on an encrypted one; and the warning for a host whose kernel cannot do that.
 *
 * Does not prove: how strong the encryption is, or that its keys change.
 */
import { cloneOf, inside, minute, setProgram, up } from "./story";

const clone = cloneOf("network-encryption", {
  hosts: ["manager-1: { role: manager }", "worker-1: { role: worker }"],
});
const hosts = ["manager-1", "worker-1"];

/** Text that no packet has by chance. */
const marker = "in-the-clear-4711";

/** Frames of a host's interfaces until /tmp/enough is there: how many are ESP, how many have the marker in them. */
const capture = `import os, socket
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
raw.settimeout(0.5)
esp = clear = 0
open("/tmp/listening", "w").close()
while not os.path.exists("/tmp/enough"):
    try:
        frame, (interface, *_) = raw.recvfrom(65535)
    except TimeoutError:
        continue
    if interface != "vec0":
        continue
    esp += frame[12:14] == b"\\x08\\x00" and frame[23] == 50
    clear += b"${marker}" in frame
print(esp, clear)`;

function declare(encrypted: boolean, more = ""): void {
  setProgram(
    clone,
    `  const wire = new Network("wire", { encrypted: ${encrypted} }, onCluster(cluster));
  const on = (name: string, image: string, constraint: string): void => {
    new Service(name, {
      image, stopSignal: "SIGKILL", replicas: 1, convergeTimeout: "3m",
      ...(image === "busybox" ? { args: ["sleep", "infinity"] } : {}),
      networks: [{ target: wire.name }], placement: { constraints: [constraint] },
    }, onCluster(cluster));
  };
  on("server", "nginx", "node.role == manager");
  on("client", "busybox", "node.role == worker");
${more}`,
  );
}

/** Frames of ESP, and frames with the marker, on each host while the client asks the server twenty times. */
async function overheard(): Promise<{ esp: number; clear: number }[]> {
  for (const host of hosts) await clone.on(host, "rm", "-f", "/tmp/enough", "/tmp/listening");
  const listeners = hosts.map((host) =>
    clone.start("lab", ["ssh", host, "python3", "-c", capture]),
  );
  for (const host of hosts) await clone.on(host, "until [ -e /tmp/listening ]; do sleep 0.2; done");
  const asked = `sh -c 'for i in $(seq 20); do wget -qO- http://server/?${marker} || exit 1; done'`;
  expect(await inside(clone, "client", asked)).toContain("nginx");
  for (const host of hosts) await clone.on(host, "touch", "/tmp/enough");
  const outcomes = await Promise.all(listeners.map(async ({ outcome }) => outcome));
  return outcomes.map(({ stdout }) => {
    const [esp = NaN, clear = NaN] = stdout.trim().split(" ").map(Number);
    return { esp, clear };
  });
}

it(
  "is read by anybody on a plain network",
  async () => {
    declare(false);
    await up(clone);
    for (const { esp, clear } of await overheard()) {
      expect(esp).toBe(0);
      expect(clear).toBeGreaterThan(10);
    }
  },
  30 * minute,
);

it(
  "is warned of at preview where a kernel cannot encrypt",
  async () => {
    declare(true);
    const module = "/lib/modules/$(uname -r)/kernel/net/ipv4/esp4.ko";
    await clone.on("worker-1", `mv ${module} /root/ && depmod`);
    expect(await clone.npmOk("preview")).toContain(
      "worker-1: its kernel has no esp4. Tasks of an encrypted network on it could not speak",
    );
    await clone.on("worker-1", `mv /root/esp4.ko ${module} && depmod`);
    expect(await clone.npmOk("preview")).not.toContain("its kernel has no");
  },
  20 * minute,
);

it(
  "is ESP and nothing else on an encrypted one",
  async () => {
    declare(true);
    await up(clone);
    for (const { esp, clear } of await overheard()) {
      expect(esp).toBeGreaterThan(40);
      expect(clear).toBe(0);
    }
    for (const host of hosts)
      expect(await clone.on(host, "ip", "xfrm", "state")).toContain("proto esp");
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);
