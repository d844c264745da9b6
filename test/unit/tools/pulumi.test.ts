import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { buildArguments, explainFailure, goEnvironment } from "../../../tools/go-build";
import { clonePaths, pinnedVersions } from "../../../tools/paths";
import { findPulumi } from "../../../tools/pulumi";

const repository = resolve(__dirname, "../../..");

describe("findPulumi", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "swarm-pulumi-"));
    const dependencies = { "@pulumi/pulumi": "3.259.1", "@pulumi/random": "4.21.2" };
    writeFileSync(join(root, "package.json"), JSON.stringify({ dependencies }));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const executable = (path: string, text = "#!/bin/sh\n") => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o755 });
  };
  const install = (folder: string, version: string) => {
    executable(`${folder}/pulumi`, `#!/bin/sh\necho v${version}\n`);
    executable(`${folder}/pulumi-language-nodejs`);
  };

  it("finds nothing on a bare machine", async () => {
    expect(await findPulumi(clonePaths(root), join(root, "bin"))).toBeUndefined();
  });

  it.each(["3.259.0", "3.259.1", "3.300.0", "4.0.0"])("takes an installed %s", async (version) => {
    install("bin", version);
    expect(await findPulumi(clonePaths(root), join(root, "bin"))).toEqual({
      command: join(root, "bin/pulumi"),
      origin: "installed",
      environment: {},
    });
  });

  it("passes over an older one", async () => {
    install("bin", "3.258.9");
    expect(await findPulumi(clonePaths(root), join(root, "bin"))).toBeUndefined();
  });

  it("passes over one without a language host", async () => {
    executable("bin/pulumi", "#!/bin/sh\necho v3.259.1\n");
    expect(await findPulumi(clonePaths(root), join(root, "bin"))).toBeUndefined();
  });

  it("passes over npm's downloader", async () => {
    install("node_modules/.bin", "3.259.1");
    expect(await findPulumi(clonePaths(root), join(root, "node_modules/.bin"))).toBeUndefined();
  });

  it("links the language host and the random plugin to one that was built", async () => {
    const paths = clonePaths(root);
    executable(".swarm/pulumi/home/versions/3.259.1/bin/pulumi");
    const expected = {
      command: join(paths.pulumiBin, "pulumi"),
      origin: "built",
      environment: {
        PULUMI_HOME: paths.pulumiHome,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PATH: `${paths.pulumiBin}:/usr/bin`,
      },
    };
    expect(await findPulumi(paths, "/usr/bin")).toEqual(expected);
    expect(readlinkSync(join(paths.pulumiBin, "pulumi-language-nodejs"))).toBe(
      "../../../../../../dist/language/pulumi-language-nodejs",
    );
    const random = "plugins/resource-random-v4.21.2/pulumi-resource-random";
    expect(readlinkSync(join(paths.pulumiHome, random))).toBe(
      "../../../../../dist/random/pulumi-resource-random",
    );
    expect(await findPulumi(paths, "/usr/bin")).toEqual(expected);
  });

  it("tells one that was downloaded by its own language host", async () => {
    install(".swarm/pulumi/home/versions/3.259.1/bin", "3.259.1");
    expect((await findPulumi(clonePaths(root), "/usr/bin"))?.origin).toBe("downloaded");
  });
});

describe("building the CLI", () => {
  it("is pinned to one version everywhere", () => {
    const text = (file: string) => readFileSync(join(repository, file), "utf8");
    const { pulumi } = pinnedVersions(repository);
    const { dependencies } = JSON.parse(text("package.json")) as {
      dependencies: Record<string, string>;
    };
    expect(dependencies.pulumi).toBe(pulumi);
    for (const module of ["pkg", "sdk"]) {
      expect(text("tools/pulumi-cli/go.mod")).toContain(`pulumi/${module}/v3 v${pulumi}`);
    }
  });

  it("checks the sums and tells the CLI its version", () => {
    expect(buildArguments("3.1.0", "/out")).toEqual([
      "build",
      "-v",
      "-mod=readonly",
      "-modcacherw",
      "-trimpath",
      "-tags=grpcnotrace",
      "-gcflags=all=-dwarf=false -N -l",
      "-gcflags=std=-dwarf=false",
      "-gcflags=github.com/pulumi/...=-dwarf=false",
      "-gcflags=google.golang.org/grpc/...=-dwarf=false",
      "-gcflags=google.golang.org/protobuf/...=-dwarf=false",
      "-gcflags=golang.org/x/...=-dwarf=false",
      "-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=3.1.0",
      "-o=/out",
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ]);
  });

  it("writes into the clone alone and reads the user's Go settings", () => {
    const paths = clonePaths(repository);
    const { CGO_ENABLED, GOENV, GOGC, GOTOOLCHAIN, GOWORK, ...folders } = goEnvironment(paths, {
      XDG_CONFIG_HOME: "/home/user/etc",
    });
    expect({ CGO_ENABLED, GOENV, GOGC, GOTOOLCHAIN, GOWORK }).toEqual({
      CGO_ENABLED: "0",
      GOENV: "/home/user/etc/go/env",
      GOGC: "off",
      GOTOOLCHAIN: "auto",
      GOWORK: "off",
    });
    for (const folder of Object.values(folders)) expect(folder.startsWith(paths.go)).toBe(true);
    expect(goEnvironment(paths, { GOENV: "/elsewhere" }).GOENV).toBe("/elsewhere");
  });

  it.each([
    [
      "verifying x: checksum mismatch",
      "Pulumi: a Go module is not the one that /m/go.sum lists; nothing was built.",
    ],
    [
      "dial tcp: lookup p: no such host",
      "Pulumi: no Go module proxy was reached. Check the network, or name a mirror: go env -w GOPROXY=URL.",
    ],
    [
      "write /x: no space left on device",
      "Pulumi: the disk is full while it is built. Make room and run this again.",
    ],
    ["./a.go:1: wrong", "Pulumi: go build failed; the end of what it said:"],
  ])("explains %j", (log, expected) => {
    expect(explainFailure(log, "/m")).toBe(`${expected}\n${log}`);
  });
});
