/**
 * Volumes where they belong: made, filled, kept, deleted when told, changed by hand, by a driver that is a plugin, and
 * on a host that is down.
 *
 * Does not prove: any real storage behind a plugin; the plugin here keeps folders.
 */
import { cloneOf, inside, minute, refused, setProgram, up } from "./story";

const clone = cloneOf("volume-drivers", {
  hosts: ["manager-1: { role: manager }", "worker-1: { role: worker }"],
});

/** A volume plugin as Docker knows it: JSON over a socket. It keeps its volumes as folders. */
const plugin = `import http.server, json, os, socketserver
base = "/var/lib/folders"
path = "/run/docker/plugins/folders.sock"
os.makedirs(base, exist_ok=True)
os.makedirs(os.path.dirname(path), exist_ok=True)
volumes = {}
class Handler(http.server.BaseHTTPRequestHandler):
    def address_string(self):
        return "docker"
    def log_message(self, *_):
        pass
    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        ask = json.loads(self.rfile.read(size) or b"{}") or {}
        name = ask.get("Name", "")
        place = os.path.join(base, name)
        answer = {"Err": ""}
        call = self.path
        if call == "/Plugin.Activate":
            answer = {"Implements": ["VolumeDriver"]}
        elif call == "/VolumeDriver.Create":
            os.makedirs(place, exist_ok=True)
            volumes[name] = ask.get("Opts") or {}
            with open(base + ".log", "a") as log:
                log.write(json.dumps([name, volumes[name]]) + "\\n")
        elif call == "/VolumeDriver.Remove":
            volumes.pop(name, None)
        elif call in ("/VolumeDriver.Mount", "/VolumeDriver.Path"):
            answer["Mountpoint"] = place
        elif call == "/VolumeDriver.Get":
            if name in volumes:
                answer["Volume"] = {"Name": name, "Mountpoint": place, "Status": {}}
            else:
                answer["Err"] = "no such volume"
        elif call == "/VolumeDriver.List":
            answer["Volumes"] = [{"Name": one, "Mountpoint": os.path.join(base, one)} for one in volumes]
        elif call == "/VolumeDriver.Capabilities":
            answer = {"Capabilities": {"Scope": "local"}}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
if os.path.exists(path):
    os.unlink(path)
class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    pass
Server(path, Handler).serve_forever()`;

interface Declared {
  readonly volumes: readonly string[];
}

/** One service with a volume on worker-1, and further volumes. */
function declare({ volumes }: Declared): void {
  setProgram(
    clone,
    `  const data = new Volume("data", { host: "worker-1", labels: { tier: "db" } }, onCluster(cluster));
  new Service("keeper", {
    image: "busybox", args: ["sleep", "infinity"], stopSignal: "SIGKILL", convergeTimeout: "3m",
    mounts: [{ source: data.name, target: "/data" }],
    placement: { constraints: ["node.hostname == worker-1"] },
  }, onCluster(cluster));
${volumes.map((line) => `  ${line}`).join("\n")}
`,
  );
}

const volume = (name: string, args: string): string =>
  `new Volume("${name}", { host: "worker-1", ${args} }, onCluster(cluster));`;

async function names(): Promise<string[]> {
  return (await clone.on("worker-1", "docker", "volume", "ls", "-q"))
    .split("\n")
    .filter(Boolean)
    .sort();
}

const memory = 'driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=4m" }';

it(
  "is made on its host with options and labels, and keeps what is written",
  async () => {
    declare({ volumes: [volume("fast", memory)] });
    await up(clone);
    const inspected = JSON.parse(
      await clone.on("worker-1", "docker", "volume", "inspect", "data", "fast"),
    ) as object[];
    expect(inspected).toMatchObject([
      { Driver: "local", Labels: { tier: "db" } },
      { Driver: "local", Options: { type: "tmpfs", device: "tmpfs", o: "size=4m" } },
    ]);
    expect(await clone.on("manager-1", "docker", "volume", "ls", "-q")).toBe("");
    await inside(clone, "keeper", "sh -c 'echo kept > /data/fact'");
    expect(await clone.planned()).toEqual([]);
  },
  30 * minute,
);

