import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";

/** A page of a test that fails leaves a picture here. With `PICTURES=1`, every page does. Not in the repository. */
const pictures = join(import.meta.dirname, "pictures");

/** The browser of the system, or `undefined`: Playwright's own is not downloaded. */
export const chromiumPath = findChromium();

export interface Opened {
  page: Page;
  /** The complaints of the page: failed requests, errors, breaches of its policy. */
  complaints: string[];
}

if (chromiumPath === undefined) {
  process.stderr.write(
    "\nNO CHROMIUM: the browser tests of the playground are LEFT OUT. Install it, such as by apt-get install chromium.\n\n",
  );
}

/** Starts Chromium for the tests of a file. It reaches 127.0.0.1 alone. */
export function startBrowser(): { open(url: string, options?: BrowserContextOptions): Promise<Opened> } {
  let browser: Browser | undefined;
  const pictured = new Map<string, number>();
  beforeAll(async () => {
    if (chromiumPath === undefined) return;
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
    });
  });
  afterAll(() => browser?.close());

  async function takePicture(page: Page): Promise<void> {
    const name = (expect.getState().currentTestName ?? "").replace(/\W+/g, "-");
    const number = (pictured.get(name) ?? 0) + 1;
    pictured.set(name, number);
    await page.screenshot({ path: join(pictures, `${name}${number > 1 ? `-${number}` : ""}.png`) });
  }

  return {
    async open(url, options = {}) {
      if (!browser) throw new Error("Chromium has not been started.");
      const context = await browser.newContext({
        viewport: { width: 1_280, height: 860 },
        colorScheme: "dark",
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "UTC",
        ...options,
      });
      const page = await context.newPage();
      onTestFinished(async ({ task }) => {
        if (task.result?.state === "fail" || process.env["PICTURES"]) await takePicture(page);
        await context.close();
      });
      page.setDefaultTimeout(10_000);
      const complaints: string[] = [];
      page.on("requestfailed", (request) => {
        // A stream ends when its page goes.
        const reason = request.failure()?.errorText ?? "";
        if (reason !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${reason}`);
      });
      page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
      page.on("console", (line) => {
        if (line.type() === "error" || line.type() === "warning") complaints.push(line.text());
      });
      await page.goto(url);
      return { page, complaints };
    },
  };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Expects that axe finds nothing serious or critical. The page's policy forbids script tags, not this. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => ({
        id,
        nodes: nodes.slice(0, 4).map(({ html, failureSummary }) => `${html} ${failureSummary}`),
      }));
  });
  expect(found).toEqual([]);
}

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

function findChromium(): string | undefined {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // Not under this name.
    }
  }
  return undefined;
}
