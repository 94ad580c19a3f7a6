import { type Context, Hono } from "hono";
import { type Asset, bundlePage } from "./bundle.ts";

/** The page loads from this server alone, and sends to it alone, but for pictures of the hosts that a person has allowed. */
const policyFor = (hosts: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self' data:", ...hosts.map((host) => `https://${host}`)].join(" "),
    "media-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const headersFor = (hosts: readonly string[]) => ({
  "Content-Security-Policy": policyFor(hosts),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
});

/** The page itself is the same for every address: its script reads server, channel and person from there. */
const htmlFor = (hosts: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="pictures" content="${hosts.join(" ")}">
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

export interface PageOptions {
  /** Returns the hosts whose pictures the page may load: their names alone. Default: none. */
  pictureHosts?: () => readonly string[];
  bundle?: typeof bundlePage;
}

/** Returns the routes of the page and its files, and a function that bundles them before they are asked for. */
export function createPage({ pictureHosts = () => [], bundle = bundlePage }: PageOptions = {}) {
  const app = new Hono();
  let bundling: Promise<ReadonlyMap<string, Asset>> | undefined;
  const bundled = () => (bundling ??= bundle());

  const page = (c: Context) => {
    const hosts = pictureHosts();
    return c.html(htmlFor(hosts), 200, { ...headersFor(hosts), "Cache-Control": "no-cache" });
  };
  app.get("/", page);
  app.get("/channels/:guild/:channel?", page);
  app.get("/assets/:name", async (c) => {
    const asset = (await bundled()).get(c.req.param("name"));
    if (!asset) return c.notFound();
    const headers = { ...headersFor([]), ETag: asset.etag, "Cache-Control": "no-cache" };
    if (c.req.header("If-None-Match") === asset.etag) return c.body(null, 304, headers);
    return c.body(asset.text, 200, { ...headers, "Content-Type": asset.type });
  });

  return { app, prepare: async () => void (await bundled()) };
}