it(
  "is taken over when it is as declared, and never replaced by force",
  async () => {
    await clone.on("worker-1", "docker volume create --label by=hand found");
    declare({ volumes: [volume("fast", memory), volume("found", 'labels: { by: "hand" }')] });
    expect(await up(clone)).toContain(
      'volume "found" exists on worker-1 already and is as declared: taken over',
    );
    for (const fate of ["", ", deleteData: true"]) {
      const found = volume("found", `labels: { by: "me" }${fate}`);
      declare({ volumes: [volume("fast", memory), found] });
      const { code, stdout } = await clone.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout).toContain('labels: got {"by":"me"}; the volume has {"by":"hand"}');
    }
    expect(await names()).toEqual(["data", "fast", "found"]);
  },
  20 * minute,
);

it(
  "stays with its data when it is no longer declared, unless the data is to go",
  async () => {
    declare({ volumes: [volume("fast", `${memory}, deleteData: true`)] });
    await up(clone);
    declare({ volumes: [] });
    await up(clone);
    expect(await names()).toEqual(["data", "found"]);
    expect(await inside(clone, "keeper", "cat /data/fact")).toBe("kept");
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "is seen to be gone or to be another, and is put right where no data is lost by it",
  async () => {
    const both = [volume("fast", `${memory}, deleteData: true`), volume("lone", "")];
    declare({ volumes: both });
    await up(clone);
    await clone.on("worker-1", "docker volume rm fast lone");
    await clone.on(
      "worker-1",
      "docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=8m fast",
    );
    expect(await clone.planned()).toEqual([
      "create lone",
      expect.stringMatching(/^replace fast driverOpts\.o/),
    ]);
    await up(clone);
    expect(
      await clone.on(
        "worker-1",
        "docker",
        "volume",
        "inspect",
        "fast",
        "--format",
        "{{.Options.o}}",
      ),
    ).toBe("size=4m");
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);

it(
  "comes from a driver that is a plugin, and says when there is none",
  async () => {
    const remote = volume(
      "remote",
      'driver: "folders", driverOpts: { size: "big" }, deleteData: true',
    );
    declare({ volumes: [remote] });
    expect(await refused(clone)).toMatch(/plugin "?folders"? not found|folders.*not found/s);
    await clone.on("worker-1", `cat > /root/folders.py <<'END'\n${plugin}\nEND`);
    await clone.on("worker-1", "systemd-run --unit=folders python3 /root/folders.py");
    await up(clone);
    expect(await clone.on("worker-1", "tail", "-1", "/var/lib/folders.log")).toBe(
      '["remote", {"size": "big"}]',
    );
    expect(await clone.planned()).toEqual([]);
    declare({ volumes: [] });
    await up(clone);
    expect(await names()).toEqual(["data", "found", "lone"]);
  },
  20 * minute,
);

it(
  "is warned of at preview when the task that writes to it may move",
  async () => {
    const roamer = `new Service("roamer", { image: "busybox", args: ["sleep", "infinity"], stopSignal: "SIGKILL",
    mounts: [{ source: data.name, target: "/data" }] }, onCluster(cluster));`;
    declare({ volumes: [roamer] });
    const preview = await clone.npmOk("preview");
    expect(preview).toContain(
      'volume "data" is another one on each node, and a task may move between',
    );
    declare({ volumes: [] });
    expect(await clone.npmOk("preview")).not.toContain("is another one on each node");
  },
  10 * minute,
);

it(
  "is shown from state while its host is down",
  async () => {
    await clone.npmOk("lab", ["kill", "worker-1"]);
    const planned = await clone.planned();
    expect(planned.filter((step) => step.includes("data"))).toEqual([]);
    await up(clone);
    expect(await inside(clone, "keeper", "cat /data/fact")).toBe("kept");
    expect(await clone.planned()).toEqual([]);
  },
  20 * minute,
);
