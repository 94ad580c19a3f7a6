import { type Context, Hono } from "hono";
import { type Asset, bundlePage } from "./bundle.ts";

/** The page loads from this server alone, and sends to it alone. */
export const pageHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
};

/** The page itself is the same for every address: its script reads server, channel and person from there. */
const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>Sandpiper playground</title>
<link rel="icon" href="/cdn/icons/0/0.png">
<link rel="stylesheet" href="/assets/main.css">
<script type="module" src="/assets/main.js"></script>
</head>
<body>
<div id="app"></div>
<noscript>The playground needs JavaScript.</noscript>
</body>
</html>
`;

/** Returns the routes of the page and its files, and a function that bundles them before they are asked for. */
export function createPage(bundle: typeof bundlePage = bundlePage) {
  const app = new Hono();
  let bundling: Promise<ReadonlyMap<string, Asset>> | undefined;
  const bundled = () => (bundling ??= bundle());

  const page = (c: Context) => c.html(html, 200, { ...pageHeaders, "Cache-Control": "no-cache" });
  app.get("/", page);
  app.get("/channels/:guild/:channel?", page);
  app.get("/assets/:name", async (c) => {
    const asset = (await bundled()).get(c.req.param("name"));
    if (!asset) return c.notFound();
    const headers = { ...pageHeaders, ETag: asset.etag, "Cache-Control": "no-cache" };
    if (c.req.header("If-None-Match") === asset.etag) return c.body(null, 304, headers);
    return c.body(asset.text, 200, { ...headers, "Content-Type": asset.type });
  });

  return { app, prepare: async () => void (await bundled()) };
}
