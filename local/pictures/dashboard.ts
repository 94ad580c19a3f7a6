import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Picture } from "./picture.ts";

const address = "https://bot.example.workers.dev";

/** Returns the pictures of the dashboard. */
export async function dashboardPictures(): Promise<Picture[]> {
  const { html, stylePath, style } = await render();
  return [
    {
      name: "dashboard",
      width: 1_280,
      height: 912,
      colorScheme: "dark",
      async pose(page) {
        await page.route(`${address}/**`, (route) => {
          const { pathname } = new URL(route.request().url());
          if (pathname === "/admin") return route.fulfill({ contentType: "text/html", body: html });
          if (pathname === stylePath) return route.fulfill({ contentType: "text/css", body: style });
          return route.abort();
        });
        await page.goto(`${address}/admin`);
        // As the page's script does once it follows the fleet.
        await page
          .locator("#watching")
          .evaluate((line: HTMLElement) => (line.textContent = line.dataset["cost"] ?? ""));
      },
    },
  ];
}

// --- Internal helpers ---

/** Node reads no JSX: the page is bundled for this process. */
async function render(): ReturnType<typeof import("./dashboard-page.ts").renderDashboard> {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-pictures-"));
  const outfile = join(folder, "page.mjs");
  try {
    await build({
      entryPoints: [join(import.meta.dirname, "dashboard-page.ts")],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      logLevel: "silent",
    });
    const page: typeof import("./dashboard-page.ts") = await import(pathToFileURL(outfile).href);
    return await page.renderDashboard();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
