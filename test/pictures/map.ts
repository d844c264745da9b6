/** Draws docs/images/map.png: the map of a swarm that exists in a test only, with a node drained and a task that failed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Feed } from "../../map/feed";
import { livePage } from "../../map/page";
import { serve } from "../../map/server";
import { shop } from "../unit/map/moving-swarm";

const FILE = "docs/images/map.png";

async function main(): Promise<void> {
  const swarm = shop();
  swarm.drain("worker-2");
  swarm.startSlowly("shop_web.4");
  const read = (name: string): string => readFileSync(join("dist", "map", name), "utf8");
  const page = livePage({ script: read("page.js"), style: read("page.css") });
  const served = await serve({ feed: new Feed(swarm), page });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const shown = await browser.newPage({
      viewport: { width: 1270, height: 590 },
      reducedMotion: "reduce",
      timezoneId: "UTC",
    });
    await shown.goto(served.address);
    swarm.kill("shop_api.2", "task: non-zero exit (137): out of memory");
    const task = swarm.taskAt("shop_api.2").ID ?? "";
    swarm.logs.set(task, ["connected to shop_db", "listening on :3000", "GET /health 200"]);
    await shown.click(`[data-task="${task}"]`);
    await shown.getByText("listening on :3000").waitFor();
    await shown.screenshot({ path: FILE });
  } finally {
    await browser.close();
    await served.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
