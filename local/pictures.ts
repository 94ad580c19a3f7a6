import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { runCommand } from "./command-line.ts";
import { dashboardPictures } from "./pictures/dashboard.ts";
import { playgroundPictures } from "./pictures/playground.ts";
import { startPicturedWorld } from "./pictures/world.ts";

// `npm run pictures`: the pictures of the README, the same each time on one machine.

const maxBytes = 200_000;
const usage = `Usage: npm run pictures [-- options]

Makes the pictures of the README in docs/pictures, with the system's Chromium: apt-get install chromium.
They look alike where the same fonts are installed: fonts-noto-core, fonts-noto-color-emoji, fonts-droid-fallback.

Options:
  --folder PATH      where the pictures go    (default: docs/pictures)
  -h, --help         print this help
`;

async function makePictures(folder: string): Promise<void> {
  const world = await startPicturedWorld();
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, width, height, colorScheme, pose } of [
      ...playgroundPictures(world),
      ...(await dashboardPictures()),
    ]) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "UTC",
      });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      await pose(page);
      const png = await settled(() => page.screenshot({ animations: "disabled", caret: "hide" }));
      await context.close();
      if (png.length > maxBytes) throw new Error(`The picture ${name} has ${png.length} bytes, over ${maxBytes}.`);
      writeFileSync(join(folder, `${name}.png`), png);
      process.stdout.write(`${join(folder, name)}.png  ${Math.round(png.length / 1_000)} kB\n`);
    }
  } finally {
    await browser.close();
    await world.close();
  }
}

/** Takes a picture again until it is the one before it: the page is still when what it was told has been drawn. */
async function settled(take: () => Promise<Buffer>): Promise<Buffer> {
  for (let before = await take(); ; ) {
    await sleep(300);
    const next = await take();
    if (next.equals(before)) return next;
    before = next;
  }
}

function findChromium(): string {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // Not under this name.
    }
  }
  throw new Error("There is no Chromium. Install it, such as by apt-get install chromium.");
}

await runCommand({
  usage,
  options: { folder: { type: "string", default: join(import.meta.dirname, "../docs/pictures") } },
  run: ({ values }) => makePictures(values.folder),
});
