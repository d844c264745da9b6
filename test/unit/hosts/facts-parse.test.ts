import { parseFacts } from "../../../hosts/facts-parse";
import { facts, SAMPLE, LAB_KEY } from "./facts-sample";

describe("parseFacts", () => {
  it("reads the whole answer of a machine", () => {
    const { hostsFile, engine, ...rest } = facts();
    expect(rest).toEqual({
      os: {
        id: "centos",
        like: ["rhel", "fedora"],
        version: "9",
        codename: "",
        distribution: "centos",
        name: "CentOS Stream 9 (lab)",
        family: "el",
      },
      architecture: "x86_64",
      kernel: "6.1.176",
      hostname: "m1",
      machineId: "81aecd5b46774cf4a3f111d1588c6576",
      addresses: [
        { interface: "lo", address: "127.0.0.1" },
        { interface: "vec0", address: "10.1.0.11" },
        { interface: "vec0", address: "fe80::c6ff:fe12:e20b" },
      ],
      memoryMiB: 994,
      swapMiB: 0,
      disk: { rootMiB: 11402, dockerMiB: 2048 },
      clockSkewSeconds: 3,
      selinux: "permissive",
      modules: {
        br_netfilter: "loaded",
        bridge: "loaded",
        ip_vs: "loaded",
        overlay: "loaded",
        veth: "available",
        vxlan: "loaded",
        esp4: "available",
        xt_bpf: "available",
      },
      packages: {
        "docker-ce": "26.1.5-1.el9",
        "docker-ce-cli": "26.1.5-1.el9",
        "containerd.io": "1.7.24-3.1.el9",
      },
      packageManagerInterrupted: false,
      closingNoted: false,
      modulesFile: "ip_vs\noverlay\n",
      sysctlFile: "net.ipv4.ip_forward = 1\n",
      sysctls: { "net.ipv4.ip_forward": "1", "net.ipv4.tcp_rmem": "4096 131072 6291456" },
      units: {},
      swapMasked: false,
      hasSudo: false,
      users: {
        alice: { uid: 1000, groups: ["alice", "docker"], authorizedKeys: [], sudo: undefined },
        bob: { uid: 1001, groups: ["bob"], authorizedKeys: [], sudo: undefined },
      },
      firewall: {
        kind: "firewalld",
        zone: "public",
        takesAll: false,
        runtime: {
          openings: ["2377/tcp", "7946/udp", "esp"],
          rules: [
            'rule family="ipv4" source address="10.1.0.12" port port="9100" protocol="tcp" accept',
          ],
        },
        permanent: {
          openings: ["2377/tcp", "7946/udp", "esp"],
          rules: [
            'rule family="ipv4" source address="10.1.0.12" port port="9100" protocol="tcp" accept',
          ],
        },
      },
    });
    expect(hostsFile).toMatch(/^127\.0\.0\.1 localhost\n# swarm nodes: begin/);
    expect({ ...engine, daemonJson: "", repositoryFile: "" }).toEqual({
      repositoryKeyFile: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
      repositoryKeys: [LAB_KEY],
      version: "26.1.5",
      running: true,
      enabled: true,
      restartPending: false,
      rulesLost: false,
      installPending: false,
      path: "/usr/bin/dockerd",
      flags: ["containerd", "host"],
      daemonJson: "",
      repository: "http://10.1.0.1:8080/linux",
      repositoryFile: "",
    });
  });

  it("keeps a file's own indentation", () => {
    expect(facts().engine.daemonJson).toBe(
      '{\n  "registry-mirrors": [\n    "http://10.1.0.1:5000"\n  ]\n}\n',
    );
  });

  it("sees markers, dpkg's journal and a replaced binary", () => {
    const text = SAMPLE.replace(
      "unfinished\n",
      "unfinished\n engine-install\n package-manager\n",
    ).replace(" Path=/usr/bin/dockerd\n", " Path=/usr/bin/dockerd\n Replaced=yes\n");
    const found = parseFacts(text, 0);
    expect(found.engine.installPending).toBe(true);
    expect(found.engine.restartPending).toBe(true);
    expect(found.packageManagerInterrupted).toBe(true);
  });

  it("takes the flags of the unit and of the distribution's options", () => {
    const text = SAMPLE.replace(
      "daemon-json\n",
      ' DOCKER_OPTS="--label=a=b -D --log-driver json-file"\ndaemon-json\n',
    );
    expect(parseFacts(text, 0).engine.flags).toEqual([
      "containerd",
      "debug",
      "host",
      "label",
      "log-driver",
    ]);
  });

  it("reads a machine on which nothing is there yet", () => {
    const found = parseFacts(
      "os\n ID=alpine\nsystem\ndisk\nservices\n Path=\nfirewall\n kind none\n",
      5,
    );
    expect(found.os.family).toBe("other");
    expect(found.engine).toEqual({
      version: undefined,
      running: false,
      enabled: false,
      restartPending: false,
      rulesLost: false,
      installPending: false,
      path: undefined,
      flags: [],
      daemonJson: undefined,
      repository: undefined,
      repositoryFile: undefined,
      repositoryKeyFile: undefined,
      repositoryKeys: undefined,
    });
    expect(found.firewall.kind).toBe("none");
  });

  it("reads ufw's rules", () => {
    const text = [
      "firewall",
      " kind ufw",
      " ### tuple ### allow tcp 2377 0.0.0.0/0 any 0.0.0.0/0 in",
      " ### tuple ### allow tcp 8000:8010 0.0.0.0/0 any 10.1.0.12 in comment=6162",
      " ### tuple ### allow esp any 0.0.0.0/0 any 0.0.0.0/0 in",
      " ### tuple ### deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in",
      " ### tuple ### allow tcp 2377 ::/0 any ::/0 in",
      " ### tuple ### allow udp 7946 ::/0 any fd00::12 in",
    ].join("\n");
    expect(parseFacts(text, 0).firewall.runtime).toEqual({
      openings: ["2377/tcp", "esp"],
      rules: ["8000-8010/tcp 10.1.0.12", "7946/udp fd00::12"],
    });
  });

  it("reads the single answers of a firewalld before 0.9", () => {
    const text = [
      "firewall",
      " kind firewalld",
      " zone public",
      ' runtime Ports aas 2 2 "2377" "tcp" 2 "7946" "udp"',
      ' runtime Protocols as 1 "esp"',
      " runtime RichRules as 0",
    ].join("\n");
    expect(parseFacts(text, 0).firewall.runtime).toEqual({
      openings: ["2377/tcp", "7946/udp", "esp"],
      rules: [],
    });
  });

  it.each([
    [
      "deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] https://a.example/linux/debian trixie stable",
      "https://a.example/linux",
    ],
    [
      "deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] http://a.example:8080/linux/ubuntu noble stable",
      "http://a.example:8080/linux",
    ],
    [
      "baseurl=https://a.example/docker-ce/linux/centos/9/$basearch/stable",
      "https://a.example/docker-ce/linux",
    ],
    ["baseurl=https://a.example/other", undefined],
  ])("reads the repository of %s", (line, url) => {
    expect(parseFacts(`repository\n ${line}\n`, 0).engine.repository).toBe(url);
  });
});

describe("an operating system", () => {
  it.each([
    ["CentOS 7", "ID=centos|ID_LIKE=rhel fedora|VERSION_ID=7", "el centos"],
    [
      "RHEL 7, whose own folder is for mainframes",
      "ID=rhel|ID_LIKE=fedora|VERSION_ID=7.9",
      "el centos",
    ],
    ["RHEL 9", "ID=rhel|ID_LIKE=fedora|VERSION_ID=9.4", "el rhel"],
    ["Rocky", "ID=rocky|ID_LIKE=rhel centos fedora|VERSION_ID=9.4", "el centos"],
    ["AlmaLinux", "ID=almalinux|ID_LIKE=rhel centos fedora|VERSION_ID=10.0", "el centos"],
    ["Oracle Linux", "ID=ol|ID_LIKE=fedora|VERSION_ID=9.4", "el centos"],
    ["Fedora", "ID=fedora|VERSION_ID=42", "el fedora"],
    ["a relative of Fedora", "ID=nobara|ID_LIKE=fedora|VERSION_ID=41", "el fedora"],
    ["Amazon Linux 2023", "ID=amzn|ID_LIKE=fedora|VERSION_ID=2023", "el "],
    ["Debian", "ID=debian|VERSION_CODENAME=trixie", "debian debian trixie"],
    [
      "Ubuntu",
      "ID=ubuntu|ID_LIKE=debian|VERSION_CODENAME=noble|UBUNTU_CODENAME=noble",
      "debian ubuntu noble",
    ],
    [
      "Linux Mint",
      "ID=linuxmint|ID_LIKE=ubuntu debian|VERSION_CODENAME=wilma|UBUNTU_CODENAME=noble",
      "debian ubuntu noble",
    ],
    [
      "Linux Mint on Debian",
      "ID=linuxmint|ID_LIKE=debian|VERSION_CODENAME=faye|DEBIAN_CODENAME=bookworm",
      "debian debian bookworm",
    ],
    [
      "Kali, which does not say",
      "ID=kali|ID_LIKE=debian|VERSION_CODENAME=kali-rolling",
      "debian debian ",
    ],
    ["Alpine", "ID=alpine|VERSION_ID=3.20", "other "],
  ])("knows the packages of %s", (_, release, expected) => {
    const lines = release.split("|").map((line) => ` ${line.replace(/=(.*)/, '="$1"')}`);
    const { family, distribution, codename } = parseFacts(["os", ...lines].join("\n"), 0).os;
    const said = [
      family,
      distribution,
      ...(codename === "" && distribution !== "debian" ? [] : [codename]),
    ];
    expect(said.join(" ")).toBe(expected);
  });
});
