import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureExtra } from "../../../lab/images/extra";
import { EXTRA_IMAGES } from "../../../lab/images/extra-table";
import { imagePath } from "../../../lab/images/paths";
import { Toolbox } from "../../../lab/toolbox";

// Proves when an image on demand is built. That it then is, a drill proves.

class Refusing extends Toolbox {
  override run(): Promise<never> {
    return Promise.reject(new Error("building"));
  }
}

let folder: string;
let storage: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-extra-"));
  storage = join(folder, "registry");
  mkdirSync(join(storage, "extra"), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function ensure(image: string): Promise<void> {
  const toolbox = new Refusing(folder, folder);
  await ensureExtra({ toolbox, cacheDirectory: folder, storage }, image, () => undefined);
}

/** As if a family had been pushed from these paths. */
function pushed(family: string, change = ""): void {
  const rows = EXTRA_IMAGES.filter((row) => row.family === family);
  const paths = rows.map((row) => `${imagePath(folder, row)}${change}`);
  writeFileSync(join(storage, "extra", family), paths.join("\n"));
}

it.each(["mysql:5.7", "nginx", "registry.example.org/postgres", "other/image:1"])(
  "%s is none of them",
  async (image) => {
    await ensure(image);
    expect(readdirSync(folder)).toEqual(["registry"]);
  },
);

it("is built when it is not there, and when its recipe is another one now", async () => {
  await expect(ensure("portainer/agent")).rejects.toThrow();
  pushed("portainer", "-of-another-recipe");
  await expect(ensure("portainer/agent")).rejects.toThrow();
  expect(readdirSync(folder).filter((name) => name.endsWith(".work"))).toEqual([]);
});

it("is not built again with any of its family", async () => {
  pushed("portainer");
  await ensure("portainer/agent");
  await ensure("docker.io/portainer/portainer:latest@sha256:0");
});
