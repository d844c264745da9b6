import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Assets } from "../../map/page";
import { installMissing } from "../../tools/check-task";

const root = join(__dirname, "..", "..");

/** Debian's Chromium, installed where it is missing. As root it has no sandbox; it opens nothing but the tests' pages. */
export async function openChromium(): Promise<Browser> {
  await installMissing(["chromium"]);
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
}

/** The page's program and look, as they are in the sources now. */
export function builtAssets(): Assets {
  execFileSync(process.execPath, [join(root, "tools", "build.mjs")], { cwd: root });
  const read = (name: string): string => readFileSync(join(root, "dist", "map", name), "utf8");
  return { script: read("page.js"), style: read("page.css") };
}

/** A page of its own, as in a fresh browser; what it complains of (errors, its policy) goes to `complaints`. */
export async function freshPage(
  browser: Browser,
  complaints: string[],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  return page;
}
