import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { type Browser, chromium, type Page } from "playwright-core";
import { changeBetween } from "../../map/change";
import { Feed } from "../../map/feed";
import { pictureOf } from "../../map/model";
import { livePage } from "../../map/page";
import { serve } from "../../map/server";
import { drawing } from "../../map/svg";
import { fleet, type MovingSwarm } from "../unit/map/moving-swarm";
import { printTable } from "./comparison";
import { report } from "./results";

/** Nodes and tasks. */
const SIZES: readonly (readonly [number, number])[] = [
  [5, 10],
  [20, 300],
  [100, 3000],
];

/** The assets that `npm run bench` has built. */
const page = livePage({
  script: readFileSync(join("dist", "map", "page.js"), "utf8"),
  style: readFileSync(join("dist", "map", "page.css"), "utf8"),
});

/** What one size costs, in milliseconds but for the last two, of which the elements are those left by the filter. */
interface Measured {
  readonly model: number;
  readonly change: number;
  readonly draw: number;
  readonly kill: number;
  readonly drain: number;
  readonly filter: number;
  readonly kilobytes: number;
  readonly elements: number;
}

async function measure(browser: Browser, swarm: MovingSwarm): Promise<Measured> {
  const look = await swarm.look();
  const [model, picture] = await timed(() => pictureOf(look, swarm.declared));
  const after = pictureOf(await swarm.look(), swarm.declared);
  const [change] = await timed(() => changeBetween(picture, after));
  drawing(picture);
  const served = await serve({ feed: new Feed(swarm), page });
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
  const shown = await context.newPage();
  try {
    const [draw] = await timed(async () => {
      await shown.goto(served.address);
      await shown.waitForSelector("[data-task]");
      await painted(shown);
    });
    const kill = await until(shown, swarm.taskAt("stack0_service-0.1").ID ?? "", () => {
      swarm.kill("stack0_service-0.1");
    });
    const drained = swarm.nodeOf("stack0_service-0.2");
    const drain = await until(shown, swarm.taskAt("stack0_service-0.2").ID ?? "", () => {
      swarm.drain(drained);
    });
    const [filter] = await timed(async () => {
      await shown.getByRole("searchbox").fill("service-0.3");
      await painted(shown);
    });
    const kilobytes = Math.round(JSON.stringify(picture).length / 1024);
    const elements = await shown.locator("*").count();
    return { model, change, draw, kill, drain, filter, kilobytes, elements };
  } finally {
    await context.close();
    await served.close();
  }
}

/** Milliseconds from something that happens until its task is gone from the page, at most one look of Docker among them. */
async function until(shown: Page, task: string, act: () => void): Promise<number> {
  const [milliseconds] = await timed(async () => {
    act();
    await shown.waitForSelector(`[data-task="${task}"]`, { state: "detached" });
    await painted(shown);
  });
  return milliseconds;
}

async function painted(shown: Page): Promise<void> {
  await shown.evaluate(
    "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
  );
}

async function timed<T>(act: () => T | Promise<T>): Promise<readonly [number, T]> {
  const began = performance.now();
  const result = await act();
  return [performance.now() - began, result];
}

async function main(): Promise<void> {
  const browser = await chromium
    .launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] })
    .catch((error: unknown) => {
      throw new Error("map: no Chromium; install Debian's package chromium", { cause: error });
    });
  const rows: string[][] = [];
  try {
    for (const [nodes, tasks] of SIZES) {
      const swarm = fleet(nodes, tasks);
      const found = await measure(browser, swarm);
      rows.push([
        `${nodes} × ${tasks}`,
        ...[found.model, found.change, found.draw, found.kill, found.drain, found.filter].map(
          (ms) => ms.toFixed(),
        ),
        String(found.kilobytes),
        String(found.elements),
      ]);
    }
  } finally {
    await browser.close();
  }
  report("The map in Chromium; a look at Docker once a second is in what is seen");
  printTable(
    [
      ...["nodes × tasks", "model ms", "change ms", "first drawing ms", "kill seen ms"],
      ...["drain seen ms", "filter ms", "picture KiB", "elements when filtered"],
    ],
    rows,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
