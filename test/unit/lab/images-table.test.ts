import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXTRA_IMAGES } from "../../../lab/images/extra-table";
import { BASES, configurationOptions, IMAGES, repositoryOf } from "../../../lab/images/table";
import { ENGINES, EXTRA_ENGINES } from "../../../lab/packages/engines";
import { registryConfiguration } from "../../../lab/registry";
import { folderHash, sourceFolder } from "../../../lab/source-folder";

const recipes = sourceFolder("lab/images");
const all = [...IMAGES, ...EXTRA_IMAGES];

describe("table of images", () => {
  it("is in the order of names, each once", () => {
    for (const table of [IMAGES, EXTRA_IMAGES]) {
      const names = table.map(({ name }) => name);
      expect(names).toEqual([...names].sort());
    }
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it("needs nothing for what every lab has that only images on demand need", () => {
    const bases = new Set(IMAGES.map(({ base }) => base));
    expect([...bases].sort()).toEqual(["debian", "tiny"]);
  });

  it("has a folder for each recipe and base that asks for one, and no other", () => {
    const wanted = ["build", ...BASES.map(({ name }) => `base-${name}`), ...recipeNames()];
    const found = readdirSync(recipes, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(found.filter((name) => !wanted.includes(name))).toEqual([]);
    expect(recipeNames().filter((name) => !found.includes(name))).toEqual([]);
  });

  it("brings the entrypoint of each image that names one", () => {
    for (const { name, entrypoint, recipes: folders = [] } of all) {
      if (entrypoint === undefined) continue;
      const paths = folders.map((folder) => `${folder}/root/usr/local/bin/${entrypoint[0] ?? ""}`);
      expect([name, paths.some((path) => existsSync(join(recipes, path)))]).toEqual([name, true]);
    }
  });

  it("has the program of each image of the lab's own", () => {
    for (const { name, base, command = [], entrypoint = [], recipes: folders = [] } of all) {
      if (base !== "python") continue;
      const [program = ""] = [...entrypoint, ...command];
      const path = join(recipes, folders[0] ?? "", "root/usr/local/bin", program);
      expect([name, existsSync(path)]).toEqual([name, true]);
    }
  });

  it("has every image of the worked examples", () => {
    const names = all.flatMap(({ name, tags }) => tags.map((tag) => `${name}:${tag}`));
    expect(names).toEqual(
      expect.arrayContaining([
        "alpine:latest",
        "busybox:latest",
        "debian:jessie",
        "mysql:5.7",
        "dockersamples/visualizer:stable",
        "nginx:latest",
        "portainer/agent:latest",
        "postgres:15-alpine",
        "redis:3.0.6",
        "redis:3.0.7",
        "wordpress:latest",
      ]),
    );
  });

  it("is repeated in docs/lab-images.md, with the engines, row by row", () => {
    const rows = documentRows();
    const images = all.map(({ name, tags }) => [`\`${name}\``, ...tags.map((tag) => `\`${tag}\``)]);
    expect(
      rows
        .filter(([first]) => images.some(([name]) => name === first))
        .map(([name, tags]) => [name, ...(tags ?? "").split(", ")]),
    ).toEqual(images);
    const builds = [...ENGINES, ...EXTRA_ENGINES];
    const engines = builds.map(({ engine, containerd }) => [engine, containerd]);
    expect(rows.filter(([first]) => /^\d/.test(first ?? "")).map((row) => row.slice(0, 2))).toEqual(
      engines,
    );
  });
});

describe("repositoryOf", () => {
  it.each([
    ["nginx", "library/nginx"],
    ["dockersamples/atsea", "dockersamples/atsea"],
  ])("%s is asked for as %s", (name, repository) => {
    expect(repositoryOf({ name, tags: ["latest"], base: "tiny", madeOf: "" })).toBe(repository);
  });
});

describe("configurationOptions", () => {
  it("says everything that a row says", () => {
    expect(
      configurationOptions({
        name: "shop",
        tags: ["latest"],
        base: "debian",
        entrypoint: ["entry.sh", "--now"],
        command: ["serve"],
        environment: { ZONE: "UTC" },
        ports: [80, 443],
        volumes: ["/data"],
        workingDirectory: "/srv",
        user: "1000:1000",
        stopSignal: "SIGQUIT",
        madeOf: "a test",
      }),
    ).toEqual([
      "--config.entrypoint=entry.sh",
      "--config.entrypoint=--now",
      "--config.cmd=serve",
      "--config.env=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "--config.env=ZONE=UTC",
      "--config.exposedports=80/tcp",
      "--config.exposedports=443/tcp",
      "--config.volume=/data",
      "--config.workingdir=/srv",
      "--config.user=1000:1000",
      "--config.stopsignal=SIGQUIT",
      "--config.label=org.opencontainers.image.description=a test",
    ]);
  });
});

describe("registryConfiguration", () => {
  it.each([
    ["read-only", true],
    ["read-write", false],
  ] as const)("%s", (access, enabled) => {
    expect(JSON.parse(registryConfiguration("/images", "198.18.0.1:5000", access))).toEqual({
      version: "0.1",
      log: { level: "warn", accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: "/images" },
        cache: { blobdescriptor: "inmemory" },
        maintenance: { uploadpurging: { enabled: false }, readonly: { enabled } },
      },
      http: { addr: "198.18.0.1:5000" },
    });
  });
});

describe("folderHash", () => {
  const folder = mkdtempSync(`${tmpdir()}/folder-hash-`);
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("changes with a file's contents, name and mode, and with nothing else", () => {
    mkdirSync(`${folder}/below`);
    writeFileSync(`${folder}/below/a.sh`, "one");
    const first = folderHash(folder);
    writeFileSync(`${folder}/table.ts`, "TypeScript is no part of it");
    expect(folderHash(folder)).toBe(first);
    chmodSync(`${folder}/below/a.sh`, 0o755);
    const executable = folderHash(folder);
    writeFileSync(`${folder}/below/a.sh`, "two");
    const changed = folderHash(folder);
    writeFileSync(`${folder}/below/b.sh`, "two");
    expect(new Set([first, executable, changed, folderHash(folder)]).size).toBe(4);
  });
});

describe("sourceFolder", () => {
  it("fails when the folder is in no folder above the program", () => {
    expect(() => sourceFolder("lab/no-such-folder")).toThrow(
      /^lab\/no-such-folder: not found in .*; expected this program inside its clone\. Run it from the clone/,
    );
  });
});

function recipeNames(): string[] {
  return all.flatMap(({ recipes: folders = [] }) => folders);
}

/** Cells of every table row of the document. */
function documentRows(): string[][] {
  const text = readFileSync(join(sourceFolder("docs"), "lab-images.md"), "utf8");
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
