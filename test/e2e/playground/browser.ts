import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { beforeAll, expect, onTestFinished } from "vitest";

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

export interface OpenOptions extends BrowserContextOptions {
  /** Whether no other test gets this page. Default: false. */
  isOwn?: boolean;
}

interface Pages {
  open(url: string, options?: OpenOptions): Promise<Opened>;
}

const usual = { viewport: { width: 1_280, height: 860 }, colorScheme: "dark" } as const;

/** The browser, which the files that run in this process share. It ends with the process. */
let started: Promise<Browser> | undefined;
/** Pages that tests have finished with. To load another address there takes a seventh of the work of a new page. */
const idle: Page[] = [];
const pictured = new Map<string, number>();

/** Returns Chromium for the tests of a file. It reaches 127.0.0.1 alone. */
export function startBrowser(): Pages {
  beforeAll(async () => {
    if (chromiumPath === undefined) return;
    started ??= chromium.launch({
      executablePath: chromiumPath,
      args: ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
    });
    await started;
  });
  return {
    async open(url, { isOwn = false, viewport = usual.viewport, colorScheme = usual.colorScheme, ...others } = {}) {
      const isShared = !isOwn && Object.keys(others).length === 0;
      const page = (isShared ? idle.pop() : undefined) ?? (await openPage(others));
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      if (viewport) await page.setViewportSize(viewport);
      onTestFinished(async ({ task }) => {
        const isFailed = task.result?.state === "fail";
        if (isFailed || process.env["PICTURES"]) await takePicture(page);
        // A page in an unknown state is of no use to another test.
        if (isFailed || !isShared) await page.context().close();
        else idle.push(await cleared(page));
      });
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

async function openPage(options: BrowserContextOptions): Promise<Page> {
  if (!started) throw new Error("Chromium has not been started.");
  const browser = await started;
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  return page;
}

/** Returns the page as it was when it was new. */
async function cleared(page: Page): Promise<Page> {
  page.removeAllListeners();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await Promise.all([page.context().clearCookies(), page.context().clearPermissions()]);
  await page.mouse.move(0, 0);
  await page.goto("about:blank");
  return page;
}

async function takePicture(page: Page): Promise<void> {
  const name = (expect.getState().currentTestName ?? "").replace(/\W+/g, "-");
  const number = (pictured.get(name) ?? 0) + 1;
  pictured.set(name, number);
  await page.screenshot({ path: join(pictures, `${name}${number > 1 ? `-${number}` : ""}.png`) });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The rules that look at colours. */
const colourRules = ["color-contrast", "link-in-text-block"];

/** Expects that axe finds nothing serious or critical. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
}

/** Expects the same in the light and in the dark colours, which the page takes on where it is. */
export async function expectAccessibleInBothSchemes(page: Page): Promise<void> {
  for (const [colorScheme, rules] of [["light"], ["dark", colourRules]] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate((theme) => {
      const { dataset } = document.documentElement;
      // The playground keeps the theme that it had at its start.
      if (dataset["theme"] !== undefined) dataset["theme"] = theme;
    }, colorScheme);
    expect({ colorScheme, found: await violationsOf(page, rules) }).toEqual({ colorScheme, found: [] });
  }
}

/** The page's policy forbids script tags, not this. */
async function violationsOf(page: Page, rules?: readonly string[]): Promise<object[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run({ resultTypes: ["violations"], ...(only && { runOnly: only }) });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => ({
        id,
        nodes: nodes.slice(0, 4).map(({ html, failureSummary }) => `${html} ${failureSummary}`),
      }));
  }, rules);
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
