import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, startBrowser } from "./browser.ts";
import { type Played, playStory } from "./fixtures/serve.ts";

const browser = startBrowser();
let story: Played;
beforeAll(async () => {
  story = await playStory();
});
afterAll(() => story.close());

/** A task that takes longer is felt. */
const longTaskMs = 50;

describe.skipIf(chromiumPath === undefined)("a channel of 2,000 messages", () => {
  it("scrolls to its start and back without a long task or a jump", async () => {
    const { page, complaints } = await browser.open(`${story.url}/channels/100/113?person=11`);
    const log = page.getByRole("log");
    await log.locator("article").nth(99).waitFor();
    const scroller = page.locator(".scroller");
    expect(await scroller.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight)).toBeLessThan(2);

    // Older pages arrive above while the reader is near the start; what is read stays where it is.
    for (let loaded = 100; loaded < 2_000; loaded += 100) {
      await scroller.evaluate((one) => one.scrollTo(0, 700));
      await log.locator("article").nth(loaded).waitFor({ state: "attached" });
    }
    expect(await log.locator("article").count()).toBe(2_000);

    const longest = await scroller.evaluate(async (one) => {
      const tasks: number[] = [];
      const observer = new PerformanceObserver((list) =>
        tasks.push(...list.getEntries().map(({ duration }) => duration)),
      );
      observer.observe({ type: "longtask" });
      for (const direction of [1, -1]) {
        for (let step = 0; step < 120; step++) {
          one.scrollBy(0, direction * 600);
          await new Promise(requestAnimationFrame);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
      observer.disconnect();
      return Math.max(0, ...tasks);
    });
    expect(longest).toBeLessThan(longTaskMs);
    expect(complaints).toEqual([]);
  });

  it("keeps the line that is being read in its place while older messages arrive above", async () => {
    const { page } = await browser.open(`${story.url}/channels/100/113?person=11`);
    const scroller = page.locator(".scroller");
    await page.locator("article").nth(99).waitFor();
    await scroller.evaluate((one) => one.scrollTo(0, 790));
    const read = page.locator("article", { hasText: "Message 1920 " });
    const topOf = () => read.evaluate((one) => one.getBoundingClientRect().top);
    const before = await topOf();
    await page.locator("article").nth(199).waitFor({ state: "attached" });
    await page.waitForTimeout(200);
    expect(Math.abs((await topOf()) - before)).toBeLessThan(40);
  });
});
