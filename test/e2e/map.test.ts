import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AxeResults, source as axe } from "axe-core";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { Feed } from "../../map/feed";
import { pictureOf } from "../../map/model";
import { type Assets, filePage, livePage } from "../../map/page";
import { serve, type Served } from "../../map/server";
import { drawing } from "../../map/svg";
import { type MovingSwarm, shop } from "../unit/map/moving-swarm";
import { builtAssets, freshPage, openChromium } from "./chromium";

/** A look is taken once a second, and drawn at once; the rest is for machines that do other things as well. */
const BEHIND = { timeout: 5000 };

let browser: Browser;
let assets: Assets;
let swarm: MovingSwarm;
let served: Served;
/** What the pages of a test complained of. */
const complaints: string[] = [];

beforeAll(async () => {
  assets = builtAssets();
  browser = await openChromium();
}, 300_000);

afterAll(() => browser.close());

beforeEach(async () => {
  complaints.length = 0;
  swarm = shop();
  served = await serve({ feed: new Feed(swarm), page: livePage(assets) });
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await served.close();
});

async function openMap(options?: BrowserContextOptions): Promise<Page> {
  const page = await freshPage(browser, complaints, options);
  await page.goto(served.address);
  await page.getByRole("button", { name: /^shop_web\.1:/ }).waitFor();
  return page;
}

function column(page: Page, node: string): Locator {
  return page.getByRole("region", { name: new RegExp(`^${node}: `) });
}

function tile(within: Page | Locator, task: string): Locator {
  return within.getByRole("button", { name: new RegExp(`^${task.replace(".", "\\.")}: `) });
}

/** What axe finds, as sentences. */
async function flaws(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = "" }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
  );
}

/** Label of what has the keyboard. */
async function focused(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement?.getAttribute("aria-label") ?? ""');
}

