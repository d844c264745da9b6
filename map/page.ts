import { createHash } from "node:crypto";
import type { Picture } from "./picture";

/** Program and look of the page, as bundled. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

/** A document that needs nothing but itself. */
export interface Page {
  readonly html: string;
  /** Content-Security-Policy under which it works: its own script and style, by their hashes. */
  readonly policy: string;
}

/** The page that a server sends: it asks where it came from for the picture. */
export function livePage({ script, style }: Assets): Page {
  const policy = `${policyOf({ script, style })}; connect-src 'self'`;
  return { policy, html: documentOf({ script, style }, "", "") };
}

/** One file with the picture in it, which asks nobody for anything. */
export function filePage({ script, style }: Assets, picture: Picture): string {
  const policy = policyOf({ script, style });
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  // Text in a script element ends at the first end tag, whatever is around it.
  const data = JSON.stringify(picture).replaceAll("<", "\\u003c");
  const json = `<script type="application/json" id="picture">${data}</script>`;
  return documentOf({ script, style }, meta, json);
}

function documentOf({ script, style }: Assets, head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">${head}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>swarm map</title>
<link rel="icon" href="${ICON}">
<style>${style}</style>
</head>
<body>
<div id="map"></div>
${body}
<script>${script}</script>
</body>
</html>
`;
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E" +
  "%3Cpath d='M12 1.8 20.8 7v10L12 22.2 3.2 17V7z' fill='none' stroke='%231f5fd0' stroke-width='2.5'/%3E" +
  "%3Ccircle cx='12' cy='12' r='4' fill='%231f5fd0'/%3E%3C/svg%3E";

function policyOf({ script, style }: Assets): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
