import { arrange } from "../../../map/arrangement";
import { choicesIn, everything, shown } from "../../../map/filter";
import { huesOf } from "../../../map/hue";
import { pictureOf } from "../../../map/model";
import { filePage } from "../../../map/page";
import type { Picture } from "../../../map/picture";
import { drawing } from "../../../map/svg";
import { bytesText } from "../../../map/words";
import { fleet, type MovingSwarm, shop } from "./moving-swarm";

async function pictured(swarm: MovingSwarm): Promise<Picture> {
  return pictureOf(await swarm.look(), swarm.declared);
}

const hostile = `</script><img src=x onerror=alert(1)>"&'`;

/** A picture in which a node, a service and a task have a hostile name. */
async function hostilePicture(): Promise<Picture> {
  const swarm = shop();
  const look = await swarm.look();
  const [node] = look.nodes;
  const [service] = look.services;
  if (node?.Description === undefined || service?.Spec === undefined) throw new Error("no sample");
  node.Description.Hostname = hostile;
  service.Spec.Name = hostile;
  return pictureOf(look, swarm.declared);
}

describe("filters", () => {
  it("offer what is there", async () => {
    const { services } = await pictured(shop());
    expect(choicesIn(services)).toEqual({
      stacks: ["shop"],
      networks: ["shop_back", "shop_front"],
      ports: ["443", "8080"],
    });
  });

  it.each([
    [{ stack: "shop" }, 13],
    [{ network: "shop_front" }, 8],
    [{ port: "443" }, 2],
    [{ service: "idshop_api" }, 4],
    [{ text: "POSTGRES" }, 1],
    [{ text: "shop_web.2" }, 1],
    [{ trouble: true }, 0],
    [{ stack: "shop", port: "443" }, 0],
  ])("leave what %j asks for", async (part, count) => {
    const picture = await pictured(shop());
    expect(shown(picture, { ...everything, ...part }).tiles).toHaveLength(count);
  });

  it("find what needs a look", async () => {
    const swarm = shop();
    swarm.kill("shop_web.1");
    const { tiles } = shown(await pictured(swarm), { ...everything, trouble: true });
    expect(tiles.map(({ name }) => name)).toEqual(["shop_web.1"]);
  });
});

describe("an arrangement", () => {
  it("has managers first, each with its own tasks, and keeps columns in which nothing changed", async () => {
    const swarm = shop();
    const before = await pictured(swarm);
    const first = arrange(before.nodes, before.tiles);
    expect(first.columns.map(({ node }) => node.role)).toEqual([
      ...["manager", "manager", "manager", "worker", "worker", "worker"],
    ]);
    const same = arrange(before.nodes, [...before.tiles], first);
    expect(same.columns.every((column, at) => column === first.columns[at])).toBe(true);
  });

  it("has a place for tasks without a node", async () => {
    const swarm = shop();
    for (const { Description } of (await swarm.look()).nodes)
      swarm.drain(Description?.Hostname ?? "");
    const { nodes, tiles } = await pictured(swarm);
    const { columns, homeless } = arrange(nodes, tiles);
    expect(columns.flatMap((column) => column.tiles)).toEqual([]);
    expect(homeless.length).toBeGreaterThan(10);
  });
});

describe("colours", () => {
  it("are another one for each of a dozen services, and the same ones every time", () => {
    const names = "abcdefghijkl".split("").map((letter) => `service-${letter}`);
    const hues = huesOf(names);
    expect(new Set(hues.values()).size).toBe(12);
    expect(huesOf([...names].reverse())).toEqual(hues);
  });
});

describe("a drawing", () => {
  it("names every node, task and service once more than it colours them", async () => {
    const picture = await pictured(shop());
    const svg = drawing(picture);
    for (const { name } of [...picture.nodes, ...picture.tiles, ...picture.services])
      expect(svg).toContain(name);
    expect(svg).toContain("3 of 3 managers reachable");
    expect(svg.match(/class="tile /g)).toHaveLength(picture.tiles.length);
  });

  it("is the same text for the same picture, and loads nothing", async () => {
    const svg = drawing(await pictured(shop()));
    expect(drawing(await pictured(shop()))).toBe(svg);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|href|url\(/);
  });

  it("shows hostile names as text", async () => {
    const svg = drawing(await hostilePicture());
    expect(svg).not.toContain("<img");
    expect(svg).toContain("&lt;/script&gt;&lt;img src=x");
  });

  it("has room for a hundred nodes and thousands of tasks", async () => {
    const svg = drawing(await pictured(fleet(100, 3000)));
    expect(svg.match(/class="tile /g)).toHaveLength(3000);
    const [, width = "0"] = /<svg[^>]* width="(\d+)"/.exec(svg) ?? [];
    const rights = [...svg.matchAll(/<rect class="full" x="([\d.]+)"[^>]* width="([\d.]+)"/g)];
    expect(rights.every(([, x, wide]) => Number(x) + Number(wide) <= Number(width))).toBe(true);
  });
});

describe("a page in a file", () => {
  it("keeps hostile names inside its data, and allows its own script and style alone", async () => {
    const html = filePage({ script: "1", style: "a{}" }, await hostilePicture());
    expect(html).not.toContain("<img");
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).toMatch(/content="default-src 'none'; script-src 'sha256-[^']+'; style-src/);
    expect(html).not.toMatch(/connect-src|unsafe/);
    const [, json = ""] = /id="picture">(.*)<\/script>/.exec(html) ?? [];
    expect((JSON.parse(json) as Picture).nodes.map(({ name }) => name)).toContain(hostile);
  });
});

describe("amounts", () => {
  it.each([
    [0, "0 B"],
    [1536 * 1024 ** 2, "1.5 GiB"],
    [256 * 1024 ** 2, "256 MiB"],
    [612.61 * 1024 ** 2, "613 MiB"],
  ])("%d bytes are %s", (bytes, words) => {
    expect(bytesText(bytes)).toBe(words);
  });
});
