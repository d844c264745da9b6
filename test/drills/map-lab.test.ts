import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Locator, Page } from "playwright-core";
import { freshPage, openChromium } from "../e2e/chromium";
import { cloneOf, minute, setProgram, up } from "./story";

const clone = cloneOf("map-lab", {
  hosts: ["manager-1: { role: manager }", "worker-1: { role: worker }"],
});

/** Milliseconds for Docker to do it, on machines that are slow; the map is at most two seconds behind. */
const SOON = { timeout: 2 * minute };

let browser: Browser;
let page: Page;
let map: ChildProcess;
const complaints: string[] = [];

beforeAll(async () => {
  setProgram(
    clone,
    `  new Service("web", {
    image: "busybox",
    replicas: 4,
    command: ["sh", "-c", "echo ready; exec sleep infinity"],
    stopSignal: "SIGKILL",
    env: { PASSPHRASE: "never-on-the-map" },
    healthcheck: { test: ["CMD", "true"], interval: "1s" },
  }, onCluster(cluster));`,
  );
  await up(clone);
  browser = await openChromium();
  map = spawn("npm", ["run", "--silent", "map"], {
    cwd: clone.directory,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  page = await freshPage(browser, complaints);
  await page.goto(await addressOf(map));
}, 20 * minute);

afterAll(async () => {
  const isOver = map.exitCode !== null || map.signalCode !== null;
  if (map.pid !== undefined && !isOver) process.kill(-map.pid, "SIGKILL");
  await browser.close();
});

/** What the command prints for the person at the terminal. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error("the map has no output");
  for await (const line of createInterface({ input: stdout }))
    if (line.includes("http://")) return line.trim();
  throw new Error("the map ended without an address");
}

function column(node: string): Locator {
  return page.getByRole("region", { name: new RegExp(`^${node}: `) });
}

/** Tasks of a node as the page shows them. */
function tiles(node: string): Locator {
  return column(node).locator("[data-task]");
}

/** Tasks that run, as Docker says it: `web.1 worker-1`. */
async function tasks(): Promise<string[]> {
  const format = "'{{.Name}} {{.Node}}'";
  const list = await clone.on(
    "manager-1",
    `docker service ps web --no-trunc --filter desired-state=running --format ${format}`,
  );
  return list.split("\n").sort();
}

/** Until the page shows so many tasks that run. Its policy lets nobody evaluate a text in it, not even to wait. */
async function untilRunning(count: number): Promise<void> {
  const running = page.locator("[data-task].running");
  await running.nth(count - 1).waitFor({ ...SOON, state: "attached" });
  await running.nth(count).waitFor({ ...SOON, state: "detached" });
}

/** The same as the page shows it. */
async function seen(): Promise<string[]> {
  const names = await page.evaluate<string[]>(
    `[...document.querySelectorAll("[data-task].running")].map((tile) => tile.ariaLabel)`,
  );
  return names.map((name) => name.replace(/:.*, on /, " ")).sort();
}

it(
  "shows what Docker says",
  async () => {
    await tiles("worker-1").first().waitFor(SOON);
    await untilRunning(4);
    expect(await seen()).toEqual(await tasks());
    await page.getByText("1 of 1 manager reachable; the loss of 0 more is survived").waitFor();
    expect(complaints).toEqual([]);
  },
  6 * minute,
);

it(
  "shows a task's last lines, and no variable of its environment",
  async () => {
    await tiles("worker-1").first().click();
    const panel = page.getByRole("complementary", { name: /^web\.\d$/ });
    await panel.getByText("ready", { exact: true }).waitFor(SOON);
    await panel.getByText(/^sha256:[0-9a-f]{64}$/).waitFor();
    expect(await page.content()).not.toContain("never-on-the-map");
    await page.keyboard.press("Escape");
  },
  6 * minute,
);

it(
  "shows a task that is killed in its next life",
  async () => {
    await clone.on("worker-1", "docker kill $(docker ps -q --filter name=web. | head -1)");
    await page.getByRole("button", { name: /^web\.\d: .*1 failure remembered/ }).waitFor(SOON);
    await page
      .getByRole("button", { name: /^web\.\d: running, .*1 failure remembered/ })
      .waitFor(SOON);
    await page
      .getByRole("log")
      .getByText(/web\.\d (moves|begins|runs)/)
      .first()
      .waitFor();
  },
  6 * minute,
);

it(
  "shows how a drained node empties, two seconds after Docker at most",
  async () => {
    await clone.on("manager-1", "docker node update --availability drain worker-1");
    await page.getByRole("region", { name: /^worker-1: .*drained/ }).waitFor({ timeout: 4000 });
    await column("worker-1").getByText("no tasks").waitFor(SOON);
    await untilRunning(4);
    expect(await seen()).toEqual(await tasks());
    expect(await tiles("manager-1").count()).toBe(4);
  },
  6 * minute,
);

it(
  "shows a machine that is lost",
  async () => {
    await clone.npmOk("lab", ["kill", "worker-1"]);
    await page.getByRole("region", { name: /^worker-1: worker, down/ }).waitFor(SOON);
    await page.getByText("node worker-1 is down").waitFor();
  },
  6 * minute,
);

it(
  "writes the picture into a file",
  async () => {
    await clone.npmOk("map", ["--out", "swarm.svg"]);
    const svg = readFileSync(join(clone.directory, "swarm.svg"), "utf8");
    for (const text of ["web.1", "web.4", "manager-1", "worker-1"]) expect(svg).toContain(text);
  },
  6 * minute,
);

it(
  "says that it has ended when it was interrupted",
  async () => {
    const ended = once(map, "exit");
    process.kill(-(map.pid ?? 0), "SIGINT");
    await ended;
    await page
      .getByRole("alert")
      .getByText("Start `npm run map` again")
      .waitFor({ timeout: 10_000 });
  },
  6 * minute,
);