describe("the map in a browser", () => {
  it("shows each node with its tasks, under an address without the token", async () => {
    const page = await openMap();
    expect(page.url()).toBe(served.address.split("?")[0]);
    expect(await page.getByRole("region", { name: /^(manager|worker)-\d: / }).count()).toBe(6);
    const node = swarm.nodeOf("shop_db.1");
    await tile(column(page, node), "shop_db.1").waitFor(BEHIND);
    await page.reload();
    await tile(page, "shop_db.1").waitFor();
    const other = await freshPage(browser, []);
    expect((await other.goto(served.address))?.status()).toBe(403);
    expect(complaints).toEqual([]);
  });

  it("shows a task that is killed on its next node, and says so", async () => {
    const page = await openMap();
    const from = swarm.nodeOf("shop_db.1");
    swarm.kill("shop_db.1");
    const to = swarm.nodeOf("shop_db.1");
    expect(to).not.toBe(from);
    await tile(column(page, to), "shop_db.1").waitFor(BEHIND);
    expect(await tile(column(page, from), "shop_db.1").count()).toBe(0);
    await page.getByRole("log").getByText(`shop_db.1 moves from ${from} to ${to}`).waitFor();
    expect(await tile(page, "shop_db.1").getAttribute("aria-label")).toContain("1 failure");
    expect(complaints).toEqual([]);
  });

  it("shows how a drained node empties", async () => {
    const page = await openMap();
    const drained = column(page, "worker-2");
    expect(await drained.getByRole("button").count()).toBeGreaterThan(1);
    swarm.drain("worker-2");
    await drained.getByText("no tasks").waitFor(BEHIND);
    expect(await drained.getByRole("button").count()).toBe(0);
    await page.getByRole("region", { name: /^worker-2: .*drained/ }).waitFor();
    for (const replica of [1, 2, 3, 4, 5, 6]) await tile(page, `shop_web.${replica}`).waitFor();
  });

  it("says that a manager is down, and what that does to the quorum", async () => {
    const page = await openMap();
    swarm.lose("manager-2");
    await page
      .getByText("2 of 3 managers reachable; the loss of 0 more is survived")
      .first()
      .waitFor(BEHIND);
    await page.getByText("node manager-2 is down").waitFor();
    await page.getByRole("region", { name: /^manager-2: manager, down/ }).waitFor();
  });

  it("keeps the last picture when nobody can be asked, says why, and goes on by itself", async () => {
    const page = await openMap();
    swarm.problem = "the swarm has no leader: more than half of the managers are down";
    const alarm = page.getByRole("alert");
    await alarm.getByText("the swarm has no leader").waitFor(BEHIND);
    await page.getByText(/^as it was \d+ s ago$/).waitFor();
    await tile(page, "shop_web.1").waitFor();
    swarm.problem = "";
    await alarm.getByText("the swarm has no leader").waitFor({ state: "detached", timeout: 5000 });
    await served.close();
    await alarm.getByText("Start `npm run map` again").waitFor({ timeout: 5000 });
  });

  it("is used with the keyboard alone", async () => {
    const page = await openMap();
    const first = (await page.locator("[data-task]").first().getAttribute("aria-label")) ?? "";
    for (let steps = 0; steps < 40 && (await focused(page)) !== first; steps++)
      await page.keyboard.press("Tab");
    expect(await focused(page)).toBe(first);
    // One stop for all tiles: the next one leads out of them.
    await page.keyboard.press("Tab");
    expect(await page.evaluate('document.activeElement.closest("[data-task]")')).toBeNull();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("ArrowDown");
    const second = await focused(page);
    expect(second).not.toBe(first);
    expect(second).toMatch(/on manager-1$/);
    await page.keyboard.press("End");
    expect(await focused(page)).toMatch(/on worker-3$/);
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: first.split(":")[0] ?? "" });
    await panel.waitFor();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    expect(await focused(page)).toBe(first);
    await page.keyboard.press("/");
    await page.keyboard.type("shop_db");
    await page.getByText(/^1 of \d+ tasks shown$/).waitFor();
  });

  it("keeps the keyboard on a task that is replaced", async () => {
    const page = await openMap();
    const [old, slot] = [swarm.taskAt("shop_web.3").ID ?? "", "idshop_web 3"];
    await page.locator(`[data-task="${old}"]`).focus();
    swarm.kill("shop_web.3");
    await page
      .locator(`[data-task="${swarm.taskAt("shop_web.3").ID ?? ""}"]:focus`)
      .waitFor(BEHIND);
    expect(await page.evaluate("document.activeElement.dataset.slot")).toBe(slot);
  });

  it("shows a task's image, reason and last lines, and what became of it", async () => {
    swarm.kill("shop_api.2", "task: non-zero exit (137)");
    swarm.logs.set(swarm.taskAt("shop_api.2").ID ?? "", ["listening", "<b>bold</b>"]);
    const page = await openMap();
    await tile(page, "shop_api.2").click();
    const panel = page.getByRole("complementary", { name: "shop_api.2" });
    await panel.getByText(`sha256:${"5f".repeat(32)}`).waitFor();
    await panel.getByText("listening\n<b>bold</b>").waitFor();
    await panel.getByText("task: non-zero exit (137)").waitFor();
    swarm.kill("shop_api.2");
    await panel.getByText("This task has ended.").waitFor(BEHIND);
    await panel.getByRole("button", { name: "Show the one in its place" }).click();
    await panel.getByText("2 failures remembered").waitFor();
    expect(complaints).toEqual([]);
  });

  it("shows what its filters leave", async () => {
    const page = await openMap();
    const tiles = page.locator("[data-task]");
    await page.getByLabel("Stack").selectOption("shop");
    await page.getByText(/^13 of 21 tasks shown$/).waitFor();
    await page.getByLabel("Port").selectOption("8080");
    expect(await tiles.count()).toBe(6);
    await page.getByRole("button", { name: "Show everything" }).click();
    await page
      .getByRole("button", { name: /^proxy/ })
      .first()
      .click();
    expect(await tiles.count()).toBe(2);
  });

  it("shows hostile names as text", async () => {
    const look = swarm.look.bind(swarm);
    // Without a dot: a node is called by its name without the domain.
    const name = "<img src=x onerror='document[`title`]=1'>";
    swarm.look = async () => {
      const found = await look();
      const [node] = found.nodes;
      if (node?.Description) node.Description.Hostname = name;
      return found;
    };
    const page = await openMap();
    await page.getByRole("heading", { name }).waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe("swarm map");
  });

  it.each<[string, BrowserContextOptions]>([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["on a phone", { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true }],
  ])("has names and contrast for everybody, %s", async (_how, options) => {
    swarm.kill("shop_api.2");
    swarm.drain("worker-2");
    swarm.lose("manager-2");
    swarm.startSlowly("shop_web.4");
    const page = await openMap({ reducedMotion: "reduce", ...options });
    expect(await flaws(page)).toEqual([]);
    await tile(page, "shop_web.4").click();
    await page.getByRole("heading", { name: "Last lines" }).waitFor();
    expect(await flaws(page)).toEqual([]);
    const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(wide).toBe(0);
  });
});

describe("files for reports", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "map-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("hold all of the page, and load nothing", async () => {
    const picture = pictureOf(await swarm.look(), swarm.declared);
    const file = join(folder, "swarm.html");
    writeFileSync(file, filePage(assets, picture));
    const page = await freshPage(browser, complaints);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`file://${file}`);
    await tile(page, "shop_web.1").click();
    await page.getByRole("complementary", { name: "shop_web.1" }).waitFor();
    expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([`file://${file}`]);
    expect(await flaws(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("hold a drawing in which no words run out of their node", async () => {
    swarm.lose("manager-3");
    swarm.drain("worker-2");
    const picture = pictureOf(await swarm.look(), swarm.declared);
    const file = join(folder, "swarm.svg");
    writeFileSync(file, drawing(picture));
    const page = await freshPage(browser, complaints);
    await page.goto(`file://${file}`);
    const outside = await page.evaluate(`[...document.querySelectorAll("g:has(> .column)")]
      .flatMap((node) => {
        const edge = node.querySelector(".column").getBoundingClientRect().right;
        const texts = [...node.querySelectorAll("text")];
        return texts.filter((text) => text.getBoundingClientRect().right > edge - 4);
      })
      .map((text) => text.textContent)`);
    expect(await page.locator("g:has(> .column)").count()).toBe(6);
    expect(outside).toEqual([]);
    expect(await page.locator(".tile").count()).toBe(picture.tiles.length);
    expect(complaints).toEqual([]);
  });
});
